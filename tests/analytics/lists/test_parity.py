"""One implementation, four engines: each must say what the plain-Python oracle says."""

import math
from random import Random

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sizes import slow

from clockstop.analytics.lists import oracle
from clockstop.analytics.lists.measures import MEASURES, Kind
from clockstop.analytics.lists.statistics import list_statistics
from clockstop.core.rtt.week_bands import open_band
from clockstop.core.types import Part

COLUMNS = ("month", "part", "region", "provider", "commissioner", "function", "band", "n")
BY = ["region", "function"]
MONTHS = ("2021-03", "2023-12", "2024-11", "2024-12", "2025-01")
OPEN = {f"{key}_open" for key, measure in MEASURES.items() if measure.kind is Kind.QUANTILE}

rows_of_return = st.fixed_dictionaries(
    {
        "month": st.sampled_from(MONTHS),
        "part": st.sampled_from([part.value for part in Part if part is not Part.NEW_PERIODS]),
        "region": st.sampled_from(["Y58", "Y60", None]),
        "provider": st.sampled_from(["RA1", "NT2"]),
        "commissioner": st.sampled_from(["15N", "NONC", None]),
        "function": st.sampled_from(["C_110", "C_130"]),
        "band": st.one_of(st.none(), st.integers(0, 104), st.sampled_from([0, 17, 18, 103, 104])),
        "n": st.integers(1, 60),
    }
) | st.builds(
    lambda month, n: dict(
        zip(COLUMNS, (month, "Part_3", None, "RA1", "15N", "C_110", None, n), strict=True)
    ),
    st.sampled_from(MONTHS),
    st.integers(1, 60),
)


def in_its_bands(row):
    """The row, in no band beyond the last of its month."""
    band = None if row["band"] is None else min(row["band"], open_band(row["month"]))
    return {**row, "band": band}


returns = st.lists(rows_of_return.map(in_its_bands), min_size=1, max_size=40)
SCHEMA = dict.fromkeys(COLUMNS, pl.String) | {"band": pl.Int16, "n": pl.Int32}


def polars_frame(rows):
    return pl.DataFrame(rows, schema=SCHEMA)


def polars_categorical(rows):
    frame = polars_frame(rows)
    codes = [name for name, dtype in SCHEMA.items() if dtype == pl.String]
    return frame.with_columns(
        pl.col("part").cast(pl.Enum(sorted(frame["part"].unique()))),
        pl.col(*(set(codes) - {"part"})).cast(pl.Categorical),
    )


def duckdb_relation(rows):
    return duckdb.connect().from_arrow(polars_frame(rows).to_arrow())


def pandas_frame(rows):
    return pd.DataFrame(rows, columns=list(COLUMNS))


def pandas_nullable(rows):
    return pandas_frame(rows).astype({"band": "Int16", "n": "Int32"})


ENGINES = {
    "polars": (polars_frame, pl.DataFrame, lambda table: table.rows(named=True)),
    "polars lazy": (
        lambda rows: polars_frame(rows).lazy(),
        pl.LazyFrame,
        lambda table: table.collect().rows(named=True),
    ),
    "polars categorical": (
        polars_categorical,
        pl.DataFrame,
        lambda table: table.rows(named=True),
    ),
    "duckdb": (
        duckdb_relation,
        duckdb.DuckDBPyRelation,
        lambda table: [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()],
    ),
    "pandas": (pandas_frame, pd.DataFrame, lambda table: table.to_dict("records")),
    "pandas nullable": (pandas_nullable, pd.DataFrame, lambda table: table.to_dict("records")),
}
engines = pytest.mark.parametrize("engine", ENGINES)


def agree(found, expected, by):
    """The same rows in any order: counts and flags equal, waits to the last digits."""
    keys = ("month", *by)
    found, expected = keyed(found, keys), keyed(expected, keys)
    assert found.keys() == expected.keys()
    for group, row in expected.items():
        assert set(found[group]) == {*keys, *MEASURES, *OPEN}
        for name, value in row.items():
            same = pytest.approx(value, rel=1e-13) if isinstance(value, float) else value
            assert found[group][name] == same, (group, name)


def keyed(rows, keys):
    rows = [{name: none_if_missing(value) for name, value in row.items()} for row in rows]
    by_key = {tuple(row[key] for key in keys): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


def none_if_missing(value):
    missing = value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))
    return None if missing else value


def compare(engine, rows, by, **options):
    make, kind, read = ENGINES[engine]
    found = list_statistics(make(rows), by, **options)
    assert isinstance(found, kind)
    agree(read(found), oracle.list_statistics(rows, by, **options), by)


@engines
@slow(40)
@given(rows=returns, min_count=st.sampled_from([0, 20]), include_nonc=st.booleans())
def test_any_return_gives_what_the_oracle_gives(engine, rows, min_count, include_nonc):
    compare(engine, rows, BY, min_count=min_count, include_nonc=include_nonc)


@pytest.fixture(scope="module")
def rich_return():
    """Five months of two regions, three providers and two functions, with every trap in it."""
    random = Random(18)
    rows = []
    for month in MONTHS:
        for provider, region in (("RA1", "Y58"), ("NT2", None), ("RA3", "Y60")):
            if (month, provider) == ("2024-12", "RA3"):
                continue  # a trust that did not submit is absent
            for function in ("C_110", "C_130"):
                for part in Part:
                    for _ in range(30):
                        band = min(int(random.expovariate(1 / 25)), open_band(month))
                        commissioner = "NONC" if random.random() < 0.1 else "15N"
                        unknown = part is Part.NEW_PERIODS or random.random() < 0.05
                        values = (month, part.value, region, provider, commissioner, function)
                        n = random.randint(1, 400)
                        rows.append(
                            dict(zip(COLUMNS, (*values, None if unknown else band, n), strict=True))
                        )
    return rows


@engines
@pytest.mark.parametrize("by", [[], ["function"], ["provider", "function"], ["region"]], ids=str)
def test_a_rich_return_gives_what_the_oracle_gives(engine, by, rich_return):
    compare(engine, rich_return, by)


@pytest.mark.spark
def test_spark_gives_what_the_oracle_gives(spark, rich_return):
    schema = "month string, part string, region string, provider string, commissioner string, "
    schema += "function string, band short, n int"
    values = [tuple(row[name] for name in COLUMNS) for row in rich_return]
    table = spark.createDataFrame(values, schema)
    found = list_statistics(table, BY)
    assert isinstance(found, type(table))
    rows = [row.asDict() for row in found.collect()]
    agree(rows, oracle.list_statistics(rich_return, BY), BY)
