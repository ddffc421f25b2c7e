"""What is not a table of events is refused by column and place, everything at once."""

from datetime import date

import polars as pl
import pytest
from tests.core.rtt.drawn import FIRST

from clockstop.analytics.clocks import events_table
from clockstop.analytics.clocks.checks import EventsRefusedError
from clockstop.analytics.clocks.deriving import derive_periods, derive_tables
from clockstop.analytics.clocks.files import derive_file
from clockstop.core.rtt.events import Attendance, ReferralReceived


@pytest.fixture
def table():
    """Three pathways with a referral and an attendance."""
    return events_table.table(
        (key, (ReferralReceived(id="e1", day=FIRST), Attendance(id="e2", day=FIRST, status="30")))
        for key in (5, 7, 9)
    )


def refused(table):
    with pytest.raises(EventsRefusedError) as error:
        derive_periods(table)
    return list(error.value.problems)


def changed(table, row, **values):
    rows = table.with_columns(pl.col("kind").cast(pl.String)).to_dicts()
    rows[row] |= values
    return pl.DataFrame(rows, schema=dict(table.schema) | {"kind": pl.String()})


def test_a_table_of_events_is_taken_in_the_types_of_other_tools(table):
    wider = table.with_columns(
        pl.col("pathway").cast(pl.Int64),
        pl.col("number").cast(pl.Int32),
        pl.col("kind").cast(pl.String),
        pl.col("provider").cast(pl.Categorical),
    )
    assert derive_periods(wider).equals(derive_periods(table))
    assert derive_periods(table.lazy()).equals(derive_periods(table))


def test_columns_missing_unknown_and_of_another_type(table):
    other = table.drop("status").with_columns(nhs=pl.lit(1), day=pl.col("day").cast(pl.String))
    assert refused(other) == [
        "column day: found String, expected days",
        "column status: missing, expected text",
        "column nhs: unknown to a table of events",
    ]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"kind": "coffee"}, "column kind: pathway 7, entry 1: found 'coffee', expected a kind"),
        ({"day": None}, "column day: pathway 7, entry 1: found nothing, expected a day like"),
        ({"day": date(1850, 1, 1)}, "column day: pathway 7, entry 1: found '1850-01-01', expected"),
        ({"service": "tea"}, "column service: pathway 7, entry 1: found 'tea', expected one of"),
        ({"supersedes": ""}, "column supersedes: pathway 7, entry 1: found '', expected text"),
        ({"kind": "date_offered"}, "column offered_for: pathway 7, entry 1: found nothing"),
        ({"status": "42"}, "column status: pathway 7, entry 1: found '42', expected one of 10, 11"),
    ],
)
def test_values_that_no_event_can_have(table, values, problem):
    (found,) = refused(changed(table, 2, **values))
    assert found.startswith(problem)


def test_everything_wrong_is_said_at_once_in_all_parts(table):
    wrong = changed(changed(table, 0, service="tea"), 5, status="42")
    with pytest.raises(EventsRefusedError) as error:
        derive_tables(wrong, rows=2)
    assert [each.split(":")[0] for each in error.value.problems] == [
        "column service",
        "column status",
    ]


def test_what_a_kind_does_not_have_is_not_read(table):
    strange = changed(table, 2, purpose="coffee", offered_for=date(1850, 1, 1))
    assert derive_periods(strange).equals(derive_periods(table))


def test_rows_out_of_order(table):
    (found,) = refused(table.reverse())
    assert found.startswith("column number: pathway 9, row 1: found 2, expected the entries of a")
    (found,) = refused(pl.concat([table, table.head(2)]))
    assert found == "column pathway: found 5 in several places, expected in one (1 such)"
    (found,) = refused(table.with_columns(number=pl.lit(None, pl.UInt16)))
    assert found == "column number: row 1: found nothing"


def test_no_events_give_no_periods(table):
    found = derive_tables(table.clear())
    assert (len(found.periods), found.pathways, found.events) == (0, 0, 0)


def test_a_file_is_refused_by_its_name_and_nothing_is_written(table, tmp_path):
    file, out = tmp_path / "events.parquet", tmp_path / "periods.parquet"
    out.write_text("as it was")
    changed(table, 2, service="tea").write_parquet(file)
    with pytest.raises(EventsRefusedError, match=r"events\.parquet: column service: pathway 7"):
        derive_file(file, out)
    file.write_text("not Parquet")
    with pytest.raises(EventsRefusedError, match=r"events\.parquet: found no Parquet file"):
        derive_file(file, out)
    assert out.read_text() == "as it was"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["events.parquet", "periods.parquet"]


def test_a_folder_of_files_is_one_list(table, tmp_path):
    (tmp_path / "events").mkdir()
    table.head(2).write_parquet(tmp_path / "events" / "a.parquet")
    table.tail(4).write_parquet(tmp_path / "events" / "b.parquet")
    out, findings = tmp_path / "periods.parquet", tmp_path / "findings.parquet"
    found = derive_file(tmp_path / "events", out, findings=findings)
    assert found.pathways == 3
    assert pl.read_parquet(out).equals(derive_periods(table))
    assert len(pl.read_parquet(findings)) == 0
