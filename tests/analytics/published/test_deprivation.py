"""Deprivation: an edition is taken whole, its deciles and scores as its ranks have them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.deprivation import AREAS, DEPRIVATION, LAYOUTS
from clockstop.analytics.published.lake import Lake


def edition(year: str) -> Sheet:
    """Every area of England, the most deprived first."""
    areas = AREAS[year]
    rows = [
        [f"E01{rank:06d}", str(-(-rank * 10 // areas)), str(rank), f"{90 - rank / 1000:.3f}"]
        for rank in range(1, areas + 1)
    ]
    columns = list(LAYOUTS[year].columns)
    return Sheet(columns, [row[: len(columns)] for row in rows])


FILES = {year: edition(year) for year in AREAS}


@pytest.mark.parametrize("year", FILES)
def test_an_edition_is_known_by_its_areas(year: str) -> None:
    content = FILES[year].bytes()
    assert recognise(content) is DEPRIVATION
    reading = read(DEPRIVATION, content)
    table = reading.tables["deprivation"]
    assert (reading.key, table.columns) == (year, ["lsoa", "rank", "decile", "score"])
    assert table.row(0)[:3] == ("E01000001", 1, 1)
    assert table.row(-1)[1:3] == (AREAS[year], 10)
    assert table["score"].is_null().all() == (year == "2019")


FAULTS: list[tuple[Callable[[Sheet], Sheet], str, int | None]] = [
    (lambda s: s.put(2, "IMD_decile", 2), "decile", 2),
    (lambda s: s.put(3, "IMD_score", 91), "score", 3),
    (lambda s: s.put(2, "IMD_rank", 0), "value", 2),
    (lambda s: s.put(2, "IMD_rank", ""), "blank", 2),
    (lambda s: s.put(2, "lsoa21_code", "W01000001"), "value", 2),
    (lambda s: s.put(3, "lsoa21_code", "E01000001"), "duplicate", 3),
    (lambda s: s.drop([2]), "incomplete", None),
]


@pytest.mark.parametrize(("spoil", "kind", "row"), FAULTS)
def test_a_fault_is_refused(spoil: Callable[[Sheet], Sheet], kind: str, row: int | None) -> None:
    problems = refusals(DEPRIVATION, spoil(FILES["2025"].copy()).bytes())
    assert [(problem.kind, problem.row) for problem in problems] == [(kind, row)]


@pytest.mark.real_data
def test_both_published_editions_are_whole(lake: Lake, real_data: Path) -> None:
    """Indices of Deprivation: 32,844 areas in 2019; 33,755 in 2025, each with a rank of its own."""
    names = ("imd2019_england_lsoa11.csv.gz", "imd2025_england_lsoa21.csv.gz")
    take(lake, *(real_data / "geography" / name for name in names))
    current = lake.catalogue().current("deprivation")
    ranks = {
        year: lake.scan(revision, "deprivation").collect()["rank"].n_unique()
        for year, revision in current.items()
    }
    assert {year: revision.rows for year, revision in current.items()} == AREAS
    assert ranks == {"2019": 32_818, "2025": 33_755}
