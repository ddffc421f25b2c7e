"""Scanning lists: the conditions say what the pure rule says, and a scan does its work once."""

import json
import random
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, OTHER_ICB, a_patient
from tests.service.tracking.listed import ago, ahead, an_entry, today
from tests.service.transfers.asking.asked import an_asked_request

from clockstop.core.rulebook.eligibility import against, profiles_on
from clockstop.core.state_tables import StepRefusedError
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways.models import HospitalRecord
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers.actions.asking.conditions import conditions, facts_of
from clockstop.service.transfers.actions.asking.scanning import scan, why_not
from clockstop.service.transfers.models import EligibilityScan, PatientRequest
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db
LIVE = "LIVE-2023"
_DAYS = (None, *(ago(-n) for n in (-1, 0, 1, 55, 56, 57, 125, 126, 127, 128, 300)))


def an_odd_entry(chance: random.Random) -> ListEntry:
    """A row with anything in it, half of them at the edge of a rule."""
    patient = a_patient(
        birth_date=chance.choice([ago(365 * 40), ago(365 * 18 + 4), ago(365 * 18 + 5), ago(900)]),
        sensitive=chance.random() < 0.1,
        practice_code=chance.choice(["A81001", "W91001"]),
        died_on=chance.choice([None, None, None, ago(2)]),
    )
    entry = an_entry(
        patient=patient,
        birth_date=patient.birth_date,
        state=chance.choice([*State.values, *["waiting"] * 8]),
        clock_start=chance.choice([None, *(ago(n) for n in (10, 126, 127, 182, 183, 280, 281))]),
        last_seen=chance.choice([None, ago(20)]),
        next_appointment=chance.choice(_DAYS),
        tci_date=chance.choice(_DAYS),
        procedure_priority=chance.choice(["", "P1A", "P2", "P3", "P5"]),
        diagnostic_priority=chance.choice(["", "", "", "D1", "D6"]),
        priority_reviewed=chance.choice([None, ago(5), ago(100)]),
        priority=chance.choice(["1", "1", "1", "2", "3"]),
        on_cancer_list=chance.random() < 0.1,
        in_returns=chance.random() < 0.9,
    )
    if chance.random() < 0.5:
        HospitalRecord.objects.create(
            pathway=entry.pathway,
            icb_code=entry.icb_code,
            organisation_code=entry.organisation_code,
            source_of_referral=chance.choice(["03", "05"]),
            commissioner=chance.choice(["", "NONC", "7A3", "36L"]),
        )
    if chance.random() < 0.5:
        an_asked_request(
            chance.choice(list(Asked)),
            pathway=entry.pathway,
            state_since=timezone.now() - timedelta(days=chance.choice([3, 181, 182, 183, 400])),
        )
    return entry


@pytest.mark.parametrize("profile", profiles_on(today()).values(), ids=lambda each: each.name)
def test_the_conditions_say_of_every_row_what_the_rule_says(profile):
    chance = random.Random(profile.name)
    entries = [an_odd_entry(chance) for _ in range(60)]
    rows = conditions(profile, today())
    found = {
        code: set(ListEntry.objects.filter(condition).values_list("pk", flat=True))
        for code, condition in rows.items()
    }
    for entry in entries:
        told = [each.code for each in against(profile, facts_of(entry, today()))]
        assert [code for code in rows if entry.pk in found[code]] == told
    assert len(set(map(len, found.values()))) > 1


def test_a_scan_counts_every_reason_and_makes_requests_of_the_eligible():
    long = an_entry(clock_start=ago(281))
    an_entry(clock_start=ago(280))
    an_entry(clock_start=ago(300), on_cancer_list=True)
    an_entry(clock_start=ago(300), on_cancer_list=True, next_appointment=ahead(3))
    [told] = scan(LIVE, today())
    assert (told.looked_at, told.eligible, told.new) == (4, 1, 1)
    counts = json.loads(told.counts)
    assert {code: n for code, n in counts.items() if n} == {"too_short": 1, "cancer": 2, "dated": 1}
    made = PatientRequest.objects.get()
    assert (made.pathway_id, made.state, made.profile) == (long.pk, Asked.ELIGIBLE, LIVE)
    assert [each.action for each in made.steps.all()] == ["find_eligible"]
    assert verify().faults == ()


def test_a_scan_is_made_once_a_day_and_finds_nobody_twice():
    an_entry(clock_start=ago(300))
    scan(LIVE, today())
    assert scan(LIVE, today()) == []
    [again] = scan(LIVE, ahead(7))
    assert (again.eligible, again.new) == (1, 0)
    assert PatientRequest.objects.count() == 1


@pytest.mark.parametrize(("days", "new"), [(181, 0), (182, 1)])
def test_who_stayed_is_not_found_again_within_the_interval(days, new):
    entry = an_entry(clock_start=ago(500))
    since = timezone.make_aware(datetime.combine(ago(days), time(12)))
    an_asked_request(Asked.OPTED_TO_STAY, pathway=entry.pathway, state_since=since)
    [told] = scan(LIVE, today())
    assert told.new == new


def test_a_scan_of_one_provider_or_icb_leaves_the_others_alone():
    an_entry(clock_start=ago(300))
    an_entry(OTHER_HOSPITAL, patient=a_patient(OTHER_ICB), clock_start=ago(300))
    assert [each.organisation_code for each in scan(LIVE, today(), organisation_code=HOSPITAL)] == [
        HOSPITAL
    ]
    [other] = scan(LIVE, today(), icb_code=OTHER_ICB)
    assert (other.organisation_code, other.new) == (OTHER_HOSPITAL, 1)
    assert scan(LIVE, today(), icb_code=ICB) == []


def test_a_scan_asks_a_few_questions_however_long_the_list(django_assert_max_num_queries):
    for _ in range(30):
        an_entry(clock_start=ago(300))
    with django_assert_max_num_queries(16):
        scan(LIVE, today())
    assert EligibilityScan.objects.get().new == 30


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(StepRefusedError, match="LIVE-2023"):
        scan("LIVE-1999", today())


def test_why_somebody_is_not_eligible_is_told_for_each_profile():
    told = why_not(an_entry(clock_start=ago(130), tci_date=ahead(9)), today())
    by_name = {each.name: [reason.code for reason in found] for each, found in told.items()}
    assert by_name["LIVE-2023"] == ["too_short", "dated"]
    assert by_name["LEGAL-18W"] == []
    assert by_name["EXPAND-18"] == ["dated"]
