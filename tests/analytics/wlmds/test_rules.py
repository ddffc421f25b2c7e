"""Every rule finds what breaks it, names its place, and leaves alone what only comes near."""

from datetime import date

import polars as pl
import pytest
from tests.analytics.wlmds.rows import PROVIDER, SUNDAY, changed, day, entries, submission
from tests.analytics.wlmds.samples import LOG, READING, ROWS, UNCHANGED, WHOLE

from clockstop.analytics.wlmds import row_checks, table_checks
from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.reading import read_submission
from clockstop.analytics.wlmds.rules import ERROR, FAULTS, WARNING, explained, rules
from clockstop.analytics.wlmds.tables import TABLES, schema

ROW = 3  # on an inpatient list, not begun in the week
PLACES = {"open": ROW}


@pytest.fixture(scope="module")
def whole():
    return submission(50)


@pytest.fixture(scope="module")
def many():
    return submission(1_600)


def found_in(tables):
    return [tuple(row) for row in check(tables).select("table", "row", "column", "rule").rows()]


def with_change(tables, table, row, change):
    return {**tables, table: changed(tables[table], row, change)}


def test_a_submission_without_fault_has_none(whole):
    assert check(whole).is_empty()
    assert dict(check(whole).schema) == dict(FAULTS)
    assert all(len(whole[name]) for name in TABLES)


def test_every_rule_has_a_sample_that_breaks_it():
    assert set(ROWS) | set(LOG) | set(WHOLE) | set(READING) == set(rules())


def test_every_rule_of_the_table_has_a_check_and_the_other_way_round():
    stages = {
        stage: {r.id for r in rules().values() if r.stage == stage} for stage in ("rows", "tables")
    }
    assert set(row_checks.CHECKS) == stages["rows"]
    assert set(table_checks.CHECKS) == stages["tables"]


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_says_what_is_wrong_and_how_to_mend_it(rule):
    assert rule.wrong.endswith(".")
    assert rule.mend.endswith(".")
    assert rule.severity in (ERROR, WARNING)
    assert rule.status in ("fact", "to verify", "design")
    assert rule.source
    assert set(rule.tables) <= {*TABLES, "log"}
    for table in rule.tables:
        if rule.columns:
            assert rule.columns_in(table), table


@pytest.mark.parametrize(("rule", "sample"), ROWS.items(), ids=ROWS)
def test_a_row_that_breaks_a_rule_is_found_by_it_alone(whole, rule, sample):
    row = PLACES.get(sample.table, 0)
    wrong = with_change(whole, sample.table, row, sample.change(whole))
    expected = {(sample.table, row + 2, sample.column, rule)}
    found = set(found_in(wrong))
    assert expected <= found
    assert {each[3] for each in found - expected} <= set(sample.more)


@pytest.mark.parametrize(("rule", "sample"), ROWS.items(), ids=ROWS)
def test_a_row_that_only_comes_near_is_left_alone(whole, rule, sample):
    row = PLACES.get(sample.table, 0)
    if rule in UNCHANGED:
        assert found_in(whole) == []
        return
    lent = sample.change(whole) if sample.like else {}
    right = with_change(whole, sample.table, row, lent | sample.right)
    assert rule not in {each[3] for each in found_in(right)}


@pytest.mark.parametrize(("rule", "logs"), LOG.items(), ids=LOG)
def test_a_log_that_breaks_a_rule(whole, rule, logs):
    wrong, right = (found_in({**whole, "log": entries(*rows)}) for rows in logs)
    assert {each[3] for each in wrong} == {rule}
    assert {each[0] for each in wrong} == {"log"}
    assert right == []


@pytest.mark.parametrize(("rule", "make"), WHOLE.items(), ids=WHOLE)
def test_a_submission_that_breaks_a_rule_as_a_whole(whole, rule, make):
    wrong, right = make
    assert [(row, name) for _, row, _, name in found_in(wrong(whole))] == [(None, rule)]
    assert rule not in {each[3] for each in found_in(right(whole))}


@pytest.mark.parametrize(("rule", "files"), READING.items(), ids=READING)
def test_a_file_that_breaks_a_rule(rule, files):
    wrong, right = (set(read_submission(each).faults["rule"]) for each in files)
    assert rule in wrong
    assert rule not in right


BESIDE = {  # what else a strange value in a column breaks
    "pseudo_nhs_number": {"person-differs"},
    "mutual_aid_accepting_provider": {"accepted-unmarked"},
}
VALUES = {"blank": None, "code": "?", "shape": "a b", "day-placeholder": date(1900, 1, 1)}
GENERIC = [
    (table, rule)
    for table in TABLES
    for rule in VALUES
    if table in rules()[rule].tables and rules()[rule].columns_in(table)
]


@pytest.mark.parametrize(("table", "rule"), GENERIC)
def test_each_column_with_codes_or_a_shape_or_a_day_is_held_to_it(many, table, rule):
    """One column after another is wrong, each in a row of its own."""
    names = rules()[rule].columns_in(table)
    free = [row for row in range(1, len(many[table])) if table != "open" or row % 10]
    held = many[table].to_dict(as_series=False)
    put = set()
    for row, name in zip(free, names, strict=False):
        held[name][row] = VALUES[rule]
        put.add((table, row + 2, name, rule))
    assert len(put) == len(names)
    found = set(found_in({**many, table: pl.DataFrame(held, schema=schema(table))}))
    assert put <= found
    beside = {"start-unlisted"} if table == "starts" else set()
    assert {each[3] for each in found - put} <= beside.union(*(BESIDE.get(n, ()) for n in names))


def test_a_fault_says_what_was_found_and_expected_and_how_to_mend_it(whole):
    wrong = with_change(whole, "stops", 0, {"referral_to_treatment_period_end_date": day(70)})
    (first, second) = explained(check(wrong)).iter_rows(named=True)
    assert (first["rule"], second["rule"]) == ("end-before-start", "end-outside-week")
    assert first["found"] == (f"{day(70)}, referral_to_treatment_period_start_date {day(60)}")
    assert second["expected"] == "2026-11-09 to 2026-11-15"
    assert second["severity"] == "error"
    assert second["wrong"] == "The clock stopped in another week."
    assert second["mend"].startswith("A stop found late belongs in a corrected submission")


def test_an_nhs_number_in_the_wrong_place_is_never_repeated(whole):
    wrong = with_change(whole, "asi", 0, {"pseudo_nhs_number": "9990000018"})
    assert check(wrong)["found"].to_list() == ["a number of 10 digits"]


def test_a_rule_with_a_date_holds_from_it_on(whole):
    sample = ROWS["priority-missing"]
    wrong = with_change(whole, "open", ROW, sample.wrong)
    assert rules()["priority-missing"].valid_from
    before = check(wrong, week_ending=day(7 * 400), provider=PROVIDER)
    after = check(wrong, week_ending=SUNDAY, provider=PROVIDER)
    assert "priority-missing" not in set(before["rule"])
    assert set(after["rule"]) == {"priority-missing"}


def test_who_sends_and_for_which_week_can_be_said(whole):
    assert set(check(whole, provider="RHQ")["rule"]) == {"provider-differs"}
    assert "week-differs" in set(check(whole, week_ending=day(7))["rule"])


def test_nothing_sent_is_every_table_missing():
    assert found_in({}) == [(name, None, None, "table-missing") for name in TABLES]
