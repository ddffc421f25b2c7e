"""Community diagnostic centres: each once, and near its postcode."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.diagnostic_centres import DIAGNOSTIC_CENTRES, LAYOUT
from clockstop.analytics.published.lake import Lake

FILE = sheet(
    "cdcs.csv",
    ",".join(LAYOUT.columns),
    (
        "Existing,,Leeds CDC,Large CDC,West Yorkshire ICB,Leeds,LS9 7TF,Yes,NHS Acute site,,-1.52,53.81",
        "New,,Sheffield CDC,Spoke,South Yorkshire ICB,Sheffield,S5 7AU,No,,The Trust?,-1.46,53.41",
    ),
)


def test_a_centre_keeps_whether_it_is_live() -> None:
    assert recognise(FILE.bytes()) is DIAGNOSTIC_CENTRES
    table = read(DIAGNOSTIC_CENTRES, FILE.bytes()).tables["centres"]
    assert table.select("name", "postcode", "site_type", "host", "is_live", "is_new").rows() == [
        ("Leeds CDC", "LS9 7TF", "NHS Acute site", None, True, False),
        ("Sheffield CDC", "S5 7AU", None, "The Trust?", False, True),
    ]


FAULTS: list[tuple[Callable[[Sheet], Sheet], str]] = [
    (lambda s: s.put(2, "Live", "Soon"), "value"),
    (lambda s: s.put(2, "New / Existing", ""), "blank"),
    (lambda s: s.put(2, "Post Code", ""), "blank"),
    (lambda s: s.put(3, "Name of CDC / Spoke", "Leeds CDC"), "duplicate"),
    (lambda s: s.put(2, "latitude", "51.81"), "position"),
    (lambda s: s.put(2, "Post Code", "S5 7AU"), "position"),
]


@pytest.mark.parametrize(("spoil", "kind"), FAULTS)
def test_a_fault_is_refused(spoil: Callable[[Sheet], Sheet], kind: str) -> None:
    problems = refusals(DIAGNOSTIC_CENTRES, spoil(FILE.copy()).bytes())
    assert [problem.kind for problem in problems] == [kind]


@pytest.mark.parametrize(
    ("cell", "kept"), [("LS97TF", "LS9 7TF"), ("LS9 7TF\ufffd", "LS9 7TF"), ("LS9  7TF", "LS9 7TF")]
)
def test_a_postcode_typed_otherwise_is_tidied(cell: str, kept: str) -> None:
    reading = read(DIAGNOSTIC_CENTRES, FILE.copy().put(2, "Post Code", cell).bytes())
    assert (reading.tables["centres"]["postcode"][0], reading.warnings) == (kept, [])


def test_what_is_no_postcode_is_not_known_and_said() -> None:
    reading = read(DIAGNOSTIC_CENTRES, FILE.copy().put(2, "Post Code", "S022 5DG").bytes())
    assert reading.tables["centres"]["postcode"].to_list() == [None, "S5 7AU"]
    assert [(warning.kind, warning.row) for warning in reading.warnings] == [("postcode", 2)]


@pytest.mark.real_data
def test_the_published_centres(lake: Lake, real_data: Path) -> None:
    (file,) = take(lake, real_data / "organisations" / "girft_cdcs_nov2022.csv").files
    assert (file.data_set, file.rows) == ("diagnostic_centres", 128)
    assert [problem.found for problem in file.problems] == ["'S022 5DG'"]
