"""Summaries hold what the list statistics of the same pathways say, for every kind of area."""

from itertools import product

import polars as pl
import pytest

from clockstop.analytics.lists.statistics import list_statistics
from clockstop.analytics.lists.tables import waits_table
from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.summaries import ALL_SECTORS, COLUMNS, KEYS, month_summaries
from clockstop.analytics.published.pathways import NoDataError, scan_pathways
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND, icbs
from clockstop.core.types import Month

MONTH = Month(2025, 9)
COUNTS = [name for name in COLUMNS if not name.endswith("_weeks") or name.startswith("over_")]
COUNTS = [name for name in COUNTS if not name.startswith("pct_")]
WAITS = [name for name in COLUMNS if name.endswith(("median_weeks", "p92_weeks", "p95_weeks"))]
SHARE = "pct_over_52_weeks"
FIGURES = [*(name for name in COLUMNS if name != SHARE), *(f"{name}_open" for name in WAITS)]
KINDS = {
    (AreaKind.ENGLAND, Basis.PROVIDER): "england",
    (AreaKind.REGION, Basis.PROVIDER): "region",
    (AreaKind.ICB, Basis.PROVIDER): "icb",
    (AreaKind.PROVIDER, Basis.PROVIDER): "provider",
    (AreaKind.ICB, Basis.COMMISSIONER): "commissioner_icb",
}


@pytest.fixture(scope="module")
def summary(synthetic_lake) -> pl.DataFrame:
    return month_summaries(synthetic_lake, [MONTH])


def of(summary, kind, basis, sector=ALL_SECTORS) -> pl.DataFrame:
    has_sector = pl.col("sector") == sector if sector else pl.col("sector") != ALL_SECTORS
    return summary.filter(pl.col("kind") == kind, pl.col("basis") == basis, has_sector)


def rows_of(table: pl.DataFrame, *keys: str) -> dict[tuple, tuple]:
    """Every row's figures by its keys, without the groups that have no code."""
    found = {row[: len(keys)]: row[len(keys) :] for row in table.select(*keys, *FIGURES).rows()}
    return {key: figures for key, figures in found.items() if None not in key}


def near(figures: tuple) -> tuple:
    """Counts exactly, waits and shares as good as exactly; what is not known stays so."""
    return tuple(
        pytest.approx(figure, rel=0, abs=1e-9) if isinstance(figure, float) else figure
        for figure in figures
    )


@pytest.mark.parametrize(
    ("area", "sectors", "functions"),
    [
        (area, *how)
        for area, *how in product(KINDS, (False, True), (False, True))
        if area[0] is not AreaKind.PROVIDER or not how[0]
    ],
)
def test_every_figure_is_that_of_the_list_statistics(
    summary, synthetic_lake, area, sectors, functions
):
    kind, basis = area
    by = [KINDS[area], *["sector"] * sectors, *["function"] * functions]
    expected = rows_of(waits_table(synthetic_lake, MONTH, by), *by)
    total = pl.col("function") == ALL_FUNCTIONS.code
    ours = of(summary, kind, basis, "" if sectors else ALL_SECTORS)
    ours = ours.filter(~total if functions else total)
    found = rows_of(ours, "code", *["sector"] * sectors, *["function"] * functions)
    assert found.keys() == expected.keys()
    for key, figures in expected.items():
        assert found[key] == near(figures), key


def test_the_share_over_a_year_is_of_the_list(summary):
    for over, size, share in summary.select("over_52_weeks", "incomplete_pathways", SHARE).rows():
        assert share == (pytest.approx(over / size) if size else None)


def test_a_provider_is_of_one_sector_and_has_one_basis(summary):
    rows = summary.filter(pl.col("kind") == AreaKind.PROVIDER)
    assert set(rows["sector"]) == {ALL_SECTORS}
    assert set(rows["basis"]) == {Basis.PROVIDER}


def test_a_regions_people_are_those_of_its_icbs(summary, synthetic_lake):
    regions = {icb.code: icb.region.code for icb in icbs()}
    pathways = scan_pathways(synthetic_lake, [MONTH], ["commissioner_icb"]).collect()
    icb = pl.col("commissioner_icb").cast(pl.String)
    placed = pathways.filter(pl.col("commissioner_icb").is_not_null()).with_columns(
        region=icb.replace_strict(regions, return_dtype=pl.String)
    )
    expected = rows_of(list_statistics(placed, ["region"], measures=COLUMNS), "region")
    ours = of(summary, AreaKind.REGION, Basis.COMMISSIONER)
    found = rows_of(ours.filter(pl.col("function") == ALL_FUNCTIONS.code), "code")
    assert found.keys() == expected.keys()
    for key, figures in expected.items():
        assert found[key] == near(figures), key


def test_england_is_the_sum_of_its_regions_and_of_its_sectors(summary):
    (england,) = totals(of(summary, AreaKind.ENGLAND, Basis.PROVIDER)).values()
    regions = totals(of(summary, AreaKind.REGION, Basis.PROVIDER))
    sectors = totals(of(summary, AreaKind.ENGLAND, Basis.PROVIDER, ""), "sector")
    assert len(regions) == 7
    assert set(sectors) <= {"nhs_trust", "independent", "community_or_gp", "unknown"}
    assert [sum(column) for column in zip(*regions.values(), strict=True)] == list(england)
    assert [sum(column) for column in zip(*sectors.values(), strict=True)] == list(england)


def test_the_people_of_icbs_are_fewer_than_england_has_by_the_hubs(summary):
    (england,) = totals(of(summary, AreaKind.ENGLAND, Basis.PROVIDER)).values()
    boards = totals(of(summary, AreaKind.ICB, Basis.COMMISSIONER))
    regions = totals(of(summary, AreaKind.REGION, Basis.COMMISSIONER))
    of_boards = [sum(column) for column in zip(*boards.values(), strict=True)]
    assert of_boards == [sum(column) for column in zip(*regions.values(), strict=True)]
    assert 0 < of_boards[0] < england[0]


def totals(table: pl.DataFrame, key: str = "code") -> dict[str, tuple]:
    every = table.filter(pl.col("function") == ALL_FUNCTIONS.code)
    return {row[0]: row[1:] for row in every.select(key, *COUNTS).rows()}


def test_hubs_and_other_countries_are_in_nobodys_people(story_lake):
    """Leeds has 109 waits of an ICB's people, 10 of a hub's and 1,000 of another country's."""
    summary = month_summaries(story_lake, [MONTH])
    sizes = {
        (row["kind"], row["code"], row["basis"]): row["incomplete_pathways"]
        for row in summary.rows(named=True)
        if row["sector"] == ALL_SECTORS and row["function"] == ALL_FUNCTIONS.code
    }
    assert sizes["provider", "RR8", "provider"] == 119
    assert sizes["icb", "QWO", "provider"] == 139
    assert sizes["icb", "QWO", "commissioner"] == 129
    assert sizes["england", ENGLAND, "provider"] == 179
    assert ("provider", "RR8", "commissioner") not in sizes


def test_months_together_are_the_same_as_alone(summary, synthetic_lake):
    together = month_summaries(synthetic_lake, [MONTH.plus(-1), MONTH])
    assert together.filter(pl.col("month") == str(MONTH)).equals(summary)
    assert together["month"].n_unique() == 2


def test_no_key_comes_twice(summary):
    assert summary.select(KEYS).is_duplicated().sum() == 0


def test_a_month_that_is_not_held(synthetic_lake):
    with pytest.raises(NoDataError):
        month_summaries(synthetic_lake, [Month(2019, 1)])
