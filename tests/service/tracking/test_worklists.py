"""Each worklist's rule at its edges, and the overdue reviews against a reading row by row."""

from copy import copy
from random import Random

import pytest
from tests.service.people import OTHER_HOSPITAL, an_actor
from tests.service.tracking.listed import ago, ahead, an_entry, today

from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.models import Review
from clockstop.service.pathways.reviews import open_review
from clockstop.service.tracking.counted import counted
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.intervals import intervals_on, review_intervals_on
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.worklists import WORKLISTS, review_was_due

pytestmark = pytest.mark.django_db
LONG = {"clock_start": ago(85)}  # a day over 12 weeks

RULES = [
    # worklist, what the row holds, whether it is found
    ("validation", LONG, True),
    ("validation", {"clock_start": ago(84)}, False),
    ("validation", LONG | {"validated_on": ago(84)}, False),
    ("validation", LONG | {"validated_on": ago(85)}, True),
    ("validation", LONG | {"next_appointment": ahead(28)}, False),
    ("validation", LONG | {"next_appointment": ahead(29)}, True),
    ("validation", LONG | {"tci_date": today()}, False),
    ("validation", LONG | {"tci_date": ago(1)}, True),
    ("validation", LONG | {"last_seen": ago(84)}, False),
    ("validation", LONG | {"last_seen": ago(85)}, True),
    ("validation", LONG | {"decided_to_admit": ago(10)}, False),
    ("validation", LONG | {"state": "monitoring"}, False),
    ("validation", {"clock_start": None, "start_unknown": True}, False),
    ("outcomes", {"outcome_missing_since": ago(1)}, True),
    ("outcomes", {"outcome_missing_since": ago(1), "state": "closed"}, False),
    ("outcomes", {}, False),
    ("clocks", {"findings": "start_differs"}, True),
    ("clocks", {"clock_start": None, "start_unknown": True}, True),
    ("clocks", {}, False),
    ("follow-ups", {"state": "follow_up", "follow_up_due": ago(1)}, True),
    ("follow-ups", {"state": "follow_up", "follow_up_due": today()}, False),
    ("follow-ups", {"state": "closed", "follow_up_due": ago(1)}, False),
    ("monitoring", {"state": "monitoring", "monitoring_since": ago(85)}, True),
    ("monitoring", {"state": "monitoring", "monitoring_since": ago(84)}, False),
    (
        "monitoring",
        {"state": "monitoring", "monitoring_since": ago(400), "monitoring_reviewed": ago(84)},
        False,
    ),
    ("monitoring", {"state": "waiting", "monitoring_since": ago(85)}, False),
    ("priority-reviews", {"procedure_priority": "P2", "priority_reviewed": ago(29)}, True),
    ("priority-reviews", {"procedure_priority": "P2", "priority_reviewed": ago(28)}, False),
    ("priority-reviews", {"procedure_priority": "P3", "priority_reviewed": ago(29)}, False),
    ("priority-reviews", {"procedure_priority": "P2", "clock_start": ago(29)}, True),
    (
        "priority-reviews",
        {"procedure_priority": "P2", "clock_start": ago(29), "decided_to_admit": ago(3)},
        False,
    ),
    ("priority-reviews", {"diagnostic_priority": "D2", "priority_reviewed": ago(15)}, True),
    ("priority-reviews", {"priority_reviewed": ago(400)}, False),
    (
        "priority-reviews",
        {"procedure_priority": "P2", "priority_reviewed": ago(29), "state": "follow_up"},
        False,
    ),
]


@pytest.mark.parametrize(("slug", "held", "is_found"), RULES)
def test_a_rule_at_its_edges(slug, held, is_found):
    row = an_entry(**held)
    own = OwnList(an_actor(), Filter(worklist=slug), today())
    assert (row in own.rows) == is_found
    assert counted(own.actor, today()).by_slug[slug] == is_found


def test_every_worklist_has_rules_here():
    assert {slug for slug, *_ in RULES} | {"duplicates"} == set(WORKLISTS)


@pytest.mark.parametrize("provider", ["RAA", OTHER_HOSPITAL])
def test_a_likely_duplicate_is_found_by_its_open_review_alone(provider):
    row = an_entry(provider)
    actor = an_actor(organisation_code=provider)
    rows = OwnList(actor, Filter(worklist="duplicates"), today()).rows
    other = OwnList(an_actor(organisation_code="RXX"), Filter(worklist="duplicates"), today()).rows
    assert not rows.all().exists()
    assert counted(actor, today()).by_slug["duplicates"] == 0
    review = open_review(row.pathway, Review.Kind.LIKELY_DUPLICATE, SYSTEM, about="x")
    open_review(an_entry(provider).pathway, Review.Kind.NOT_BROUGHT, SYSTEM, about="y")
    assert list(rows.all()) == [row]
    assert counted(actor, today()).by_slug["duplicates"] == 1
    assert not other.exists()
    Review.objects.filter(pk=review.pk).update(closed_at="2026-01-01T00:00Z", closed_by="x")
    assert not rows.all().exists()


def test_overdue_reviews_are_those_of_a_reading_row_by_row():
    random = Random(5)
    codes = [*review_intervals_on(today()), "", ""]
    surgical, diagnostic = ([c for c in codes if c[:1] in (kind, "")] for kind in "PD")
    rows = [
        an_entry(
            state=random.choice(["waiting", "waiting", "test", "planned"]),
            clock_start=random.choice([None, ago(random.randint(0, 300))]),
            decided_to_admit=random.choice([None, ago(random.randint(0, 300))]),
            priority_reviewed=random.choice([None, ago(random.randint(0, 200))]),
            procedure_priority=random.choice(surgical),
            diagnostic_priority=random.choice(diagnostic),
        )
        for _ in range(80)
    ]
    wanted = {row.pk for row in rows if review_was_due(row, today())}
    own = OwnList(an_actor(), Filter(worklist="priority-reviews"), today())
    assert 0 < len(wanted) < len(rows)
    assert set(own.rows.values_list("pk", flat=True)) == wanted
    plain = OwnList(own.actor, Filter(over=500), today())
    in_plain = {row.pk for row in rows if row.state == "waiting"} & wanted
    assert plain.overdue_reviews() == len(in_plain)
    held = counted(own.actor, today())
    assert held.by_slug["priority-reviews"] == len(wanted)
    assert held.by_code == _by_code(rows)


def _by_code(rows):
    """One code at a time, so that a row with two counts for each that is overdue by itself."""
    found = {}
    for code in review_intervals_on(today()):
        name = "procedure_priority" if code.startswith("P") else "diagnostic_priority"
        alone = [copy(row) for row in rows if getattr(row, name) == code]
        for row in alone:
            row.procedure_priority = row.diagnostic_priority = ""
            setattr(row, name, code)
        due = sum(review_was_due(row, today()) is not None for row in alone)
        found |= {code: due} if due else {}
    return found


def test_a_list_that_stays_is_counted_once_but_for_its_reviews(django_assert_num_queries):
    row = an_entry(**LONG)
    actor = an_actor()
    before = counted(actor, today())
    with django_assert_num_queries(2):  # the mark, and the open reviews
        assert counted(actor, today()) == before
    ListEntry.objects.filter(pk=row.pk).update(validated_on=today())
    assert counted(actor, today()).validated == before.validated + 1


def test_the_share_that_is_validated_is_of_those_who_should_be():
    for held in (LONG, LONG | {"validated_on": ago(3)}, {"clock_start": ago(3)}):
        an_entry(**held)
    held = counted(an_actor(), today())
    assert (held.cohort, held.validated) == (2, 1)


def test_every_interval_says_where_it_is_from_and_how_sure_it_is():
    for each in intervals_on(today()).values():
        assert each.source
        assert each.label
        assert each.status in ("found", "to verify", "design")
    assert intervals_on(today())["review_P2"].words == "4 weeks"
    assert intervals_on(today())["review_P1A"].words == "1 day"
