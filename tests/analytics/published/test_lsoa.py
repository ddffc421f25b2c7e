"""LSOAs: three look-ups, each whole, each code one that can be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.deprivation import AREAS
from clockstop.analytics.published.datasets.lsoa import LAYOUTS, LSOAS
from clockstop.analytics.published.lake import Lake

OLD, NEW = ([f"E01{number:06d}" for number in range(AREAS[year])] for year in ("2019", "2025"))
LEEDS = ["430000", "434000", "20", "53.80", "-1.55"]


def changes() -> list[list[str]]:
    """Each area unchanged, but that one was split into all those that are new."""
    kept = [[area, "U", area, "E08000035"] for area in OLD[1:]]
    split = [[OLD[0], "S", area, "E08000035"] for area in (OLD[0], *NEW[len(OLD) :])]
    return [*kept, *split, ["W01000001", "U", "W01000001", "W06000001"]]


def made(kind: str, rows: list[list[str]]) -> Sheet:
    return Sheet(list(LAYOUTS[kind].columns), rows)


FILES = {
    "changes": made("changes", changes()),
    "icbs": made("icbs", [[a, f"Leeds {a}", "15F", "E54000054", "QWO"] for a in NEW]),
    "centroids": made("centroids", [[area, *LEEDS] for area in OLD]),
}


@pytest.mark.parametrize("kind", ["changes", "icbs"])
def test_each_look_up_is_kept_under_its_name(kind: str) -> None:
    content = FILES[kind].bytes()
    assert recognise(content) is LSOAS
    reading = read(LSOAS, content)
    assert (reading.key, list(reading.tables)) == (kind, [kind])
    assert reading.tables[kind].height == len(FILES[kind].rows)


FAULTS: list[tuple[str, Callable[[Sheet], Sheet], str, int | None]] = [
    ("changes", lambda s: s.put(2, "lsoa11_code", "E01000000"), "change", 2),
    ("changes", lambda s: s.put(2, "change_code", "Z"), "value", 2),
    ("changes", lambda s: s.put(2, "ltla22_code", ""), "blank", 2),
    ("icbs", lambda s: s.drop([2]), "incomplete", None),
    ("icbs", lambda s: s.put(3, "lsoa21_code", NEW[0]), "duplicate", 3),
    ("icbs", lambda s: s.put(2, "icb24_code_nhs", "QZZ"), "unknown ICB", 2),
    ("icbs", lambda s: s.put(3, "icb24_code_nhs", "QF7"), "code", 3),
    ("centroids", lambda s: s.put(2, "latitude", "5.38"), "value", 2),
    ("centroids", lambda s: s.put(2, "longitude", "1.99"), "position", 2),
]


@pytest.mark.parametrize(("kind", "spoil", "fault", "row"), FAULTS)
def test_a_fault_is_refused(
    kind: str, spoil: Callable[[Sheet], Sheet], fault: str, row: int | None
) -> None:
    problems = refusals(LSOAS, spoil(FILES[kind].copy()).bytes())
    assert (fault, row) in [(problem.kind, problem.row) for problem in problems]


@pytest.mark.real_data
def test_the_published_look_ups_cover_england(lake: Lake, real_data: Path) -> None:
    names = ("lookup_lsoa11_lsoa21", "lookup_lsoa21_icb24", "lsoa11_postcode_mean_centroids")
    report = take(lake, *(real_data / "geography" / f"{name}.csv.gz" for name in names))
    assert {file.key: (file.rows, file.problems) for file in report.files} == {
        "changes": (35_795, []),
        "icbs": (33_755, []),
        "centroids": (32_844, []),
    }
    icbs = lake.scan(lake.catalogue().current("lsoa")["icbs"], "icbs").collect()
    assert icbs["icb"].n_unique() == 42
