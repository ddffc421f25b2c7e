"""The figures of choice: each definition, the recount from raw rows, what is left out."""

import csv
import os
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.service.people import ICB, OTHER_ICB, a_member, signed_in
from tests.service.referrals.choice.history import recounted, written
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    a_clinician,
    a_referral,
    a_referrer,
    a_service,
    a_slot,
    booked,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.referrals import actions
from clockstop.service.referrals.choice import Conversation
from clockstop.service.referrals.choice_figures import beside
from clockstop.service.referrals.choice_figures.counting import TABLES, Choice, counted
from clockstop.service.referrals.choice_figures.reading import By, Period, choices, year_to
from clockstop.service.referrals.choice_figures.showing import shown

SOAK = os.environ.get("CLOCKSTOP_SOAK")
PLAIN = Choice(
    group="g",
    in_scope=True,
    offered="yes",
    services=3,
    providers=2,
    independent_providers=1,
    is_chosen=True,
    chosen_is_independent=False,
    fastest_days=10,
    chosen_days=17,
    is_changed=False,
    patient_says="",
)


@pytest.mark.parametrize(
    ("table", "change", "column"),
    [
        ("offered", {}, "yes"),
        ("offered", {"offered": ""}, "not_recorded"),
        ("offered", {"in_scope": False}, None),
        ("shortlist", {"providers": 1}, "one"),
        ("shortlist", {"providers": 4}, "some"),
        ("shortlist", {"providers": 5}, "enough"),
        ("shortlist", {"providers": 0}, None),
        ("saving", {}, "left"),
        ("saving", {"chosen_days": 10}, "taken"),
        ("saving", {"chosen_days": None}, "not_known"),
        ("saving", {"services": 1}, None),
        ("saving", {"is_changed": True}, None),
        ("saving", {"is_chosen": False}, None),
        ("independent", {}, "shortlisted"),
        ("independent", {"chosen_is_independent": True}, "chosen"),
        ("independent", {"independent_providers": 0}, "none"),
        ("told", {}, None),
        ("told", {"patient_says": "no"}, "no_yes"),
        ("told", {"patient_says": "no", "offered": ""}, "no_not_recorded"),
    ],
)
def test_each_referral_has_its_column(table, change, column):
    assert TABLES[table].column_of(replace(PLAIN, **change)) == column


A_CHOICE = st.builds(
    Choice,
    group=st.sampled_from("abc"),
    in_scope=st.booleans(),
    offered=st.sampled_from(["yes", "no", ""]),
    services=st.integers(0, 8),
    providers=st.integers(0, 8),
    independent_providers=st.integers(0, 3),
    is_chosen=st.booleans(),
    chosen_is_independent=st.booleans(),
    fastest_days=st.none() | st.integers(0, 90),
    chosen_days=st.none() | st.integers(0, 90),
    is_changed=st.booleans(),
    patient_says=st.sampled_from(["yes", "no", ""]),
)


@given(st.lists(A_CHOICE, max_size=40))
def test_nothing_small_is_shown_and_nothing_that_gives_it_away(many):
    names = {each: each.upper() for each in "abc"}
    for table in shown(many, names, threshold=5):
        for line in table.lines:
            assert not any(each is not None and 0 < each < 5 for each in (*line.cells, line.total))
            if None in line.cells:
                assert set(line.means) <= {None}
        total, *groups = table.lines
        for at, known in enumerate(total.cells):
            missing = [line for line in groups if line.cells[at] is None]
            assert known is None or len(missing) != 1


@given(st.lists(A_CHOICE, max_size=40))
def test_the_columns_of_offered_are_all_that_are_in_scope(many):
    for group, tally in counted(many).items():
        wanted = sum(each.in_scope for each in many if each.group == group)
        assert tally.cells["offered"].total() == wanted
        assert tally.out_of_scope == sum(not each.in_scope for each in many if each.group == group)


def test_the_period_is_this_month_and_eleven_before():
    assert year_to(date(2026, 11, 22)) == Period(date(2025, 12, 1), date(2026, 11, 22))
    assert year_to(date(2026, 12, 1)).first == date(2026, 1, 1)


def check_against_the_recount(number):
    scripts, period = written(number), year_to(timezone.localdate())
    cells, means = recounted(scripts, period)
    assert cells
    for by in By:
        for icb in ("", ICB):
            tallies = counted(choices(period, by, icb))
            wanted = {key[2]: each for key, each in cells.items() if key[:2] == (by.value, icb)}
            ours = {group: _flat(tally) for group, tally in tallies.items() if tally.cells}
            assert ours == wanted, (by, icb)
            for group in wanted:
                assert _told(tallies[group].means) == pytest.approx(means[by.value, icb, group])


def _flat(tally):
    return {
        (slug, column): number
        for slug, each in tally.cells.items()
        for column, number in each.items()
    }


def _told(means):
    return {
        "providers": means.providers,
        "median": means.median_providers,
        "services": means.services,
        "left": means.days_left,
    }


@pytest.mark.django_db
def test_the_figures_equal_a_recount_from_the_raw_rows():
    check_against_the_recount(300)


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 100,000 referrals")
def test_the_figures_equal_a_recount_of_a_hundred_thousand():
    check_against_the_recount(100_000)


@pytest.mark.django_db
def test_what_the_actions_write_is_what_is_counted():
    """The same through the front door: a shortlist, a conversation, a booking."""
    actor, here, there = a_referrer(), a_service(), a_service(OTHER_HOSPITAL)
    soon, late = (
        a_slot(each, timezone.now() + timedelta(days=n)) for each, n in ((there, 5), (here, 30))
    )
    referral = a_referral(
        here, there, actor=actor, conversation=Conversation(offered=True, channel="surgery")
    )
    actions.book(actor=actor, referral_id=referral.pk, slot_id=late.pk)
    (found,) = choices(year_to(timezone.localdate()), By.PRACTICE)
    assert (found.offered, found.providers, found.services) == ("yes", 2, 2)
    assert found.chosen_days - found.fastest_days == 25
    assert soon.status == "free"


@pytest.mark.django_db
def test_rejections_are_told_by_provider_and_reason():
    period = year_to(timezone.localdate())
    for reason in (
        "SERVICE_INAPPROPRIATE",
        "SERVICE_INAPPROPRIATE",
        "FURTHER_INFORMATION_REQUIRED",
    ):
        actions.reject(actor=a_clinician(), referral_id=booked().pk, reason=reason)
    triage = a_referral(a_service(takes_triage=True), triage=True)
    actions.return_with_advice(actor=a_clinician(), referral_id=triage.pk, comment="Wait")
    table = beside.rejections(period)
    counts = dict(zip(table.columns, table.rows["RAA"], strict=True))
    assert sorted(counts.values()) == [1, 1, 2]
    assert counts["Returned with advice"] == 1
    assert not beside.rejections(period, OTHER_ICB).rows


@pytest.mark.django_db
def test_where_triage_sends_people():
    period, service = year_to(timezone.localdate()), a_service(takes_triage=True)
    kept, sent, stuck = (a_referral(service, triage=True) for _ in range(3))
    actions.accept_book_later(actor=a_clinician(), referral_id=kept.pk)
    actions.return_with_advice(actor=a_clinician(), referral_id=sent.pk, comment="Elsewhere")
    other, actor = a_service(OTHER_HOSPITAL), a_referrer()
    actions.change_shortlist(actor=actor, referral_id=sent.pk, services=[other.pk])
    actions.book(actor=actor, referral_id=sent.pk, slot_id=a_slot(other).pk)
    assert stuck.state == "AWAITING_TRIAGE"
    assert beside.onward(period).rows == {"RAA": [1, 1, 1]}


@pytest.mark.django_db
def test_unused_times_and_advice_are_counted():
    period, service = year_to(timezone.localdate()), a_service(takes_advice=True)
    gone = timezone.now() - timedelta(hours=1)
    a_slot(service, gone)
    a_slot(service, gone, status="booked")
    a_slot(service, gone, status="withdrawn")
    a_slot(service)
    assert beside.unused_slots(period).rows == {"C_110": [1, 1]}
    referral = a_referral()
    for asked in (True, False):
        actions.ask(
            actor=a_referrer(),
            patient=referral.patient,
            service_id=service.pk,
            question="?",
            referral_was_asked=asked,
        )
    assert beside.advice(period).rows == {"RAA": [0, 1, 1]}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ANALYST, Role.ICB_HUB])
def test_an_icb_reads_its_own_and_nobody_elses(role):
    written(120)
    client = signed_in(Client(), a_member(role, ICB))
    for by in ("specialty", "practice", "month", "referrer"):
        page = client.get(reverse("choice"), {"by": by})
        assert page.status_code == 200
        assert "Was choice offered?" in page.content.decode()
    text = client.get(reverse("choice_file"), {"by": "practice"}).content.decode()
    rows = list(csv.DictReader(StringIO(text)))
    (total,) = (
        row["value"]
        for row in rows
        if (row["table"], row["group"], row["measure"]) == ("Was choice offered?", "All", "All")
    )
    own = counted(choices(year_to(timezone.localdate()), By.ICB))[ICB]
    assert int(total) == own.cells["offered"].total()
    assert client.get(reverse("choice"), {"by": "icb"}).status_code == 404


@pytest.mark.django_db
def test_somebody_without_an_icb_reads_nothing():
    client = signed_in(Client(), a_member(Role.ANALYST, "X24", icb_code=""))
    assert client.get(reverse("choice")).status_code == 404
