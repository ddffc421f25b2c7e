"""What the hospital's system has beside the events: it fits them, and never tells the future."""

import polars as pl
import pytest
from tests.analytics.synthetic.patients.conftest import MONTH

from clockstop.analytics.clocks.deriving import derive_periods
from clockstop.analytics.records.columns import TABLES, columns, schema

CENSUS = pl.lit(MONTH.census)
AHEAD = ("next_appointment", "tci_date")
BEHIND = ("priority_reviewed", "validated_on", "pifu_started", "referral_received")
BLANK = {"commissioner", "line", "last_attended", "procedure", "transfer_status"}


@pytest.fixture(scope="module")
def waits(icb):
    """Each pathway, with its first entry and the period that runs, if one does."""
    first = icb.events.group_by("pathway").agg(first=pl.col("day").min())
    running = derive_periods(icb.events, as_of=MONTH.census).filter(pl.col("ending").is_null())
    held = running.select("pathway", "decided_to_admit", runs=True)
    return icb.pathways.join(first, on="pathway").join(held, on="pathway", how="left")


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_are_in_the_columns_of_patients_records(icb, table):
    made = getattr(icb, table)
    assert dict(made.schema) == schema(table)
    needed = [each.name for each in columns(table) if each.required]
    assert made.select(pl.col(needed).is_null().any()).row(0) == (False,) * len(needed)


def test_everything_that_can_be_made_up_is(icb):
    empty = {
        name
        for name in icb.pathways.columns
        if icb.pathways[name].null_count() == len(icb.pathways)
    }
    assert empty == {"last_attended", "procedure", "transfer_status", "accepting_provider"}


@pytest.mark.parametrize("column", AHEAD)
def test_dates_that_are_booked_lie_ahead(waits, column):
    booked = waits.filter(pl.col(column).is_not_null())
    assert len(booked)
    assert (booked[column] > MONTH.census).all()


@pytest.mark.parametrize("column", BEHIND)
def test_what_was_done_lies_between_the_first_entry_and_the_census(waits, column):
    done = waits.filter(pl.col(column).is_not_null())
    assert len(done)
    assert (
        done.select((pl.col(column) >= pl.col("first")) & (pl.col(column) <= CENSUS))
        .to_series()
        .all()
    )


def test_dates_to_come_in_and_surgical_priorities_are_of_those_with_a_decision_to_admit(waits):
    decided = waits.filter(pl.col("decided_to_admit").is_not_null())
    assert set(decided["procedure_priority"]) == {"P2", "P3", "P4"}
    for column in ("tci_date", "procedure_priority", "intended_management", "priority_reviewed"):
        others = waits.filter(pl.col("decided_to_admit").is_null())
        assert others[column].null_count() == len(others)


def test_follow_ups_are_of_those_who_do_not_wait_for_treatment(waits):
    due = waits.filter(pl.col("follow_up_due").is_not_null())
    assert len(due)
    assert due["runs"].null_count() == len(due)
    assert due.select((pl.col("follow_up_due") < CENSUS).any()).item(), "none is overdue"


def test_suspected_cancer_is_on_the_cancer_list_while_it_waits(waits):
    listed = waits.filter("on_cancer_list")
    assert len(listed)
    assert set(listed["priority"]) == {"3"}
    assert listed["runs"].all()


def test_people_have_names_that_fit_their_sex(icb):
    women = set(icb.people.filter(sex="2")["given_name"])
    men = set(icb.people.filter(sex="1")["given_name"])
    assert len(women) > 50
    assert not women & men
    assert icb.people["family_name"].n_unique() > 100
