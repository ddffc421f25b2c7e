"""Surgical hubs: each once, with its kind, and where there can be one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.surgical_hubs import LAYOUT, SURGICAL_HUBS
from clockstop.analytics.published.lake import Lake

FILE = sheet(
    "hubs.csv",
    ",".join(LAYOUT.columns),
    (
        "West Yorkshire,Leeds Teaching Hospitals,Chapel Allerton,Unknown,Integrated Hub,Existing,-1.53,53.82",
        "West Yorkshire,Leeds Teaching Hospitals,Wharfedale,2022-08,Stand-alone Hub,New,-1.69,53.91",
    ),
)


def test_a_hub_keeps_its_kind_and_when_it_opened() -> None:
    assert recognise(FILE.bytes()) is SURGICAL_HUBS
    table = read(SURGICAL_HUBS, FILE.bytes()).tables["hubs"]
    assert table.select("name", "kind", "opened", "is_new").rows() == [
        ("Chapel Allerton", "integrated", None, False),
        ("Wharfedale", "stand_alone", "2022-08", True),
    ]


def test_odd_spaces_are_one_space() -> None:
    odd = FILE.copy().put(2, "Hub Name", "Chapel\u00a0Allerton ")
    assert read(SURGICAL_HUBS, odd.bytes()).tables["hubs"]["name"][0] == "Chapel Allerton"


FAULTS: list[tuple[Callable[[Sheet], Sheet], str]] = [
    (lambda s: s.put(2, "Type of Hubs", "Large Hub"), "value"),
    (lambda s: s.put(2, "Date opened", "August 2022"), "value"),
    (lambda s: s.put(2, "q2wHide_New or Existing", "Yes"), "value"),
    (lambda s: s.put(2, "Hub Name", ""), "blank"),
    (lambda s: s.put(3, "Hub Name", "Chapel Allerton"), "duplicate"),
    (lambda s: s.put(2, "longitude", "1.53"), "position"),
]


@pytest.mark.parametrize(("spoil", "kind"), FAULTS)
def test_a_fault_is_refused(spoil: Callable[[Sheet], Sheet], kind: str) -> None:
    problems = refusals(SURGICAL_HUBS, spoil(FILE.copy()).bytes())
    assert [problem.kind for problem in problems] == [kind]


@pytest.mark.real_data
def test_the_published_hubs(lake: Lake, real_data: Path) -> None:
    (file,) = take(lake, real_data / "organisations" / "girft_elective_hubs_dec2022.csv").files
    assert (file.data_set, file.rows, file.problems) == ("surgical_hubs", 145, [])
