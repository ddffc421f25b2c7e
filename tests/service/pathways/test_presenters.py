"""What the pages of a pathway say, from entries that nobody stored."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from clockstop.core.rtt.clock import derive
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.clock import clock_on, effect_of, events_of
from clockstop.service.pathways.models import Pathway, PathwayEvent, Patient
from clockstop.service.pathways.presenters.clock import clock_of
from clockstop.service.pathways.presenters.effect import shown
from clockstop.service.pathways.presenters.entries import details, entry_in_words
from clockstop.service.pathways.presenters.patient import own_pathway
from clockstop.service.pathways.presenters.seen import seen
from clockstop.service.pathways.presenters.timeline import Names, Timeline
from clockstop.service.pathways.presenters.who import who

TODAY = date(2025, 9, 30)
NAMES = Names(people={"p1": "Grace Adeyemi"}, organisations={"RAA": "Riverside Hospital"})
REFERRED = {"kind": "referral_received", "day": "2025-01-06"}
SEEN = {"kind": "attendance", "day": "2025-02-03", "status": "20"}


def entries(*told, reason=""):
    return tuple(
        PathwayEvent(
            number=number,
            kind=values["kind"],
            day=date.fromisoformat(values["day"]),
            values=json.dumps({"id": f"e{number}", **values}),
            reason=reason if values.get("supersedes") else "",
            recorded_at=datetime(2025, 7, 1, 9, 5, tzinfo=UTC),
            recorded_by="p1",
            recorded_role="waiting_list_manager",
            organisation_code="RAA",
        )
        for number, values in enumerate(told, start=1)
    )


def timeline(*told, day=TODAY, reason=""):
    made = entries(*told, reason=reason)
    return Timeline(made, clock_on(made, day), day, NAMES, {"treatment_function": "110"})


def rows(*told, day=TODAY):
    return {row.name: row.value for row in clock_of(clock_on(entries(*told), day), day).rows}


def items(line):
    return [item for band in line.bands for item in band.items]


def test_the_latest_stands_first_and_each_entry_says_what_it_did():
    line = timeline(REFERRED, SEEN)
    (band,) = line.bands
    assert (band.title, band.modifier) == ("Clock 1", "running")
    assert band.words == "Running since 6 January 2025: 38 weeks and 1 day"
    assert [item.title for item in band.items] == ["Appointment attended", "Referral received"]
    (did,) = band.items[1].did
    assert (did.words, did.reference, did.since) == ("Clock starts", "rule 1a, §3.2", "")


def test_entries_of_one_day_stand_in_the_order_in_which_they_were_made():
    line = timeline(REFERRED, SEEN, {"kind": "decision_to_admit", "day": "2025-02-03"})
    assert [item.number for item in items(line)] == [3, 2, 1]


def test_it_is_said_who_entered_what_when_in_the_time_of_the_country():
    (item,) = items(timeline(REFERRED))
    assert item.entered == (
        "Grace Adeyemi, Waiting-list manager, Riverside Hospital, on 1 July 2025 at 10:05"
    )


def test_each_clock_is_a_band_and_so_is_the_time_between():
    line = timeline(
        REFERRED,
        {"kind": "treatment_started", "day": "2025-03-03"},
        {"kind": "attendance", "day": "2025-04-07", "status": "90"},
        {"kind": "decision_to_treat", "day": "2025-05-05", "new_treatment": True},
    )
    assert [(band.title, band.modifier) for band in line.bands] == [
        ("Clock 2", "running"),
        ("No clock", "none"),
        ("Clock 1", "stopped"),
    ]
    assert line.bands[2].words == (
        "6 January 2025 to 3 March 2025: treated, without admission. 8 weeks"
    )


def test_a_nullified_clock_has_no_length():
    missed = {"kind": "did_not_attend", "day": "2025-02-03", "appointment": "first"}
    (band,) = timeline(REFERRED, missed | {"communicated": True}).bands
    assert band.modifier == "nullified"
    assert "week" not in band.words


def test_a_wrong_entry_stays_readable_with_reason_and_replacement():
    line = timeline(
        REFERRED,
        SEEN,
        SEEN | {"day": "2025-02-04", "supersedes": "e2"},
        reason="Wrong day",
    )
    new, wrong, _ = items(line)
    assert (new.corrects, new.reason, new.may_correct) == (2, "Wrong day", True)
    assert (wrong.corrected_by, wrong.is_withdrawn, wrong.may_correct) == (3, False, False)
    assert wrong.title == "Appointment attended"
    assert wrong.details
    assert wrong.did == ()
    assert [band.title for band in line.bands] == ["Clock 1"]


def test_a_withdrawn_entry_says_so_and_its_withdrawal_cannot_be_corrected():
    gone = {"kind": "entry_withdrawn", "day": "2025-02-03", "supersedes": "e2"}
    withdrawal, wrong, _ = items(timeline(REFERRED, SEEN, gone, reason="Another patient"))
    assert wrong.is_withdrawn
    assert (withdrawal.corrects, withdrawal.may_correct) == (2, False)


def test_what_follows_on_a_later_day_stands_on_that_day():
    line = timeline({"kind": "planned_listed", "day": "2025-01-06", "due": "2025-03-03"})
    followed, listed = items(line)
    assert followed.entered == ""
    assert followed.title == "Follows from entry 1, put on a planned list"
    assert [did.words for did in followed.did] == ["Clock starts"]
    assert listed.day == "6 January 2025"
    assert [band.title for band in line.bands] == ["Clock 1", "No clock"]


def test_a_decision_counts_at_the_entry_by_which_the_patient_was_told():
    line = timeline(
        REFERRED,
        {"kind": "decision_not_to_treat", "day": "2025-02-03", "communicated": False},
        {"kind": "decision_communicated", "day": "2025-02-10", "decision": "e2"},
    )
    told, decided, _ = items(line)
    assert [did.words for did in told.did] == ["Clock stops"]
    assert [did.words for did in decided.did] == ["Clock runs on"]
    assert told.details == (("Decision", "Decision not to treat, 3 February 2025"),)


def test_a_start_that_was_passed_on_names_its_day():
    received = {"kind": "transfer_received", "day": "2025-03-03", "original_start": "2025-01-06"}
    (item,) = items(timeline(received))
    assert item.did[0].since == "6 January 2025"


def test_findings_stand_beside_their_entry_and_in_the_summary():
    line = timeline(REFERRED, {"kind": "attendance", "day": "2025-02-03"})
    (found,) = line.to_look_at
    assert found.number == 2
    assert found.words in items(line)[0].findings
    assert found.entry == "Appointment attended, 3 February 2025"


def test_what_goes_without_saying_is_not_said():
    usual = {"provider": "RAA", "treatment_function": "110"}
    (event,) = derive(events_of(entries(REFERRED | usual))).events
    assert details(event, (), usual=usual) == (("Through e-RS", "No"),)
    assert dict(details(event, (), organisations=NAMES.organisations)) == {
        "Organisation": "Riverside Hospital (RAA)",
        "Treatment function": "110",
        "Through e-RS": "No",
    }


def test_an_entry_in_one_line():
    offered = {"kind": "date_offered", "day": "2025-02-03", "offered_for": "2025-03-10"}
    (event,) = events_of(entries(offered))
    assert entry_in_words(event) == "Date offered, 3 February 2025 (10 March 2025)"


@pytest.mark.parametrize(
    ("day", "limit", "eighteen"),
    [
        (date(2025, 5, 12), 0, "From 13 May 2025"),
        (date(2025, 5, 13), 18, "Since 13 May 2025"),
        (date(2026, 1, 5), 18, "Since 13 May 2025"),
        (date(2026, 1, 6), 52, "Since 13 May 2025"),
    ],
)
def test_the_limits_are_passed_on_the_day_after_the_last_whole_week(day, limit, eighteen):
    made = clock_on(entries(REFERRED), day)
    clock = clock_of(made, day)
    assert clock.limit == limit
    assert {row.name: row.value for row in clock.rows}["Over 18 weeks"] == eighteen


def test_a_running_clock_shows_the_last_code_that_says_it_runs():
    assert rows(REFERRED)["RTT status"] == "No code recorded yet"
    assert rows(REFERRED, SEEN)["RTT status"].startswith("20: ")


def test_an_ended_clock_shows_how_and_no_limits():
    found = rows(REFERRED, {"kind": "treatment_started", "day": "2025-03-03"})
    assert found["How it ended"] == "Treated, without admission"
    assert found["RTT status"].startswith("30: ")
    assert found["Wait"] == "8 weeks"
    assert not {"Over 18 weeks", "Place in the queue"} & set(found)


def test_after_monitoring_the_place_is_older_than_the_clock():
    found = rows(
        REFERRED,
        {"kind": "monitoring_started", "day": "2025-03-03"},
        {"kind": "patient_goes_ahead", "day": "2025-09-01"},
    )
    assert found["Wait"] == "4 weeks and 1 day"
    assert found["Place in the queue"] == (
        "With people waiting since 7 July 2025 (12 weeks and 1 day): "
        "8 weeks brought from before monitoring"
    )


def test_an_unknown_start_is_said_and_never_guessed():
    found = rows(SEEN)
    assert found["Clock start"] == found["Wait"] == found["Over 18 weeks"] == "Not known"
    clock = clock_of(clock_on(entries(SEEN), TODAY), TODAY)
    assert (clock.wait, clock.limit) == ("", 0)


def test_no_clock_at_all():
    clock = clock_of(clock_on((), TODAY), TODAY)
    assert (clock.state, clock.rows) == ("No clock has started", ())


def effect(values, *before):
    held = entries(*before)
    made = (*held, *entries(*before, values)[len(held) :])
    return shown(effect_of(held, events_of(made)[-1], TODAY), TODAY)


def test_the_effect_shows_before_and_after_and_marks_what_changes():
    found = effect({"kind": "treatment_started", "day": "2025-03-03"}, REFERRED)
    changes = {row.name: (row.before, row.after) for row in found.rows if row.is_change}
    assert changes["Clock"] == ("Clock running", "Clock stopped")
    assert changes["Wait"] == ("38 weeks and 1 day", "8 weeks")
    assert changes["Over 18 weeks"][1] == "No longer applies"
    assert "Clock start" not in changes
    ((entry, did),) = found.why
    assert (entry, did.words, did.reference) == (
        "This entry",
        "Clock stops",
        "rule 4a(ii), §4.3.2.2",
    )


def test_an_effect_on_other_entries_names_them():
    wrong = {"kind": "entry_withdrawn", "day": "2025-01-06", "supersedes": "e1"}
    found = effect(wrong, REFERRED, SEEN)
    assert [entry for entry, _ in found.why] == ["Appointment attended, 3 February 2025"]
    assert any("nobody recorded" in words for words in found.warnings)


def test_an_entry_that_changes_nothing_says_so():
    found = effect({"kind": "advice_requested", "day": "2025-03-03"}, REFERRED, SEEN)
    assert not found.is_change
    assert found.why


def test_a_finding_that_an_entry_settles_is_named():
    admitted = {"kind": "admission", "day": "2025-03-03"}
    outcome = {"kind": "admission_outcome", "day": "2025-03-04", "admission": "e2"}
    found = effect(outcome, REFERRED, admitted)
    assert len(found.settled) == 1
    assert not found.warnings


def own(*told, day=TODAY):
    return own_pathway(clock_on(entries(*told), day), day)


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ((), "Nothing is waiting here yet"),
        ((REFERRED,), "You are waiting for your first appointment"),
        ((REFERRED, SEEN), "You have been seen and are waiting for the next step"),
        (
            (REFERRED, SEEN, {"kind": "decision_to_admit", "day": "2025-03-03"}),
            "You are on the list for treatment in hospital",
        ),
        (
            (REFERRED, {"kind": "admission", "day": "2025-03-03"}),
            "You have been in hospital for your treatment",
        ),
        (
            (REFERRED, {"kind": "treatment_started", "day": "2025-03-03"}),
            "Your treatment has started",
        ),
    ],
)
def test_a_patient_reads_where_they_are(told, stage):
    assert own(*told).stage.title == stage


def test_a_patient_reads_how_long_they_have_waited_only_while_they_wait():
    waiting = own(REFERRED)
    assert waiting.wait == "38 weeks and 1 day"
    assert waiting.standard == "18 weeks were up on 12 May 2025"
    assert waiting.is_over
    assert not own(REFERRED, day=date(2025, 5, 12)).is_over
    treated = own(REFERRED, {"kind": "treatment_started", "day": "2025-03-03"})
    assert (treated.wait, treated.standard) == ("", "")


def test_a_patient_never_reads_a_decision_before_they_were_told():
    kept_back = {"kind": "decision_not_to_treat", "day": "2025-02-03", "communicated": False}
    assert [each.words for each in own(REFERRED, kept_back).happened] == [
        "The hospital received your referral"
    ]
    told = {"kind": "decision_communicated", "day": "2025-02-10", "decision": "e2"}
    latest = own(REFERRED, kept_back, told).happened[0]
    assert latest.day == "10 February 2025"
    assert latest.words == "It was decided that you do not need treatment"


def test_a_patient_never_reads_a_wrong_entry():
    gone = {"kind": "entry_withdrawn", "day": "2025-02-03", "supersedes": "e2"}
    assert len(own(REFERRED, SEEN, gone).happened) == 1


def pathway(**patient):
    plain = {
        "nhs_number": "9990000018",
        "given_name": "Ada",
        "family_name": "Test",
        "birth_date": date(1960, 5, 17),
        "address": "1 Nowhere Street\nNowhere",
        "postcode": "ZZ99 3VZ",
        "practice_code": "A81001",
    }
    return Pathway(patient=Patient(**(plain | patient)))


def test_a_patient_is_named_with_a_spaced_number_an_age_and_an_address():
    head = who(pathway(), date(2025, 5, 16), "The Surgery")
    assert head.nhs_number == "999 000 0018"
    assert head.born == "17 May 1960 (64 years old)"
    assert head.address == ("1 Nowhere Street", "Nowhere", "ZZ99 3VZ")
    assert head.practice == "The Surgery"
    assert head.banners == ()


def test_a_sensitive_record_shows_nothing_of_where_the_patient_lives():
    head = who(pathway(sensitive=True), TODAY, "The Surgery")
    assert (head.address, head.practice) == ((), "")
    assert [each.title for each in head.banners] == ["Sensitive record"]


def test_a_death_is_said_first_and_ends_the_age():
    head = who(pathway(died_on=date(2025, 3, 3)), TODAY)
    assert head.banners[0].title == "Patient has died"
    assert head.born.endswith("(died aged 64)")


def test_a_child_and_a_suspicion_of_cancer_are_said():
    held = pathway(birth_date=date(2024, 9, 30))
    held.priority = "3"
    head = who(held, TODAY)
    assert head.born.endswith("(1 year old)")
    assert [each.title for each in head.banners] == ["Urgent suspected cancer", "Under 18"]


def told(number, action="viewed a pathway", at="2025-07-01T09:05:00+00:00", actor="a"):
    return Entry(
        number=number,
        at=at,
        actor=actor,
        role="referrer",
        organisation_code="A81001",
        action=action,
    )


def test_looking_again_on_one_day_is_one_line():
    lines = seen(
        [
            told(4, at="2025-07-02T09:05:00+00:00"),
            told(3, at="2025-07-01T10:05:00+00:00"),
            told(2),
            told(1, actor="b"),
        ],
        {"a": "Dr A"},
        {"A81001": "The Surgery"},
    )
    assert [(each.who, each.when) for each in lines] == [
        ("Dr A", "2 July 2025, 10:05"),
        ("Dr A", "1 July 2025, 10:05 to 11:05"),
        ("", "1 July 2025, 10:05"),
    ]
    assert lines[1].did == "Looked at the record, 2 times"
    assert lines[0].organisation == "The Surgery"
    assert lines[0].role == "GP or other referrer"


def test_changes_are_lines_of_their_own():
    entered = "recorded an event"
    lines = seen([told(2, entered), told(1, entered)], {}, {})
    assert [each.did for each in lines] == ["Entered something that happened"] * 2


def test_the_system_and_later_actions_are_shown_as_they_are():
    entry = told(1, "closed a review", actor=str(UUID(int=1)))
    entry.role = "system"
    (line,) = seen([entry], {}, {})
    assert (line.role, line.did) == ("System", "Closed a review")
