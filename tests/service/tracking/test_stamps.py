"""What is counted of a list is counted anew once anything of the list has changed."""

import pytest
from django.db import transaction
from tests.service.people import OTHER_HOSPITAL, an_actor
from tests.service.tracking.listed import ago, an_entry, today

from clockstop.service.tracking import tallies
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.models import ListEntry, ListStamp

pytestmark = pytest.mark.django_db


def marks() -> dict[str, str]:
    return dict(ListStamp.objects.values_list("organisation_code", "mark"))


def in_bulk():
    ListEntry.objects.update(clock_start=ago(weeks=60))


def with_conflicts():
    row = ListEntry.objects.filter(organisation_code="RAA").first()
    row.state = "monitoring"
    ListEntry.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["pathway"], update_fields=["state"]
    )


def moved():
    row = ListEntry.objects.filter(organisation_code="RAA").first()
    ListEntry.objects.filter(pk=row.pk).update(organisation_code=OTHER_HOSPITAL)


CHANGES = {
    "a new row": an_entry,
    "all rows": in_bulk,
    "rows put in again": with_conflicts,
    "a row moved to another provider": moved,
    "a row removed": lambda: ListEntry.objects.filter(organisation_code="RAA").delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_at_once(change):
    an_entry()
    an_entry(OTHER_HOSPITAL)
    own = OwnList(an_actor(), Filter(), today())
    before, marked = own.tally(), marks()
    assert before.all == own.rows.count()
    change()
    after = own.tally()
    assert marks()["RAA"] != marked["RAA"]
    assert after.all == own.rows.count()
    assert after.over(52, today()) == own.rows.filter(clock_start__lt=ago(weeks=52)).count()


def test_a_list_that_stays_is_counted_once(django_assert_num_queries):
    an_entry()
    own = OwnList(an_actor(), Filter(), today())
    own.tally()
    with django_assert_num_queries(1):  # the mark
        own.tally()


def test_a_change_of_another_list_leaves_the_count():
    an_entry()
    before = marks()
    an_entry(OTHER_HOSPITAL)
    assert marks()["RAA"] == before["RAA"]


def test_a_mark_that_was_undone_never_comes_back():
    an_entry()
    own, seen = OwnList(an_actor(), Filter(), today()), set()
    for _ in range(3):
        with transaction.atomic():
            an_entry()
            seen.add(marks()["RAA"])
            assert own.tally().all == own.rows.count() == 2
            transaction.set_rollback(True)
        assert own.tally().all == 1
    assert len(seen) == 3


def test_only_so_many_counts_are_kept(monkeypatch):
    an_entry()
    tallies._kept.clear()
    monkeypatch.setattr(tallies, "_MOST", 3)
    for weeks in range(5):
        own = OwnList(an_actor(), Filter(event="booked", days=weeks), today())
        own.tally()
    assert len(tallies._kept) == 3
