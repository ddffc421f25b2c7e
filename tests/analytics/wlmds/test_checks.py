"""The quick checks find what a slow reading of each row finds; and just the faults put in."""

import random
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.wlmds import oracle
from tests.analytics.wlmds.rows import IDENTIFIER, PROVIDER, START, SUNDAY, day, submission
from tests.analytics.wlmds.samples import ROWS
from tests.sizes import slow

from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.reading import read_submission
from clockstop.analytics.wlmds.rules import rules
from clockstop.analytics.wlmds.tables import TABLES, column, columns, schema
from clockstop.analytics.wlmds.writing import file_of

NEAR = [day(before) for before in (-1, 0, 1, 6, 7, 8, 60)]
DAYS = [None, *NEAR, date(1900, 1, 1), date(1899, 12, 30)]
WORDS = {
    "provider_code": [PROVIDER, PROVIDER, "RHQ", "rr8"],
    "pseudo_nhs_number": ["a" * 64, "b" * 64, "9990000018", "999 000 0018", "A" * 64],
    IDENTIFIER: ["0" * 20, "1" * 20, "short"],
    "organisation_code_patient_pathway_identifier_issuer": ["X09", PROVIDER],
    "referral_identifier": ["R1", "R2", "a b"],
    "commissioner_code": ["15F", "NONC", "7A3", "x"],
    "treatment_function_code": ["110", "C_110", "ZZZ", "10"],
    "week_ending_date": [SUNDAY, SUNDAY, day(7), day(3), date(1900, 1, 1)],
}


def pool(name: str) -> list:
    """Values that a column of any table may meet: good ones, near misses and none."""
    found = next(column(table, name) for table in TABLES if name in schema(table))
    if name in WORDS:
        return [None, *WORDS[name]]
    if found.type == "day":
        return DAYS
    if found.codes:
        return [None, "?", *found.codes]
    return [None, "X", "a b", "000000000001"]


def drawn_tables(seed: int, sizes: list[int]) -> dict[str, pl.DataFrame]:
    """Tables of random values."""
    drawn = random.Random(seed)

    def row(table: str) -> dict:
        return {
            each.name: None if each.type == "time" else drawn.choice(POOLS[each.name])
            for each in columns(table)
        }

    return {
        table: pl.DataFrame([row(table) for _ in range(size)], schema=schema(table))
        for table, size in zip(TABLES, sizes, strict=True)
    }


POOLS = {each.name: pool(each.name) for table in TABLES for each in columns(table)}
OF_LOG = {rule.id for rule in rules().values() if rule.tables == ("log",)}


@slow(60)
@given(seed=st.integers(0, 2**32), sizes=st.lists(st.integers(0, 12), min_size=6, max_size=6))
def test_the_quick_checks_are_the_slow_ones(seed, sizes):
    tables = drawn_tables(seed, sizes)
    found = check(tables, provider=PROVIDER, week_ending=SUNDAY)
    slow = oracle.faults(tables, PROVIDER, SUNDAY)
    assert set(found.select("table", "row", "column", "rule").rows()) == slow
    assert len(found) == len(slow)


def test_the_values_drawn_break_every_rule_about_rows():
    """Or else the test above would say little."""
    tables = drawn_tables(1, [800] * 6)
    found = set(check(tables, provider=PROVIDER, week_ending=SUNDAY)["rule"])
    tried = {rule.id for rule in rules().values() if rule.stage != "reading"}
    assert tried - found == {"table-missing", "open-empty"} | OF_LOG


def seeded(size: int, faults: int, seed: int) -> tuple[dict[str, pl.DataFrame], set]:
    """A submission with so many faults, each in a row of its own; and where they are."""
    drawn = random.Random(seed)
    tables = submission(size)
    held = {name: tables[name].to_dict(as_series=False) for name in TABLES}
    free = {name: _free(name, tables[name], drawn) for name in TABLES}
    rules_in_turn = [rule for rule in ROWS if rule != "start-before-week"]
    put: set = set()
    turn = 0
    while len(put) < faults:
        rule = rules_in_turn[turn % len(rules_in_turn)]
        turn += 1
        sample = ROWS[rule]
        if not free[sample.table]:
            continue
        at = free[sample.table].pop()
        lent = _lent(sample, held, free)
        for name, value in (lent | sample.wrong).items():
            held[sample.table][name][at] = _own(rule, name, value, at)
        put.add((sample.table, at + 2, sample.column, rule))
    return {name: pl.DataFrame(held[name], schema=schema(name)) for name in TABLES}, put


def _free(name: str, table: pl.DataFrame, drawn: random.Random) -> list[int]:
    """Rows to put a fault into: none that the starts hold too, none that lends its key."""
    at = [
        place
        for place, start in enumerate(
            table[START] if START in table.columns else [None] * len(table)
        )
        if place and (name != "open" or start < day(6))
    ]
    drawn.shuffle(at)
    return at


def _lent(sample, held, free) -> dict:
    """The key of another row, which is left alone from then on; where there is one to lend."""
    if sample.like is None:
        return {}
    donors = free[sample.like]
    place = min(donors)
    donors.remove(place)
    if sample.like == sample.table:  # the later of two rows is the wrong one
        place = 0
    keys = ("pseudo_nhs_number", IDENTIFIER, "referral_identifier", START)
    return {name: held[sample.like][name][place] for name in keys}


def _own(rule: str, name: str, value, at: int):
    """Made-up identifiers must not meet."""
    return f"{at:020}X"[1:] if rule == "start-unlisted" and name == IDENTIFIER else value


def test_just_the_faults_put_in_are_reported():
    tables, put = seeded(4_000, 250, seed=7)
    assert len({rule for *_, rule in put}) == len(ROWS) - 1
    read = read_submission({name: file_of(name, tables[name]) for name in TABLES})
    found = check(read.tables, provider=PROVIDER, week_ending=SUNDAY)
    assert read.faults.is_empty()
    assert set(found.select("table", "row", "column", "rule").rows()) == put


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_a_thousand_faults_among_a_hundred_thousand_rows(seed):
    tables, put = seeded(100_000, 1_000, seed)
    read = read_submission({name: file_of(name, tables[name]) for name in TABLES})
    found = check(read.tables, provider=PROVIDER, week_ending=SUNDAY)
    assert read.faults.is_empty()
    assert len(put) == 1_000
    assert set(found.select("table", "row", "column", "rule").rows()) == put


def test_rows_keep_their_numbers_in_the_file():
    tables = submission(20)
    numbered = tables["open"].with_row_index("row", offset=100).sort("row", descending=True)
    wrong = numbered.with_columns(commissioner_code=pl.lit("NONC"))
    found = check({**tables, "open": wrong})
    assert found["row"].to_list() == list(range(100, 120))


def test_of_a_cell_that_could_not_be_read_nothing_more_is_said():
    tables = submission(20)
    blank = tables["open"].with_columns(
        pl.lit(None, pl.Date).alias(START), unread=pl.lit(f"due_date {START}")
    )
    assert "start-missing" not in set(check({**tables, "open": blank})["rule"])
    lost = blank.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in schema("open").items()
    ).with_columns(unread=pl.lit("*"))
    found = check({**tables, "open": lost})
    assert set(found["table"]) == {"starts"}


def test_the_week_is_that_of_most_rows():
    tables = submission(30)
    other = SUNDAY - timedelta(days=7)
    one = pl.int_range(pl.len()) == 3
    moved = tables["open"].with_columns(
        week_ending_date=pl.when(one).then(pl.lit(other)).otherwise("week_ending_date")
    )
    found = check({**tables, "open": moved})
    assert found.select("row", "rule", "expected").rows() == [(5, "week-differs", "2026-11-15")]
