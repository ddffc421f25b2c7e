"""A filter goes through an address unchanged, and means the rows that one would pick by hand."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from tests.service.people import HOSPITAL, a_member, an_actor
from tests.service.tracking.listed import ago, ahead, an_entry, today

from clockstop.core.rtt.waiting import is_over
from clockstop.service.pathways.protections import age_on
from clockstop.service.tracking import filters
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.forms import FilterForm, filter_form
from clockstop.service.tracking.groups import AGES, latest_birth
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.models import Handling, ListEntry

WEEKS = st.none() | st.integers(0, 200)


def options(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([value for value, _ in FilterForm.base_fields[name].choices])


@st.composite
def drawn(draw) -> Filter:
    names = ("worklist", "event", "priority", "code", "cancer", "late", "deprivation", "ethnic")
    more = ("age", "sex", "returns", "specialty")
    values: dict[str, Any] = {name: draw(options(name)) for name in (*names, *more)}
    values["state"] = draw(options("state")) or "waiting"
    values["sort"] = draw(options("sort")) or filters.BY_PRIORITY
    values["over"] = draw(WEEKS)
    values["within"] = draw(WEEKS.filter(lambda n: n is None or n > (values["over"] or 0)))
    values["by"] = draw(st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    values["breach"] = draw(WEEKS) if values["by"] else None
    values["days"] = draw(st.none() | st.integers(0, 730))
    values["owner"] = draw(st.just("") | st.just("none") | st.uuids().map(str))
    values["provider"] = draw(st.sampled_from(["", "RAA", "R1H01"]))
    return Filter(**values)


@given(drawn())
def test_a_filter_goes_through_an_address_unchanged(asked):
    form = filter_form(QueryDict(asked.query).dict())
    assert form.is_valid(), form.errors
    assert form.asked == asked


def test_the_plain_list_has_no_query():
    assert Filter().query == ""


@given(drawn(), st.sampled_from(["over", "event", "age", "breach", "by", "state"]))
def test_a_condition_is_taken_away_with_what_belongs_to_it(asked, name):
    without = asked.without(name)
    assert name not in without.asked
    assert set(without.asked) <= set(asked.asked)
    if name in ("breach", "by"):
        assert (without.breach, without.by) == (None, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("over=x", "over"),
        ("over=-1", "over"),
        ("within=18&over=18", "within"),
        ("breach=52", "by"),
        ("by=2027-02-30", "by"),
        ("by=next+year", "by"),
        ("specialty=C_1", "specialty"),
        ("owner=Grace", "owner"),
        ("sort=name", "sort"),
        ("provider=R'--", "provider"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_field(query, field):
    form = filter_form(QueryDict(query).dict())
    assert not form.is_valid()
    assert list(form.errors) == [field]


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_every_age_is_in_one_band(born, day):
    age = age_on(born, day)
    bands = [
        each
        for each in AGES.values()
        if born <= latest_birth(day, each.youngest)
        and (each.oldest is None or born > latest_birth(day, each.oldest + 1))
    ]
    assert len(bands) == 1
    assert bands[0].youngest <= age
    assert bands[0].oldest is None or age <= bands[0].oldest


# --- against rows that are looked at one by one


def a_random_row(random: Random, organisation: str = HOSPITAL) -> ListEntry:
    some = lambda make, share=0.6: make() if random.random() < share else None  # noqa: E731
    return an_entry(
        organisation,
        state=random.choice(["waiting"] * 5 + ["monitoring", "closed", "follow_up", "test"]),
        clock_start=some(
            lambda: ago(random.choice([125, 126, 127, 364, 365, random.randint(0, 800)])), 0.9
        ),
        treatment_function=random.choice(["C_110", "C_130"]),
        priority=random.choice("1123"),
        procedure_priority=random.choice(["", "", "P2", "P4"]),
        diagnostic_priority=random.choice(["", "", "D2"]),
        on_cancer_list=random.random() < 0.1,
        next_appointment=some(lambda: ahead(random.randint(-20, 60))),
        tci_date=some(lambda: ahead(random.randint(-20, 60)), 0.3),
        decided_to_admit=some(lambda: ago(random.randint(0, 100)), 0.3),
        in_returns=random.random() < 0.8,
        deprivation_decile=some(lambda: random.randint(1, 10)),
        ethnic_category=random.choice(["", "A", "N", "Z"]),
        birth_date=ago(random.randint(0, 90 * 365)),
        sex=random.choice("129"),
    )


def fits(row: ListEntry, asked: Filter, handled: dict[Any, Handling]) -> bool:
    """Whether a row is meant, said one condition at a time."""
    day, start = today(), row.clock_start
    handling = handled.get(row.pk)
    dates = [each for each in (row.next_appointment, row.tci_date) if each and each >= day]
    codes = {row.procedure_priority, row.diagnostic_priority}
    is_cancer = row.priority == "3" or row.on_cancer_list
    decile = row.deprivation_decile
    quintile = (decile + 1) // 2 if decile else None
    age = age_on(row.birth_date, day)
    event = {
        "": True,
        "booked": bool(dates),
        "none": not dates,
        "no_admission": row.decided_to_admit is not None
        and (row.tci_date is None or row.tci_date < day),
    }
    owner = handling.owner if handling else ""
    due = handling.due if handling else None
    return all(
        [
            row.state != "closed" if asked.state == "any" else row.state == asked.state,
            asked.over is None or (start and is_over((day - start).days, asked.over)),
            asked.within is None or (start and not is_over((day - start).days, asked.within)),
            asked.breach is None or (start and is_over((asked.by - start).days, asked.breach)),
            event[asked.event],
            asked.days is None or any(each <= day + timedelta(days=asked.days) for each in dates),
            asked.specialty in ("", row.treatment_function),
            asked.priority in ("", row.priority),
            asked.sex in ("", row.sex),
            not asked.code or (codes == {""} if asked.code == "none" else asked.code in codes),
            not asked.cancer or is_cancer == (asked.cancer == "yes"),
            not asked.returns or row.in_returns == (asked.returns == "yes"),
            asked.ethnic in ("", row.ethnic_category or "unknown"),
            asked.deprivation in ("", str(decile or "unknown"), f"q{quintile}"),
            not asked.age or AGES[asked.age].youngest <= age <= (AGES[asked.age].oldest or 200),
            not asked.owner or (owner or "none") == asked.owner,
            not asked.late or (due is not None and due < day),
        ]
    )


def a_random_filter(random: Random, owner: str) -> Filter:
    every: dict[str, list[Any]] = {
        "state": ["any", "monitoring", "waiting"],
        "over": [0, 17, 18, 52],
        "within": [18, 52, 80],
        "event": ["booked", "none", "no_admission"],
        "days": [0, 14, 40],
        "specialty": ["C_110"],
        "priority": ["1", "2"],
        "code": ["P2", "D2", "none"],
        "cancer": ["yes", "no"],
        "returns": ["yes", "no"],
        "sex": ["1"],
        "ethnic": ["A", "unknown"],
        "deprivation": ["3", "q1", "unknown"],
        "age": list(AGES),
        "owner": [owner, "none"],
        "late": ["yes"],
    }
    asked = {name: random.choice(every[name]) for name in random.sample(sorted(every), 2)}
    if random.random() < 0.3:
        asked |= {"breach": random.choice([18, 52]), "by": ahead(random.randint(0, 300))}
    return Filter(**asked)


@pytest.mark.django_db
def test_a_filter_means_the_rows_that_one_would_pick_by_hand():
    random = Random(7)
    actor, owner = an_actor(), str(a_member().person.pk)
    rows = [a_random_row(random) for _ in range(60)]
    a_random_row(random, "RBB")
    handled = {}
    for row in random.sample(rows, 20):
        handled[row.pk] = Handling.objects.create(
            icb_code=row.icb_code,
            pathway=row.pathway,
            organisation_code=HOSPITAL,
            owner=random.choice([owner, ""]),
            due=ago(random.randint(-5, 5)),
        )
    found = 0
    for asked in (a_random_filter(random, owner) for _ in range(150)):
        own = OwnList(actor, asked, today())
        wanted = {row.pk for row in rows if fits(row, asked, handled)}
        assert set(own.rows.values_list("pk", flat=True)) == wanted, asked
        assert own.tally().fitting(asked, today()) == len(wanted), asked
        found += len(wanted)
    assert found
