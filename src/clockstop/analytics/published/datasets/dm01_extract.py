"""The monthly DM01 full extract: provider × commissioner × test, and a TOTAL row for each pair."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets import dm01_layout as dm01
from clockstop.analytics.published.datasets.completeness import are_fictional
from clockstop.analytics.published.datasets.dm01_tables import ACTIVITY, BANDS, KEYS, count, tables
from clockstop.analytics.published.fields import ODS_CODE, ODS_WORDS, Field, code, text, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import Reading
from clockstop.analytics.published.sums import Sum, broken_sums
from clockstop.core.codes import diagnostic_tests, icbs

LAYOUT = Layout(dm01.COLUMNS)
_NUMBERS = {test.code: test.number for test in diagnostic_tests()} | {
    dm01.TOTAL_TEST: dm01.TOTAL_NUMBER
}
_COUNTS = dict(zip((*BANDS, "waiting", *ACTIVITY, "total"), dm01.COUNTS, strict=True))
_PAIR = ("provider", "commissioner")
_SUMS = (
    Sum("waiting", BANDS, "the bands", dm01.TOTAL_WAITING),
    Sum("total", ACTIVITY, "the three kinds of activity", dm01.TOTAL_ACTIVITY),
)


def _month(cell: str) -> str:
    month = dm01.month_of(cell)
    if month is None:
        raise ValueError(cell)
    return month


def _test(cell: str) -> str:
    if cell not in _NUMBERS:
        raise ValueError(cell)
    return cell


def _organisation(
    name: str, column: str, named: str, *, optional: bool = False
) -> tuple[Field, Field]:
    return (
        code(name, column, ODS_CODE, ODS_WORDS, optional=optional),
        text(f"{name}_name", named, optional=optional),
    )


FIELDS = (
    Field("month", dm01.PERIOD, _month, pl.String, "a period as DM01-JANUARY-2025"),
    *_organisation("provider_icb", dm01.PROVIDER_ICB, dm01.PROVIDER_ICB_NAME, optional=True),
    *_organisation("provider", dm01.PROVIDER, dm01.PROVIDER_NAME),
    *_organisation("icb", dm01.COMMISSIONER_ICB, dm01.COMMISSIONER_ICB_NAME, optional=True),
    *_organisation("commissioner", dm01.COMMISSIONER, dm01.COMMISSIONER_NAME),
    count("number", dm01.TEST_NUMBER),
    Field("test", dm01.TEST, _test, pl.String, "a test as NON_OBSTETRIC_ULTRASOUND, or TOTAL"),
    *(count(name, column) for name, column in _COUNTS.items()),
)


def read(content: bytes, file: str) -> Reading:
    """Check an extract and make its tables. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    returns = typed(cells, file, FIELDS, key=(*_PAIR, "test")).with_columns(cells["row"])
    problems = [
        *_other_months(returns, file),
        *broken_sums(returns, file, _SUMS),
        *_misnumbered(returns, file),
        *_totals(returns, file),
    ]
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    tests = returns.filter(pl.col("test") != dm01.TOTAL_TEST)
    made = tables(pl.concat([_by_provider(tests), _by_commissioner(tests)]))
    return Reading(returns["month"][0], returns.height, made, facts=_facts(tests))


def _other_months(returns: pl.DataFrame, file: str) -> Iterator[Problem]:
    month = returns["month"][0]
    others = returns.filter(pl.col("month") != month).select("row", "month")
    for row, other in others.rows():
        expected = f"{month}, as in the first row"
        yield Problem(file, "period", other, expected, row, dm01.PERIOD)


def _misnumbered(returns: pl.DataFrame, file: str) -> Iterator[Problem]:
    known = pl.col("test").replace_strict(_NUMBERS, return_dtype=pl.Int64)
    wrong = returns.with_columns(known=known).filter(pl.col("number") != pl.col("known"))
    for row, number, known_, test in wrong.select("row", "number", "known", "test").rows():
        expected = f"{known_}, which is {test}"
        yield Problem(file, "number", str(number), expected, row, dm01.TEST_NUMBER)


def _totals(returns: pl.DataFrame, file: str) -> Iterator[Problem]:
    """TOTAL rows that are missing, or are not the sums of their provider and commissioner."""
    is_total = pl.col("test") == dm01.TOTAL_TEST
    pairs = returns.group_by(_PAIR).agg(
        *(pl.col(name).filter(~is_total).sum().alias(f"{name}_sum") for name in _COUNTS),
        *(pl.col(name).filter(is_total).first() for name in _COUNTS),
        row=pl.col("row").filter(is_total).first(),
        first=pl.col("row").min(),
    )
    for first, *pair in pairs.filter(pl.col("row").is_null()).select("first", *_PAIR).rows():
        found = f"no TOTAL row of {' × '.join(pair)}"
        yield Problem(file, "no total", found, "one for each pair", first, dm01.TEST)
    for name, column in _COUNTS.items():
        each = Sum(name, (f"{name}_sum",), "the tests", column)
        yield from broken_sums(pairs.drop_nulls("row"), file, [each])


def _by_provider(tests: pl.DataFrame) -> pl.DataFrame:
    named = {"organisation": "provider", "name": "provider_name", "parent": "provider_icb"}
    return _summed(
        tests.with_columns(**{new: pl.col(old) for new, old in named.items()}), "provider"
    )


def _by_commissioner(tests: pl.DataFrame) -> pl.DataFrame:
    """By ICB; commissioners that belong to none stand for themselves."""
    own = tests.with_columns(
        organisation=pl.coalesce("icb", "commissioner"),
        name=pl.coalesce("icb_name", "commissioner_name"),
        parent="icb",
    )
    return _summed(own, "commissioner")


def _summed(tests: pl.DataFrame, basis: str) -> pl.DataFrame:
    regions = {icb.code: icb.region.code for icb in icbs()}
    region = pl.col("parent").replace_strict(regions, default=None, return_dtype=pl.String)
    keyed = tests.with_columns(basis=pl.lit(basis), region=region.first().over("organisation"))
    sums = pl.col(*BANDS, *ACTIVITY).sum()
    return keyed.group_by(KEYS, maintain_order=True).agg(pl.col("name").first(), sums)


def _facts(tests: pl.DataFrame) -> dict[str, int | float | str | bool]:
    over_6 = tests.select(pl.sum_horizontal(BANDS[6:]).sum()).item()
    return {
        "synthetic": are_fictional(tests["provider_name"]),
        "waiting": int(tests["waiting"].sum()),
        "over_6_weeks": int(over_6),
        "tests_done": int(tests["total"].sum()),
    }
