"""Of each provider and week the last file counts; late ones are told, missing weeks never zero."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.wlmds.rows import PROVIDER, SUNDAY, at, submission
from tests.sizes import slow

from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.log import (
    LogRefusedError,
    added,
    current,
    due_on,
    empty_log,
    latest,
    received,
    submission_hash,
    with_latest,
)
from clockstop.analytics.wlmds.tables import TABLES

BEFORE = SUNDAY - timedelta(days=7)
MONDAY_NOON = at(36)


def logged(*files: tuple) -> pl.DataFrame:
    """A log of (provider, week, received, hash)."""
    log = empty_log()
    for provider, week, when, name in files:
        log = added(
            log,
            provider=provider,
            week_ending=week,
            received_at=when,
            file_name=f"{name}.zip",
            file_hash=name,
        )
    return log


def sent(provider: str, week: date, identifiers: list[str]) -> dict[str, pl.DataFrame]:
    one = submission(1)["open"]
    rows = [
        one.with_columns(
            provider_code=pl.lit(provider),
            week_ending_date=pl.lit(week),
            patient_pathway_identifier=pl.lit(each),
        )
        for each in identifiers
    ]
    return {"open": pl.concat([one.clear(), *rows])}


def rows_of(tables) -> list[tuple]:
    return (
        tables["open"]
        .select("provider_code", "week_ending_date", "patient_pathway_identifier")
        .rows()
    )


def test_a_corrected_submission_replaces_the_one_before_wholly():
    log = logged(
        (PROVIDER, SUNDAY, MONDAY_NOON, "first"),
        (PROVIDER, BEFORE, MONDAY_NOON, "other week"),
        (PROVIDER, SUNDAY, at(60), "corrected"),
    )
    files = {
        "first": sent(PROVIDER, SUNDAY, ["A", "B", "C"]),
        "corrected": sent(PROVIDER, SUNDAY, ["A", "D"]),
        "other week": sent(PROVIDER, BEFORE, ["A"]),
    }
    found = current(files, log)
    assert list(found) == list(TABLES)
    assert rows_of(found) == [
        (PROVIDER, BEFORE, "A"),
        (PROVIDER, SUNDAY, "A"),
        (PROVIDER, SUNDAY, "D"),
    ]
    last = latest(log).select("week_ending_date", "file_hash", "sequence", "corrected").rows()
    assert last == [(BEFORE, "other week", 1, False), (SUNDAY, "corrected", 2, True)]


def test_a_file_has_no_say_about_another_provider_or_week():
    log = logged((PROVIDER, SUNDAY, MONDAY_NOON, "a"))
    file = {
        "open": pl.concat(
            [
                sent(PROVIDER, SUNDAY, ["A"])["open"],
                sent(PROVIDER, BEFORE, ["B"])["open"],
                sent("RHQ", SUNDAY, ["C"])["open"],
            ]
        )
    }
    assert rows_of(current({"a": file}, log)) == [(PROVIDER, SUNDAY, "A")]


def test_the_latest_files_must_be_there():
    log = logged((PROVIDER, SUNDAY, at(30), "old"), (PROVIDER, SUNDAY, at(31), "new"))
    with pytest.raises(LogRefusedError, match="not all there: new"):
        current({"old": sent(PROVIDER, SUNDAY, [])}, log)


def test_a_week_without_a_file_is_missing_and_one_of_nobody_is_not():
    log = logged(
        (PROVIDER, SUNDAY, MONDAY_NOON, "nobody waits"),
        ("RHQ", BEFORE, at(36), "eight days on"),
    )
    found = received(log, [PROVIDER, "RHQ"], [BEFORE, SUNDAY])
    assert found.select("provider_code", "week_ending_date", "state", "sequence").rows() == [
        (PROVIDER, BEFORE, "missing", None),
        (PROVIDER, SUNDAY, "received", 1),
        ("RHQ", BEFORE, "late", 1),
        ("RHQ", SUNDAY, "missing", None),
    ]


@pytest.mark.parametrize(
    ("hours", "is_late"), [(24, False), (95.9, False), (96, True), (200, True)]
)
def test_a_file_is_late_after_the_last_day_for_its_week(hours, is_late):
    log = logged((PROVIDER, SUNDAY, at(hours), "a"))
    assert due_on(SUNDAY) == SUNDAY + timedelta(days=3)
    assert latest(log)["late"].to_list() == [is_late]


def test_of_weeks_without_a_rule_nobody_can_say_whether_they_are_late():
    long_ago = date(2019, 12, 29)
    assert due_on(long_ago) is None
    assert latest(logged((PROVIDER, long_ago, at(0), "a")))["late"].to_list() == [None]


def test_the_log_only_grows():
    log = logged((PROVIDER, SUNDAY, at(30), "a"))
    more = added(
        log,
        provider=PROVIDER,
        week_ending=SUNDAY,
        received_at=at(31),
        file_name="b.zip",
        file_hash="b",
    )
    assert more.head(1).equals(log)
    assert more["sequence"].to_list() == [1, 2]
    with pytest.raises(LogRefusedError, match="a week ends on a Sunday"):
        logged((PROVIDER, SUNDAY + timedelta(days=1), at(30), "a"))
    with pytest.raises(LogRefusedError, match="but the log has a file of"):
        logged((PROVIDER, SUNDAY, at(30), "a"), (PROVIDER, SUNDAY, at(29), "b"))


def test_the_hash_is_of_names_and_contents(tmp_path):
    file = tmp_path / "open.csv"
    file.write_bytes(b"a")
    assert submission_hash({"open": b"a", "asi": b"b"}) == submission_hash(
        {"asi": b"b", "open": file}
    )
    assert (
        len({submission_hash(each) for each in ({"open": b"a"}, {"open": b"b"}, {"asi": b"a"})})
        == 3
    )


entry = st.tuples(st.sampled_from(["RR8", "RHQ"]), st.integers(0, 2), st.integers(0, 400))


@slow(40)
@given(st.lists(entry, max_size=12))
def test_any_log_counts_the_last_file_of_each_week(entries):
    """Held against the words of the rule, entry by entry."""
    entries.sort(key=lambda each: each[2])
    files = [
        (provider, SUNDAY - timedelta(weeks=weeks), at(hours), f"{place:064x}")
        for place, (provider, weeks, hours) in enumerate(entries)
    ]
    log = logged(*files)
    expected = {(provider, week): (when, name) for provider, week, when, name in files}
    found = {
        (row["provider_code"], row["week_ending_date"]): (row["received_at"], row["file_hash"])
        for row in latest(log).iter_rows(named=True)
    }
    assert found == expected
    marked = with_latest(log)
    faults = check({**submission(10), "log": marked})
    assert faults.is_empty()
    submissions = {name: sent(provider, week, [name[-20:]]) for provider, week, _, name in files}
    assert sorted(rows_of(current(submissions, log))) == sorted(
        (provider, week, name[-20:]) for (provider, week), (_, name) in expected.items()
    )
