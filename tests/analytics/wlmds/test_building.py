"""A submission made from records holds who waits, who began and who was treated, and no others."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics import story
from tests.analytics.clocks.test_events_table import as_entered
from tests.analytics.returns.dressed import dressed_by_chance
from tests.analytics.synthetic.patients.conftest import FILED, MONTH, made
from tests.analytics.wlmds import by_hand
from tests.core.rtt.drawn import any_events

from clockstop.analytics.clocks import events_table
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.records.columns import schema
from clockstop.analytics.wlmds.building import build_submission
from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.tables import TABLES
from clockstop.analytics.wlmds.tables import schema as weekly_schema
from clockstop.core.pseudonyms import pseudonym
from clockstop.core.rtt import events as e
from clockstop.core.rtt.status_codes import Status
from clockstop.core.types import Month

KEY = b"a key that is long enough for it"
SUNDAY = date(2025, 9, 28)
MONDAY = SUNDAY - timedelta(days=6)
HERE, THERE = "RR8", "RHQ"
NUMBER = "9990000018"


def day(before: int) -> date:
    """So many days before the Sunday."""
    return SUNDAY - timedelta(days=before)


def referred(before: int, **more) -> e.Event:
    given = {"provider": HERE, "treatment_function": "110"} | more
    return e.ReferralReceived(id="e1", day=day(before), **given)


def built(*histories, provider=HERE, **pathway):
    """The submission of pathways with these events, one person for all."""
    ids = range(1, len(histories) + 1)
    given = {"provider": HERE, "treatment_function": "110", "commissioner": "15F"} | pathway
    pathways = pl.DataFrame(
        [
            {"pathway": at, "person": 1, "identifier": f"{at:020}", "issuer": HERE}
            | {"icb": "QWO", "priority": "1"}
            | given
            for at in ids
        ],
        schema=schema("pathways"),
    )
    people = pl.DataFrame(
        [{"person": 1, "nhs_number": "999 000 0018", "sex": "2"}], schema=schema("people")
    )
    events = events_table.table(zip(ids, histories, strict=True))
    return build_submission(
        people, pathways, events, provider=provider, week_ending=SUNDAY, key=KEY
    )


def sizes(tables) -> dict[str, int]:
    return {name: len(table) for name, table in tables.items() if len(table)}


@pytest.mark.parametrize("week_ending", [SUNDAY, date(2025, 9, 7)])
def test_the_tables_are_those_that_the_one_patient_rules_give(patients, week_ending):
    events = patients.events
    expected = by_hand.counted(events, week_ending)
    keys = patients.pathways.select(
        "pathway", name=pl.format("{} {}", "issuer", "identifier")
    ).rows()
    pathway_of = {name: key for key, name in keys}
    found = {name: [] for name in by_hand.TABLES}
    for provider in patients.pathways["provider"].unique():
        tables = build_submission(
            patients.people,
            patients.pathways,
            events,
            provider=provider,
            week_ending=week_ending,
            key=KEY,
        )
        for name in by_hand.TABLES:
            found[name] += [row_of(row, pathway_of) for row in tables[name].iter_rows(named=True)]
    providers = set(patients.pathways["provider"])
    for name in by_hand.TABLES:
        ours = [row for row in expected[name] if row[0] in providers]
        assert sorted(found[name], key=str) == ours
        assert ours


def row_of(row, pathway_of):
    issuer = row["organisation_code_patient_pathway_identifier_issuer"]
    return (
        row["provider_code"],
        pathway_of[f"{issuer} {row['patient_pathway_identifier']}"],
        row["referral_to_treatment_period_start_date"],
        row.get("referral_to_treatment_period_end_date"),
        row["treatment_function_code"],
        row["commissioner_code"],
    )


HOLDER = "RZZ"


def assert_as_by_hand(drawn, week_ending) -> dict:
    """Each list of events is a pathway that RZZ holds."""
    events = events_table.table(enumerate(drawn))
    expected = by_hand.counted(events, week_ending, HOLDER)
    pathways = pl.DataFrame(
        [
            {"pathway": at, "person": 1, "identifier": f"{at:020}", "issuer": HOLDER}
            | {"provider": HOLDER, "icb": "QWO", "treatment_function": "", "priority": "1"}
            for at in range(len(drawn))
        ],
        schema=schema("pathways"),
    )
    people = pl.DataFrame([{"person": 1}], schema=schema("people"))
    found = {name: [] for name in by_hand.TABLES}
    for provider in {row[0] for rows in expected.values() for row in rows}:
        tables = build_submission(
            people, pathways, events, provider=provider, week_ending=week_ending, key=KEY
        )
        for name in by_hand.TABLES:
            rows = tables[name].with_columns(
                treatment_function_code=pl.col("treatment_function_code").replace("", None)
            )
            pathway_of = {f"{HOLDER} {at:020}": at for at in range(len(drawn))}
            found[name] += [row_of(row, pathway_of) for row in rows.iter_rows(named=True)]
    assert {name: sorted(rows, key=str) for name, rows in found.items()} == expected
    return expected


SUNDAYS = [date(2024, 1, 7) + timedelta(weeks=weeks) for weeks in range(0, 100, 3)]


@settings(max_examples=25)
@given(
    st.lists(any_events(corrected=True).map(as_entered).filter(bool), min_size=1, max_size=10),
    st.sampled_from(SUNDAYS),
)
def test_any_events_give_the_rows_that_the_one_patient_rules_give(drawn, week_ending):
    assert_as_by_hand(drawn, week_ending)


@pytest.mark.parametrize("seed", range(2))
def test_plausible_pathways_give_the_rows_that_the_one_patient_rules_give(seed):
    chance = random.Random(seed)
    drawn = [dressed_by_chance(chance) for _ in range(150)]
    days = sorted(each.day for events in drawn for each in events)
    sizes = Counter()
    for tenth in (3, 4, 5, 6, 7):
        middle = days[len(days) * tenth // 10]
        rows = assert_as_by_hand(drawn, middle + timedelta(days=7 - middle.isoweekday()))
        sizes.update({name: len(each) for name, each in rows.items()})
    assert min(sizes[name] for name in by_hand.TABLES) > 0, sizes


def test_every_table_has_the_columns_of_the_data_set(patients):
    tables = build_submission(
        patients.people,
        patients.pathways,
        patients.events,
        provider=HERE,
        week_ending=MONTH.census - timedelta(days=2),
        key=KEY,
        created=datetime(2025, 9, 29, 8, 30),  # noqa: DTZ001
    )
    assert {name: dict(table.schema) for name, table in tables.items()} == {
        name: weekly_schema(name) for name in TABLES
    }
    created = tables["open"]["date_and_time_data_set_created"].unique().to_list()
    assert created == [datetime(2025, 9, 29, 8, 30)]  # noqa: DTZ001


def test_who_waits_is_in_the_open_table_and_who_began_in_the_week_in_both():
    tables = built([referred(100)], [referred(6)], [referred(0)], [referred(7)])
    assert sizes(tables) == {"open": 4, "starts": 2}
    assert set(tables["starts"]["referral_to_treatment_period_start_date"]) == {MONDAY, SUNDAY}
    assert set(tables["open"]["week_ending_date"]) == {SUNDAY}


def test_a_person_is_named_by_a_hash_of_the_number_however_it_is_written():
    tables = built([referred(3)])
    assert tables["open"]["pseudo_nhs_number"].to_list() == [pseudonym(NUMBER, KEY)]


def test_a_treatment_in_the_week_is_a_stop_and_no_longer_open():
    treated = e.TreatmentStarted(id="e2", day=day(2), provider=HERE, treatment_function="130")
    admitted = e.Admission(id="e2", day=day(1), provider=HERE)
    earlier = e.TreatmentStarted(id="e2", day=day(7), provider=HERE)
    tables = built([referred(90), treated], [referred(90), admitted], [referred(90), earlier])
    assert sizes(tables) == {"stops": 2}
    columns = ["completed_type", "treatment_function_code", "waiting_list_type"]
    status = "referral_to_treatment_period_status"
    assert tables["stops"].select(*columns, status).rows() == [
        ("NONADMITTED", "130", "ORTT", "30"),
        ("ADMITTED", "110", "IRTT", "30"),
    ]


def test_what_counts_in_no_part_of_the_return_is_in_no_table():
    community = referred(50, service=e.Service.COMMUNITY_CONSULTANT_LED)
    nullified = e.DidNotAttend(
        id="e2", day=day(3), provider=HERE, appointment=e.Appointment.FIRST, communicated=True
    )
    assert sizes(built([community])) == {}
    assert "stops" not in sizes(built([referred(5), nullified]))


def test_a_patient_who_was_handed_over_is_on_the_list_of_the_provider_that_has_them():
    sent = e.TransferSent(id="e2", day=day(2), provider=HERE, to=THERE, status=Status.TRANSFER)
    received = e.TransferReceived(
        id="e3", day=day(1), provider=THERE, original_start=day(5), pathway_id="0" * 19 + "1"
    )
    history = [referred(5), sent, received]
    mine = built(history, provider=HERE, site="RR801", consultant="C1234567")
    theirs = built(history, provider=THERE)
    assert sizes(mine) == {"starts": 1}
    assert sizes(theirs) == {"open": 1}
    assert theirs["open"]["referral_to_treatment_period_start_date"].to_list() == [day(5)]
    gone = built(history, provider=THERE, site="RR801", consultant="C1234567")
    assert gone["open"]["provider_site_code"].to_list() == [None]


def test_commissioners_outside_england_go_by_their_own_code():
    welsh = e.CommissionerRecorded(id="e2", day=day(5), outside_england="7A3")
    english = e.CommissionerRecorded(id="e3", day=day(3), practice="01E")
    later = e.CommissionerRecorded(id="e4", day=day(-1), practice="99X")
    tables = built([referred(5)], [referred(5), welsh], [referred(5), welsh, english, later])
    assert tables["open"]["commissioner_code"].to_list() == ["15F", "7A3", "01E"]


def test_what_was_entered_wrongly_says_nothing():
    wrong = e.CommissionerRecorded(id="e2", day=day(5), practice="01E")
    withdrawn = e.EntryWithdrawn(id="e3", day=day(4), supersedes="e2")
    tables = built([referred(5), wrong, withdrawn])
    assert tables["open"]["commissioner_code"].to_list() == ["15F"]


def test_days_of_care_stand_beside_a_clock_that_runs():
    history = [
        referred(80),
        e.DidNotAttend(
            id="e2",
            day=day(60),
            provider=HERE,
            appointment=e.Appointment.OTHER,
        ),
        e.Attendance(id="e3", day=day(50), provider=HERE, status=Status.LATER_ACTIVITY),
        e.DecisionToAdmit(id="e4", day=day(40), provider=HERE),
        e.Cancellation(id="e5", day=day(20), provider=HERE, by=e.By.PATIENT),
    ]
    (row,) = built(history)["open"].iter_rows(named=True)
    expected = {
        "waiting_list_type": "IRTT",
        "decision_to_admit_date": day(40),
        "date_last_attended": day(50),
        "first_activity_date": day(50),
        "last_dna_date": day(60),
        "cancellation_date": day(20),
        "referral_to_treatment_period_status": "20",
        "original_referral_request_received_date": day(80),
        "referral_to_treatment_period_end_date": None,
    }
    assert {name: row[name] for name in expected} == expected


def test_an_overdue_planned_test_is_a_diagnostic_wait():
    listed = e.PlannedListed(
        id="e1",
        day=day(300),
        provider=HERE,
        due=day(10),
        planned_for=e.PlannedFor.TEST,
    )
    (row,) = built([listed])["diagnostics"].iter_rows(named=True)
    assert row["planned_diagnostic_due_date"] == day(10)
    assert day(10) <= row["diagnostic_clock_start_date"] <= day(9)


def test_a_slot_issue_waits_until_an_appointment_is_booked():
    listed = e.SlotIssueListed(id="e1", day=day(4), provider=HERE, ubrn="900000000001")
    seen = e.Attendance(id="e2", day=day(1), provider=HERE)
    assert built([listed])["asi"]["listed_date"].to_list() == [day(4)]
    assert built([listed], [listed, seen])["asi"]["list_kind"].to_list() == ["ASI"]
    assert built([listed], next_appointment=day(-20))["asi"].is_empty()


def test_follow_up_that_patients_may_ask_for_in_the_week():
    dates = [(0, -365), (400, 6), (400, 7), (-1, -365)]
    found = [
        len(built([referred(500)], pifu_started=day(a), pifu_expires=day(b))["pifu"])
        for a, b in dates
    ]
    assert found == [1, 1, 0, 0]


def test_what_cannot_be_made_is_refused():
    with pytest.raises(ValueError, match="2025-09-29 is a Monday; a week ends on a Sunday"):
        build_submission(
            pl.DataFrame(schema=schema("people")),
            pl.DataFrame(schema=schema("pathways")),
            events_table.table([]),
            provider=HERE,
            week_ending=date(2025, 9, 29),
            key=KEY,
        )
    with pytest.raises(ValueError, match="at least 32 bytes"):
        build_submission(
            pl.DataFrame(schema=schema("people")),
            pl.DataFrame(schema=schema("pathways")),
            events_table.table([]),
            provider=HERE,
            week_ending=SUNDAY,
            key=b"short",
        )


@pytest.fixture(scope="module")
def august(tmp_path_factory):
    """Patients of a month that ended on a Sunday, half of those who wait with a fault in events."""
    lake = Lake(tmp_path_factory.mktemp("august-lake"))
    month = Month(2025, 8)
    story.publish(lake, str(month), FILED)
    return made(tmp_path_factory.mktemp("august"), lake, month, faults=0.5)


def test_what_was_made_passes_every_rule_but_for_starts_that_nobody_knows(august):
    """Faults seeded into the events move no clock, and so bring no fault into the tables."""
    census = date(2025, 8, 31)
    unknown, found = 0, []
    for provider in august.pathways["provider"].unique():
        tables = build_submission(
            august.people,
            august.pathways,
            august.events,
            provider=provider,
            week_ending=census,
            key=KEY,
        )
        for name in ("open", "starts", "stops"):
            unknown += tables[name]["referral_to_treatment_period_start_date"].null_count()
        found += check(tables, provider=provider, week_ending=census).rows(named=True)
    assert august.faults
    errors = [each for each in found if each["severity"] == "error"]
    assert {each["rule"] for each in errors} == {"start-missing"}
    assert len(errors) == unknown > 0
    assert {each["rule"] for each in found} - {"start-missing"} <= {"start-unlisted", "open-empty"}


def test_what_is_wrong_in_the_records_is_found_in_the_tables():
    history = [referred(10)]
    tables = built(history, commissioner="NONC", source_of_referral="3", tci_date=day(1))
    assert set(check(tables).filter(severity="error")["rule"]) == {
        "commissioner-nonc",
        "source-unknown",
    }
    assert {"tci-past", "tci-outpatient"} <= set(check(tables)["rule"])


def test_what_was_done_after_the_week_is_left_out():
    tables = built([referred(10)], validated_on=day(-1), priority_reviewed=day(0))
    (row,) = tables["open"].iter_rows(named=True)
    assert row["last_pas_validation_date"] is None
    assert row["date_of_last_priority_review"] == SUNDAY
