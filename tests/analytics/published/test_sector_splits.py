"""Orthopaedic and ophthalmic care by sector: three layouts, one long table."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.sector_splits import LAYOUTS, SECTOR_SPLITS
from clockstop.analytics.published.lake import Lake


def made(kind: str, *rows: str) -> Sheet:
    return sheet(f"{kind}.csv", ",".join(LAYOUTS[kind].columns), rows)


FILES = {
    "groups": made(
        "groups",
        "1,2018-02-01,London,Inpatient admissions,25,Independent Sector,25",
        "2,2018-02-01,London,Inpatient admissions,25,NHS,75",
        "3,2018-02-01,Midlands,Inpatient admissions,0,Independent Sector,0",
        "4,2018-02-01,Midlands,Inpatient admissions,0,NHS,0",
    ),
    "england": made(
        "england",
        "1,2018-02-01,Independent Sector,Orthopaedic,Inpatient admissions,12",
        "2,2018-02-01,Independent Sector,Orthopaedic,Cost (£),1234.56",
        "3,2018-02-01,NHS,Orthopaedic,Outpatient appointments,7",
    ),
    "procedures": made(
        "procedures",
        "1,2018-02-01,Independent Sector,Ophthalmology,Cataract,10,2,12",
        "2,2018-02-01,NHS,Ophthalmology,Cornea and Sclera,9,2,11",
    ),
}
NAME = "4-1-2 National trends.csv"


@pytest.mark.parametrize(
    ("kind", "key", "rows"),
    [
        ("groups", "orthopaedic-region", 4),
        ("england", "orthopaedic-england", 2),
        ("procedures", "ophthalmic-procedure", 4),
    ],
)
def test_each_layout_becomes_the_same_long_table(kind: str, key: str, rows: int) -> None:
    assert recognise(FILES[kind].bytes()) is SECTOR_SPLITS
    reading = read(SECTOR_SPLITS, FILES[kind].bytes(), NAME)
    splits = reading.tables["splits"]
    assert (reading.key, splits.height) == (key, rows)
    assert splits.columns == ["month", "specialty", "split", "group", "setting", "sector", "n"]
    assert set(splits["sector"]) == {"independent", "nhs"}


def test_costs_stand_apart_from_counts() -> None:
    costs = read(SECTOR_SPLITS, FILES["england"].bytes()).tables["costs"]
    assert costs.rows() == [("2018-02", "orthopaedic", "independent", 1234.56)]


@pytest.mark.parametrize(
    ("name", "specialty"),
    [
        (NAME, "orthopaedic"),
        ("4-2-3 National trends.csv", "ophthalmic"),
        ("1-1-1 Sub-national ophthalmic trends.csv", "ophthalmic"),
        ("Orthopaedic.csv", "orthopaedic"),
    ],
)
def test_the_specialty_of_groups_stands_in_the_name(name: str, specialty: str) -> None:
    splits = read(SECTOR_SPLITS, FILES["groups"].bytes(), name).tables["splits"]
    assert set(splits["specialty"]) == {specialty}


def test_without_a_name_the_specialty_is_not_guessed() -> None:
    (problem,) = refusals(SECTOR_SPLITS, FILES["groups"].bytes(), "trends.csv")
    assert (problem.kind, problem.found) == ("name", "'trends'")


FAULTS: list[tuple[str, Callable[[Sheet], Sheet], str]] = [
    ("groups", lambda s: s.put(2, "value", 26), "share"),
    ("groups", lambda s: s.put(2, "prop", 26), "share"),
    ("groups", lambda s: s.drop([3]), "share"),
    ("groups", lambda s: s.put(4, "var_1", "White").put(5, "var_1", "White"), "mixed"),
    ("groups", lambda s: s.put(2, "var_1", "Wales"), "value"),
    ("groups", lambda s: s.put(3, "sector", "Independent Sector"), "duplicate"),
    ("england", lambda s: s.put(2, "value", 12.5), "value"),
    ("england", lambda s: s.put(2, "speciality", "Dentistry"), "value"),
    ("england", lambda s: s.put(2, "der_activity_month", "2018-02-28"), "value"),
    ("procedures", lambda s: s.put(2, "all_activity", 13), "sum"),
    ("procedures", lambda s: s.put(2, "n_spells_IP", ""), "blank"),
]


@pytest.mark.parametrize(("kind", "spoil", "fault"), FAULTS)
def test_a_fault_is_refused(kind: str, spoil: Callable[[Sheet], Sheet], fault: str) -> None:
    problems = refusals(SECTOR_SPLITS, spoil(FILES[kind].copy()).bytes(), NAME)
    assert {problem.kind for problem in problems} == {fault}


def test_years_are_not_taken_for_months() -> None:
    head = b'"","year","var_1","name","sector","value","prop"\n'
    assert not SECTOR_SPLITS.recognises(head)


@pytest.mark.real_data
def test_fifths_of_deprivation_add_up_to_england(lake: Lake, real_data: Path) -> None:
    """Charts 4-1-3 and 4-2-3 against 1-3-1 and 1-3-2 of the same publication."""
    report = take(lake, real_data / "independent-sector")
    assert not any(file.problems for file in report.files)
    current = lake.catalogue().current("sector_splits")
    assert len(current) == 10
    keys = ["month", "setting", "sector"]
    for specialty in ("orthopaedic", "ophthalmic"):
        england, fifths = (
            lake.scan(current[f"{specialty}-{split}"], "splits")
            .group_by(keys)
            .agg(pl.col("n").sum())
            .sort(keys)
            .collect()
            for split in ("england", "deprivation")
        )
        assert england.equals(fifths)
