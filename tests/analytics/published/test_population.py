"""ONS populations: every year's sheet in one long table, whose ages add up."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.books import Book
from tests.analytics.published.helpers import read, refusals, take

from clockstop.analytics.published.datasets.population import AGES, POPULATION, fields
from clockstop.analytics.published.lake import Lake

PLACES = (
    ("E38000232", "NHS West Yorkshire ICB - X2C4Y", "E54000054", "NHS West Yorkshire Integrated Care Board"),
    ("E38000006", "NHS South Yorkshire ICB - 02P", "E54000061", "NHS South Yorkshire Integrated Care Board"),
)  # fmt: skip
REGION = ("E40000012", "North East and Yorkshire")


def population() -> Book:
    """Two years of two places; women of age a number a + 1, men 2. Data begin in row 5."""
    counts = [age + 1 for age in range(91)] + [2] * 91
    sheets: dict[str, list[list[object]]] = {"Cover sheet": [["Population estimates"]]}
    for year in (2023, 2024):
        head: list[object] = [field.column for field in fields("2024")]
        rows: list[list[object]] = [[*place, *REGION, sum(counts), *counts] for place in PLACES]
        title = [[text] for text in ("Estimates …", "One table.", "To turn off …")]
        sheets[f"Mid-{year} ICB 2024"] = [*title, head, *rows]
    return Book(sheets)


BOOK = population()
SHEET = "Mid-2024 ICB 2024"


def spoilt(change: Callable[[Book], object]) -> list[tuple[str, str, int | None, str | None]]:
    book = BOOK.copy()
    change(book)
    problems = refusals(POPULATION, book.bytes(), "b")
    return [(p.file.removeprefix("b » "), p.kind, p.row, p.column) for p in problems]


def test_each_place_has_a_row_for_each_year_sex_and_age() -> None:
    reading = read(POPULATION, BOOK.bytes())
    rows = reading.tables["population"]
    assert (reading.key, reading.rows, rows.height) == ("sub_icb", 2 * 2 * 182, 2 * 2 * 182)
    (row,) = rows.filter(year=2024, sub_icb="E38000006", sex="female", age=90).rows(named=True)
    assert row == {
        "year": 2024, "boundaries": 2024,
        **dict(zip(("sub_icb", "sub_icb_name", "icb", "icb_name"), PLACES[1], strict=True)),
        **dict(zip(("region", "region_name"), REGION, strict=True)),
        "icb_code": "QF7", "sex": "female", "age": 90, "n": 91,
    }  # fmt: skip


def test_another_year_s_boundaries_have_their_own_headings() -> None:
    book = BOOK.copy()
    rows = book.sheets.pop(SHEET)
    rows[3] = [field.column for field in fields("2026")]
    book.sheets["Mid-2025 ICB 2026"] = rows
    assert set(read(POPULATION, book.bytes()).tables["population"]["boundaries"]) == {2024, 2026}


def test_an_icb_that_we_do_not_list_has_no_code() -> None:
    book = BOOK.copy()
    for sheet in (SHEET, "Mid-2023 ICB 2024"):
        book.put(sheet, "D6", "NHS Ridings Integrated Care Board")
    rows = read(POPULATION, book.bytes()).tables["population"]
    assert set(rows["icb_code"]) == {"QWO", None}


@pytest.mark.parametrize(
    ("place", "value", "kind", "column"),
    [
        ("H6", "x", "value", "F0"),
        ("H6", -1, "value", "F0"),
        ("H6", 1.5, "value", "F0"),
        ("H6", None, "blank", "F0"),
        ("G6", 4000, "sum", "Total"),
        ("A6", "S08000015", "value", "SICBL 2024 Code"),
        ("A6", PLACES[0][0], "duplicate", None),
        ("C6", PLACES[0][2], "name", "icb_name"),
        ("E6", "E40000003", "name", "region"),
        ("H4", "F01", "header", "F0"),
        ("A4", "Code", "header", "SICBL 2024 Code"),
    ],
)
def test_each_fault_is_refused_and_named(
    place: str, value: object, kind: str, column: str | None
) -> None:
    row = None if place == "A4" else int(place[1:])
    change = lambda book: book.put(SHEET, place, value)  # noqa: E731
    if kind == "name" and column == "region":
        assert spoilt(lambda b: b.put(SHEET, "C6", PLACES[0][2]).put(SHEET, place, value))[1:] == [
            (SHEET, kind, 6, column)
        ]
    else:
        assert (SHEET, kind, row, column) in spoilt(change)


def test_faults_of_all_years_are_listed_at_once() -> None:
    problems = spoilt(lambda b: b.put("Mid-2023 ICB 2024", "H5", "?").put(SHEET, "I6", "?"))
    assert [(sheet, row) for sheet, _, row, _ in problems] == [("Mid-2023 ICB 2024", 5), (SHEET, 6)]


def test_a_sheet_without_rows_is_refused() -> None:
    book = BOOK.copy()
    book.sheets[SHEET] = book.sheets[SHEET][:4]
    assert [p.kind for p in refusals(POPULATION, book.bytes())] == ["empty"]


def test_it_is_known_by_any_year_s_sheet() -> None:
    assert POPULATION.recognises_sheets(["Notes", "Mid-2030 ICB 2029"])
    assert not POPULATION.recognises_sheets(["Mid-2024 LSOA 2021", "Notes"])


@pytest.mark.real_data
def test_the_published_workbook(real_data: Path, lake: Lake) -> None:
    take(lake, real_data / "population")
    (revision,) = lake.catalogue().current("population").values()
    rows = lake.scan(revision, "population").collect()
    england = dict(rows.group_by("year").agg(pl.col("n").sum()).rows())
    # Source: ONS, England's population estimates for mid-2022 to mid-2024 (November 2025).
    assert england == {2022: 57_144_395, 2023: 57_932_470, 2024: 58_620_101}
    assert (rows["sub_icb"].n_unique(), rows["icb_code"].n_unique(), len(AGES)) == (106, 42, 182)
    assert rows["icb_code"].null_count() == 0
