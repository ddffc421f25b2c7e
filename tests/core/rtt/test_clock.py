"""What the worked situations do not show: listings, days asked about, codes that disagree."""

from datetime import date

import pytest
from tests.core.rtt.spec import Spec

from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.periods import Listing
from clockstop.core.rtt.status_codes import Status


def events(text):
    return Spec(paragraph="", title="", events=text).pathway.events


def problems(text):
    return [each.problem.value for each in derive(events(text)).findings]


MOVED = """
    2025-01-02 referral_received provider=RAA
    2025-01-20 transfer_sent provider=RAA to=RBB status=21
    2025-01-28 transfer_received provider=RBB original_start=2025-01-02
    2025-02-10 transfer_received provider=RCC
    2025-03-03 attendance status=30 provider=RCC
"""


def test_a_transfer_ends_the_senders_listing_and_begins_the_receivers():
    assert derive(events(MOVED)).periods[0].listings == (
        Listing("RAA", date(2025, 1, 2), date(2025, 1, 20)),
        Listing("RBB", date(2025, 1, 20), date(2025, 2, 10)),
        Listing("RCC", date(2025, 2, 10), date(2025, 3, 3)),
    )
    assert derive(events(MOVED), as_of=date(2025, 1, 21)).running.listed_by == "RBB"


def test_an_opinion_or_a_subcontract_leaves_the_listing():
    for handover in ("opinion", "subcontract"):
        found = derive(
            events(f"""
            2025-01-02 referral_received provider=RAA
            2025-01-20 transfer_sent provider=RAA to=RBB handover={handover}
            """)
        )
        assert found.running.listed_by == "RAA"


def test_a_decision_to_admit_is_kept_through_an_admission_that_came_to_nothing():
    found = derive(
        events("""
        2025-01-02 referral_received
        2025-02-03 decision_to_admit
        2025-03-03 admission
        2025-03-03 admission_outcome admission=e3 result=not_carried_out
        """)
    )
    assert found.running.decided_to_admit == date(2025, 2, 3)
    assert found.running.listings == (Listing(None, date(2025, 1, 2)),)


def test_what_happens_later_is_left_out_and_named():
    found = derive(events(MOVED), as_of=date(2025, 2, 1))
    assert found.running
    assert [each.id for each in found.not_yet] == ["e4", "e5"]


def test_a_correction_counts_even_where_the_day_asked_about_lies_before_it():
    wrong = events("""
        2025-01-02 referral_received
        2025-02-03 attendance status=30
        2025-04-07 attendance status=30 supersedes=e2
        """)
    assert derive(wrong, as_of=date(2025, 3, 3)).running
    withdrawn = events("""
        2025-01-02 referral_received
        2025-02-03 attendance status=30
        2025-04-07 entry_withdrawn supersedes=e2
        """)
    assert derive(withdrawn, as_of=date(2025, 3, 3)).running


def test_corrections_that_cannot_be():
    loop = """
        2025-01-02 referral_received supersedes=e2
        2025-01-03 referral_received supersedes=e1
        """
    assert problems(loop) == ["correction_loop", "correction_loop"]
    assert derive(events(loop)).periods == ()
    assert problems("2025-01-02 referral_received supersedes=e9") == ["unknown_reference"]
    twice = """
        2025-01-02 referral_received
        2025-01-03 referral_received supersedes=e1
        2025-01-03 decision_to_treat supersedes=e1
        """
    assert problems(twice) == ["corrected_twice", "corrected_twice"]


def test_an_entry_may_be_corrected_more_than_once():
    found = derive(
        events("""
        2025-01-02 referral_received
        2025-01-03 referral_received supersedes=e1
        2025-01-04 referral_received supersedes=e2
        """)
    )
    assert found.running.start == date(2025, 1, 4)
    assert [(each.wrong.id, each.by.id) for each in found.corrections] == [
        ("e1", "e2"),
        ("e2", "e3"),
    ]
    assert not found.findings


def test_a_status_code_that_does_not_fit_what_happened():
    start = "2025-01-02 referral_received\n"
    assert problems(start + "2025-02-03 cancellation by=patient status=34") == ["status_disagrees"]
    assert problems(start + "2025-02-03 death status=35") == ["status_disagrees"]
    assert problems(start + "2025-02-03 death status=36") == []
    assert problems("2025-01-02 referral_received status=20") == ["status_disagrees"]
    assert problems("2025-01-02 referral_received status=10") == []
    assert problems(start + "2025-02-03 attendance status=33") == ["status_disagrees"]
    assert problems(start + "2025-02-03 attendance status=11") == ["status_disagrees"]


def test_an_outcome_that_comes_when_another_clock_has_started():
    found = derive(
        events("""
        2025-01-02 referral_received
        2025-03-03 admission
        2025-04-07 referral_received
        2025-04-14 admission_outcome admission=e2 result=not_carried_out
        """)
    )
    assert [each.problem.value for each in found.findings] == ["outcome_too_late"]
    assert [each.provisional for each in found.periods] == [True, False]


def test_references_to_what_is_not_there():
    start = "2025-01-02 referral_received\n"
    for line in (
        "2025-02-03 admission_outcome admission=e9",
        "2025-02-03 offer_declined offer=e9",
        "2025-02-03 decision_communicated decision=e9",
        "2025-02-03 planned_removed listing=e9",
        "2025-02-03 referral_ratified referral=e9",
        "2025-02-03 cancellation by=provider admission=e9",
    ):
        assert problems(start + line) == ["unknown_reference"], line


def test_planned_care_taken_off_its_list_is_never_overdue():
    text = """
        2025-01-02 planned_listed due=2025-03-03
        2025-02-03 planned_removed listing=e1
        """
    assert derive(events(text), as_of=date(2025, 6, 2)).periods == ()


def test_a_status_code_of_its_own_decides_at_an_attendance_only():
    found = derive(events("2025-01-02 referral_received\n2025-02-03 attendance status=36"))
    assert found.periods[0].ending.status is Status.DIED
    assert problems("2025-01-02 administrative_outcome status=30") == ["status_disagrees"]


REFERRED = "2025-01-06 referral_received\n"
TREATED = REFERRED + "2025-02-03 treatment_started\n"
MONITORED = REFERRED + "2025-02-03 monitoring_started\n"
MISSED = REFERRED + "2025-02-03 did_not_attend appointment=first communicated=true\n"
SELF = "2025-01-02 referral_received referrer=self\n"
ADMITTED = REFERRED + "2025-02-03 admission\n"


@pytest.mark.parametrize(
    ("before", "line", "rule", "problem"),
    [
        ("", "onward_referral", "start-unknown", "no_known_start"),
        (TREATED, "onward_referral", "none-receiver-starts", ""),
        ("", "patient_goes_ahead", "none-noted", "not_monitored"),
        (REFERRED, "patient_goes_ahead", "keep-activity", ""),
        ("", "monitoring_reviewed", "none-noted", "not_monitored"),
        (MONITORED, "monitoring_started", "none-monitoring-continues", ""),
        ("", "monitoring_started", "none-noted", "stop_without_clock"),
        (
            "",
            "monitoring_started known_intervention=2025-06-03",
            "none-noted",
            "stop_without_clock",
        ),
        (
            REFERRED + "2025-05-30 date_offered offered_for=2025-06-09\n",
            "monitoring_started delay=true conversation=true agreed=true",
            "keep-monitoring-unproven",
            "monitoring_unproven",
        ),
        (
            "2025-01-06 ubrn_converted ubrn=000012345678\n",
            "transfer_received pathway_id=00000000000099999999 issuer=X09",
            "keep-received",
            "pathway_id_changed",
        ),
        (MONITORED, "decision_not_to_treat", "none-noted", ""),
        (MONITORED, "attendance status=20", "none-monitoring-check", "status_disagrees"),
        (MONITORED, "referral_received", "start-re-referral", ""),
        (MONITORED, "treatment_started", "none-noted", "stop_without_clock"),
        (TREATED, "attendance status=91", "none-monitoring-check", "not_monitored"),
        (TREATED, "attendance status=11", "none-noted", "not_monitored"),
        (TREATED, "attendance status=99", "none-status-unknown", "status_missing"),
        (TREATED, "attendance", "none-status-unknown", "status_missing"),
        (TREATED, "attendance status=20", "none-after-treatment", "status_disagrees"),
        (TREATED, "attendance status=33", "none-noted", "status_disagrees"),
        (TREATED, "attendance status=21", "none-noted", "status_disagrees"),
        (TREATED, "attendance status=12", "start-separate-condition", "own_pathway_needed"),
        (TREATED, "treatment_started", "none-care-plan", ""),
        (TREATED, "admission", "none-noted", "stop_without_clock"),
        (TREATED, "admission purpose=preparation", "none-noted", ""),
        (TREATED, "transfer_received", "none-noted", "form_missing"),
        (
            TREATED,
            "transfer_received original_start=2025-01-20",
            "start-unknown",
            "start_inside_earlier",
        ),
        (TREATED, "decision_to_refer view_to_treatment=false", "none-no-view-to-treatment", ""),
        (TREATED, "rebook_requested", "none-noted", "nothing_to_rebook"),
        (TREATED, "did_not_attend appointment=other", "none-missed", ""),
        (TREATED, "cancellation by=patient", "none-cancelled", ""),
        (TREATED, "discharged_to_gp reason=missed", "none-discharged", ""),
        (TREATED, "death", "none-died", ""),
        (TREATED, "private_treatment", "none-noted", ""),
        (
            TREATED,
            "referral_received same_condition=false",
            "start-separate-condition",
            "own_pathway_needed",
        ),
        (REFERRED, "referral_received same_condition=false", "keep-activity", "own_pathway_needed"),
        (REFERRED, "referral_received via_ers=true", "keep-earliest", ""),
        (MISSED, "attendance status=10", "start-unknown", "no_known_start"),
        (MISSED, "decision_to_treat", "start-unknown", "no_known_start"),
        (MISSED, "treatment_started", "none-noted", "stop_without_clock"),
        (ADMITTED, "admission", "none-noted", "outcome_unknown"),
        (ADMITTED, "attendance status=20", "none-noted", "outcome_unknown"),
        (ADMITTED, "decision_not_to_treat", "none-noted", "outcome_unknown"),
        (ADMITTED, "decision_to_treat", "none-care-plan", "outcome_unknown"),
        (
            "2025-01-06 referral_received referrer=emergency\n",
            "attendance status=20",
            "none-emergency",
            "status_disagrees",
        ),
        (
            "2025-01-06 referral_received referrer=emergency\n",
            "decision_to_refer",
            "start-after-emergency",
            "",
        ),
        ("", "decision_to_refer", "none-noted", ""),
        ("", "commissioner_recorded practice=15E", "none-noted", ""),
        ("", "referral_ratified referral=e9", "none-noted", "unknown_reference"),
        (
            SELF + TREATED,
            "referral_ratified referral=e1",
            "start-unknown",
            "unratified start_inside_earlier",
        ),
        (
            "",
            "ubrn_converted ubrn=000012345679 linked_to=000012345678",
            "start-unknown",
            "no_known_start",
        ),
        (
            "",
            "ubrn_converted ubrn=000012345679 service=not_consultant_led",
            "none-not-consultant-led",
            "",
        ),
    ],
)
def test_what_does_not_fit_is_said_and_not_guessed(before, line, rule, problem):
    found = derive(events(f"{before}2025-06-02 {line}"))
    assert (found.steps[-1].event, found.steps[-1].rule_id) == (
        f"e{before.count(chr(10)) + 1}",
        rule,
    )
    assert [each.problem.value for each in found.findings] == problem.split()


def test_a_community_self_referral_ratified_later_stays_out_of_the_returns():
    found = derive(
        events("""
        2025-01-06 referral_received referrer=self service=community_consultant_led
        2025-01-13 referral_ratified referral=e1
        """)
    )
    assert (found.running.start, found.running.in_returns) == (date(2025, 1, 6), False)


def test_a_patient_who_comes_back_from_a_subcontract_and_goes_on_to_another_provider():
    found = derive(
        events("""
        2025-01-02 referral_received provider=RAA
        2025-01-20 transfer_sent provider=RAA to=RBB handover=subcontract
        2025-02-03 transfer_sent provider=RAA to=RCC
        2025-02-10 transfer_received provider=RBB original_start=2025-01-02
        """)
    )
    assert found.running.listed_by == "RBB", "the subcontract had ended"


def test_a_subcontract_ends_with_its_period():
    found = derive(
        events("""
        2025-01-02 referral_received provider=RAA
        2025-01-20 transfer_sent provider=RAA to=RBB handover=subcontract
        2025-02-03 attendance status=30
        2025-06-02 referral_received provider=RAA
        2025-06-16 transfer_received provider=RBB original_start=2025-06-02
        """)
    )
    assert found.running.listed_by == "RBB"


def test_a_linked_booking_reference_names_the_identifier_even_where_it_comes_alone():
    found = derive(events("2025-02-10 ubrn_converted ubrn=000012345699 linked_to=000012345678"))
    assert found.identifier == ("00000000000012345678", "X09")


def test_an_attendance_for_a_test_ends_a_diagnostic_wait():
    found = derive(
        events("""
        2025-01-06 planned_listed due=2025-03-03 planned_for=test
        2025-04-07 attendance status=98 is_test=true
        """)
    )
    assert [(each.start, each.end) for each in found.diagnostic_waits] == [
        (date(2025, 3, 3), date(2025, 4, 7))
    ]


def test_a_planned_test_done_by_its_due_date_is_never_overdue():
    done = """
        2025-01-06 planned_listed due=2025-03-03 planned_for=test
        2025-03-03 attendance status=98 is_test=true
        """
    assert derive(events(done), as_of=date(2025, 6, 2)).diagnostic_waits == ()
