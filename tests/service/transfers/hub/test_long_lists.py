"""Lists of tens of thousands: each page in the order of the whole, and no row read but its own."""

from random import Random

import pytest
from django.db import connection
from tests.service.people import ICB, OTHER_ICB, a_member
from tests.service.transfers.asking.asked import an_asked_request
from tests.service.transfers.made_up import a_manager, an_open_request, days_ago, days_ahead

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.transfers.actions import matching
from clockstop.service.transfers.hub import lists
from clockstop.service.transfers.models import AidRequest, Match, PatientRequest
from clockstop.service.transfers.paging import KeyPaginator
from clockstop.service.transfers.reviewing.rows import LISTS, listed, numbers

pytestmark = pytest.mark.django_db
FILTERS = (
    lists.Filter(),
    lists.Filter(priority="2"),
    lists.Filter(specialty="C_110", distance="50"),
    lists.Filter(distance="any", late=True),
)


@pytest.fixture
def hub():
    return a_member(Role.ICB_HUB, "", ICB).as_actor()


def many(number=16, seed=5):
    """Requests as different as they may be: whatever they are put in order by comes twice."""
    random = Random(seed)
    for _ in range(number):
        AidRequest.objects.filter(pk=an_open_request().pk).update(
            due=random.choice([days_ago(3), days_ahead(2)]),
            priority=random.choice(["", "P1a", "P2", "P3", "D2"]),
            waiting_since=random.choice([days_ago(400), days_ago(200)]),
            distance=random.choice([None, 50, 100]),
            national=random.choice([True, False]),
        )


def by_hand(row):
    """The order that is promised, without the store."""
    return row.due, row.priority[1:2] or "4", row.waiting_since, row.pk.hex


@pytest.mark.parametrize("by", FILTERS)
def test_the_pages_of_the_board_are_its_rows_in_their_order(hub, by):
    many()
    today = days_ago(0)
    found = [each for each in KeyPaginator(lists.board(hub, "open", by, today), 5) for each in each]
    rows = [each for each in AidRequest.objects.all() if _is_cut_by(by, each, today)]
    assert [each.reference for each in found] == [
        each.reference for each in sorted(rows, key=by_hand)
    ]
    assert found


def _is_cut_by(by, row, today):
    far = {"50": row.distance == 50, "any": row.distance is None, "": True}
    return (
        far[by.distance]
        and by.specialty in {"", row.treatment_function}
        and by.priority in {"", row.priority[1:2] or "4"}
        and (not by.late or row.due < today)
    )


def test_the_pages_of_the_pool_are_in_order_of_priority_and_wait(hub):
    many()
    found = [
        row for page in KeyPaginator(lists.pool(hub, FILTERS[0], days_ago(0)), 3) for row in page
    ]
    rows = AidRequest.objects.filter(national=True)
    assert [each.pk for each in found] == [
        each.pk for each in sorted(rows, key=lambda row: by_hand(row)[1:])
    ]


def is_by(index, rows):
    """Whether rows are found by an index that has them in their order; and how it is done.

    PostgreSQL reads a short table as it likes, even where it is told not to read it whole.
    """
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
        told = rows.explain()
        return "Seq Scan" not in told, told
    told = rows.explain()
    return f"INDEX {index}" in told and "TEMP B-TREE FOR ORDER" not in told, told


@pytest.mark.parametrize("tab", [tab for tab, (_, states) in lists.TABS.items() if not states[1:]])
@pytest.mark.parametrize("by", FILTERS)
def test_an_index_cuts_and_orders_the_board(hub, tab, by):
    found, told = is_by("aid_hub_board", lists.board(hub, tab, by, days_ago(0)))
    assert found, told


@pytest.mark.parametrize("by", FILTERS)
def test_an_index_cuts_and_orders_the_pool(hub, by):
    found, told = is_by("aid_national_pool", lists.pool(hub, by, days_ago(0)))
    assert found, told


def test_an_index_alone_counts_the_board_and_what_patients_asked(hub):
    for index, rows in (
        ("aid_hub_board", lists.board(hub, "moving", lists.Filter(), days_ago(0))),
        ("asked_of_icb", lists.asked(hub)),
    ):
        found, told = is_by(index, rows.order_by().values_list("pk"))
        assert found, told
        assert connection.vendor == "postgresql" or "COVERING" in told, told


def test_the_queue_counts_each_list_in_one_question(django_assert_num_queries):
    for state in ("REQUESTED", "REQUESTED", "CHOOSING"):
        PatientRequest.objects.filter(pk=an_asked_request().pk).update(state=state)
    actor = a_manager()
    with django_assert_num_queries(1):
        found = numbers(actor)
    assert found == {word: listed(actor, word).count() for word in LISTS}
    assert found["review"] == 2
    assert found["patient"] == 1


def test_what_a_run_proposed_is_read_in_order_of_priority_and_wait_by_its_hub_alone(hub):
    many(8)
    made = matching.run(ICB, SYSTEM)
    found = [each.request for each in Match.objects.visible_to(hub).filter(run=made).order_by("pk")]
    assert [each.pk for each in found] == [
        each.pk for each in sorted(AidRequest.objects.all(), key=lambda row: by_hand(row)[1:])
    ]
    assert not Match.objects.visible_to(a_manager()).exists()
    other = a_member(Role.ICB_HUB, "", OTHER_ICB).as_actor()
    assert not Match.objects.visible_to(other).exists()
