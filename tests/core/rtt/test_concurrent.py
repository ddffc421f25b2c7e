"""One patient on several pathways: each clock by its own events (Annex C, Figure B)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from tests.core.rtt.drawn import any_events
from tests.core.rtt.spec import Spec, periods_found, rules_found
from tests.core.rtt.specs import PATIENTS

from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.concurrent import derive_each
from clockstop.core.rtt.identifiers import PathwayId

KNEE, EYE = PathwayId("1" * 20, "RAA"), PathwayId("1" * 20, "X09")


def events(text):
    return Spec(paragraph="", title="", events=text).pathway.events


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.name)
def test_patient(patient):
    found = patient.derived()
    for issuer, spec in patient.pathways.items():
        assert periods_found(found[issuer]) == spec.periods_expected
        assert rules_found(found[issuer]) == spec.rules_expected
        problems = [each.problem.value for each in found[issuer].findings]
        assert sorted(problems) == sorted(spec.findings.split())


@given(any_events(most=6), any_events(most=6))
def test_no_pathway_touches_the_clock_of_another(knee, eye):
    together = derive_each([(KNEE, knee), (EYE, eye)])
    for identifier, alone in ((KNEE, derive(knee)), (EYE, derive(eye))):
        assert together[identifier].periods == alone.periods
        assert together[identifier].steps == alone.steps


def test_the_issuer_tells_a_local_number_from_a_booking_reference():
    waiting = events("2025-01-06 referral_received")
    assert len(derive_each([(KNEE, waiting), (EYE, waiting)])) == 2


def test_two_lists_under_one_identifier_are_one_pathway():
    first = events("2025-01-06 referral_received")
    second = [replace(each, id="other", day=each.day + timedelta(days=30)) for each in first]
    (found,) = derive_each([(KNEE, first), (KNEE, second)]).values()
    assert [each.start for each in found.periods] == [date(2025, 1, 6)]
    assert [each.problem.value for each in found.findings] == ["second_referral"]


def test_a_death_still_to_come_or_withdrawn_says_nothing_elsewhere():
    waiting = events("2025-01-06 referral_received")
    died = events("2025-03-03 death")
    withdrawn = events("2025-03-03 death\n2025-03-04 entry_withdrawn supersedes=e1")
    before = derive_each([(KNEE, waiting), (EYE, died)], as_of=date(2025, 3, 2))
    assert before[KNEE].findings == ()
    assert derive_each([(KNEE, waiting), (EYE, withdrawn)])[KNEE].findings == ()
    assert derive_each([(KNEE, waiting), (EYE, died)])[EYE].findings == ()
