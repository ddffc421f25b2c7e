"""Orders: cancer first in each, nobody left out or told twice, on whatever page."""

from random import Random

import pytest
from tests.service.people import an_actor
from tests.service.tracking.listed import ago, ahead, an_entry, today
from tests.service.tracking.test_filters import a_random_row

from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking import ordering
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.ordering import SORTS, keys_of_page, page, streamed
from clockstop.service.tracking.ranks import CANCER, RANKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    random = Random(11)
    for _ in range(47):
        a_random_row(random)
    return ListEntry.objects.visible_to(an_actor())


def everything(rows, sort):
    return [key for (key,) in streamed(rows, sort, today(), ("pk",))]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_put_together_are_the_whole_list(rows, sort, monkeypatch):
    monkeypatch.setattr(ordering, "PAGE", 5)
    pages = [keys_of_page(rows, sort, today(), start) for start in range(0, 50, 5)]
    assert [key for each in pages for key in each] == everything(rows, sort)
    assert len(set(everything(rows, sort))) == 47
    assert keys_of_page(rows, sort, today(), 100) == []


@pytest.mark.parametrize("sort", SORTS)
def test_cancer_stands_first_in_every_order(rows, sort):
    ranks = [rows.get(pk=key).clinical_rank for key in everything(rows, sort)]
    first = [rank for rank in ranks if rank == CANCER]
    assert first
    assert ranks[: len(first)] == first


def test_priority_comes_before_the_wait_and_the_longest_wait_before_others():
    rows = {
        "routine, long": an_entry(clock_start=ago(900)),
        "put off": an_entry(clock_start=ago(950), procedure_priority="P5"),
        "urgent": an_entry(priority="2", clock_start=ago(3)),
        "urgent, put off": an_entry(priority="2", clock_start=ago(2), procedure_priority="P6"),
        "P3": an_entry(procedure_priority="P3", clock_start=ago(2)),
        "P2 by its test": an_entry(diagnostic_priority="D2", clock_start=ago(2)),
        "P1": an_entry(procedure_priority="P1B", clock_start=ago(1)),
        "cancer list": an_entry(on_cancer_list=True, clock_start=ago(1)),
        "suspected": an_entry(priority="3", clock_start=ago(2)),
        "suspected, unknown": an_entry(priority="3", clock_start=None, start_unknown=True),
        "routine, short": an_entry(procedure_priority="P4", clock_start=ago(1)),
    }
    names = {row.pk: name for name, row in rows.items()}
    found = [names[key] for key in everything(ListEntry.objects.all(), "priority")]
    assert found == [
        *("suspected, unknown", "suspected", "cancer list", "P1", "P2 by its test"),
        *("urgent", "urgent, put off", "P3", "routine, long", "routine, short", "put off"),
    ]
    assert {row.clinical_rank for row in ListEntry.objects.all()} == set(RANKS)


def test_the_soonest_date_is_of_whichever_kind_and_never_past():
    late = an_entry(next_appointment=ahead(9), tci_date=ahead(20))
    none = an_entry(next_appointment=ago(2), tci_date=ago(1))
    soon = an_entry(next_appointment=ago(2), tci_date=ahead(3))
    now = an_entry(next_appointment=today(), tci_date=ahead(2))
    rows = ListEntry.objects.all()
    assert everything(rows, "date") == [now.pk, soon.pk, late.pk, none.pk]


def test_a_page_asks_the_store_the_same_however_long_it_is(rows, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = page(rows, "priority", today(), 0)
        assert [each.pathway.patient.name for each in found]


def test_whoever_sees_a_row_in_step_sees_its_pathway(rows):
    actor = an_actor()
    seen = Pathway.objects.visible_to(actor).filter(pk__in=rows.values("pk"))
    assert seen.count() == rows.count() == 47
