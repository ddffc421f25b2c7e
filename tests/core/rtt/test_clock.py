"""What the worked situations do not show: listings, days asked about, codes that disagree."""

from datetime import date

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
