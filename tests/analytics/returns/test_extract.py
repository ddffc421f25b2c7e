"""The written extract: its layout, whose it is, and what cannot be written."""

import csv

import polars as pl
import pytest
from tests.analytics.published.helpers import take

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import organisations
from clockstop.analytics.returns.extract import filed, write_extract
from clockstop.analytics.returns.figures import figures_of, read_figures
from clockstop.analytics.returns.names import Names, Organisation, known_names
from clockstop.analytics.returns.tables import (
    COUNTS,
    LEFT_OUT,
    REVISIONS,
    TO_REVISE,
    UNFILED,
    Return,
    table,
)
from clockstop.core.types import Month

SEPTEMBER = Month(2025, 9)
CELL = ("RAA", "15F", "C_110")
ROWS = (
    (*CELL, "Part_1A", 3, 2),
    (*CELL, "Part_1A", None, 1),
    (*CELL, "Part_2", 104, 4),
    ("RAA", "15F", "X05", "Part_2", 0, 1),
    ("RAA", "NONC", "X05", "Part_2", 0, 1),
    (*CELL, "Part_3", None, 7),
    ("RBB", "15F", "C_110", "Part_2", 9, 5),
)
NAMES = Names(
    {"RAA": Organisation("A TRUST", "QWO"), "RBB": Organisation("B TRUST", "QXX")},
    {"15F": Organisation("NHS LEEDS", "QWO")},
)


def a_return(*rows, month=SEPTEMBER):
    empty = {
        "left_out": table([], LEFT_OUT),
        "revisions": table([], REVISIONS),
        "to_revise": table([], TO_REVISE),
        "unfiled": table([], UNFILED),
    }
    return Return(month, table(rows, COUNTS), **empty, pathways=0, silent=0, by_hand=0)


@pytest.fixture
def rows(tmp_path):
    path = write_extract(a_return(*ROWS), NAMES, tmp_path / "new")
    with path.open(encoding="utf-8", newline="") as file:
        return path, list(csv.DictReader(file))


def _counts(row):
    return {name: int(row[name]) for name in layout.COUNTS if row[name] not in ("", "0")}


def test_the_layout_is_that_of_the_published_extract(rows):
    path, found = rows
    assert path.name == "20250930-RTT-September-2025-full-extract.csv"
    assert tuple(found[0]) == layout.COLUMNS
    assert path.read_bytes().endswith(b"\r\n")
    keys = (layout.PROVIDER, layout.COMMISSIONER, layout.PART, layout.FUNCTION)
    assert [tuple(row[key] for key in keys)[1:] for row in found if row[keys[0]] == "RAA"] == [
        ("15F", "Part_1A", "C_110"),
        ("15F", "Part_1A", "C_999"),
        ("15F", "Part_1B", "C_110"),
        ("15F", "Part_1B", "C_999"),
        ("15F", "Part_2", "C_110"),
        ("15F", "Part_2", "X05"),
        ("15F", "Part_2", "C_999"),
        ("15F", "Part_2A", "C_110"),
        ("15F", "Part_2A", "C_999"),
        ("15F", "Part_3", "C_110"),
        ("15F", "Part_3", "C_999"),
        ("NONC", "Part_2", "X05"),
        ("NONC", "Part_2", "C_999"),
    ]


def test_totals_stand_where_they_do_officially(rows):
    _, found = rows
    admitted, total, none, _, waiting, _, both, _, _, new, _, outside, *_ = found
    band = layout.BANDS[3]
    assert _counts(admitted) == {
        band: 2,
        layout.TOTAL: 2,
        layout.UNKNOWN_START: 1,
        layout.TOTAL_ALL: 3,
    }
    assert _counts(total) == _counts(admitted)
    assert _counts(none) == {}
    assert _counts(waiting) == {layout.BANDS[104]: 4, layout.TOTAL_ALL: 4}
    assert (waiting[layout.TOTAL], waiting[layout.UNKNOWN_START]) == ("", "")
    assert _counts(both) == {layout.BANDS[0]: 1, layout.BANDS[104]: 4, layout.TOTAL_ALL: 5}
    assert _counts(new) == {layout.TOTAL_ALL: 7}
    assert new[layout.BANDS[0]] == ""
    assert admitted[layout.PROVIDER_ICB_NAME] == "NHS WEST YORKSHIRE INTEGRATED CARE BOARD"
    assert (outside[layout.COMMISSIONER_ICB], outside[layout.COMMISSIONER_NAME]) == ("", "")


def test_one_provider_alone_with_a_part_that_has_nobody_is_taken_in(tmp_path):
    path = write_extract(a_return(*ROWS), NAMES, tmp_path, provider="RBB")
    assert path.name == "RBB-20250930-RTT-September-2025-full-extract.csv"
    lake = Lake(tmp_path / "home")
    take(lake, path)
    assert organisations(lake).filter(kind="provider")["code"].to_list() == ["RBB"]


def test_what_is_written_is_read_again(tmp_path):
    ret = a_return(*ROWS)
    again = read_figures(write_extract(ret, NAMES, tmp_path))
    order = ["provider", "commissioner", "function", "part", "band"]
    assert again.cells.sort(order).equals(figures_of(ret).cells.sort(order))
    assert again.stated.filter(pl.col("stated") != pl.col("added")).is_empty()


def test_what_the_layout_has_no_room_for_is_not_in_it():
    odd = (
        (None, "15F", "C_110", "Part_2", 1, 1),
        ("RAA", None, "C_110", "Part_2", 1, 1),
        ("RAA", "15F", None, "Part_2", 1, 1),
        (*CELL, "Part_2", None, 1),
        (*CELL, "Part_2A", None, 1),
    )
    assert filed(a_return(*ROWS, *odd), NAMES).equals(filed(a_return(*ROWS), NAMES))


@pytest.mark.parametrize(
    ("ret", "said"),
    [
        (a_return(*ROWS, month=Month(2021, 3)), "2021-03: expected a month from 2021-04"),
        (a_return(), "there is nothing to file for 2025-09"),
        (
            a_return(*ROWS, ("RZZ", "15F", "C_110", "Part_2", 1, 1)),
            "no ICB is known for provider RZZ",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_written(ret, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        write_extract(ret, NAMES, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_provider_without_counts_has_nothing_to_file(tmp_path):
    with pytest.raises(ValueError, match="nothing of RCC to file"):
        write_extract(a_return(*ROWS), NAMES, tmp_path, provider="RCC")


def test_names_come_from_the_lake_and_else_from_the_records(story_lake):
    records = pl.DataFrame({"provider": ["RR8", "RZZ"], "icb": ["QF7", "QOP"]})
    names = known_names(records, story_lake)
    assert names.providers["RR8"].name == "LEEDS TEACHING HOSPITALS NHS TRUST"
    assert names.providers["RZZ"] == Organisation("RZZ", "QOP")
    assert names.commissioners["13Q"] == Organisation("NATIONAL COMMISSIONING HUB 1", None)
    assert names.icb_name("QZZ") == "QZZ"
    assert known_names(records).providers["RR8"] == Organisation("RR8", "QF7")
