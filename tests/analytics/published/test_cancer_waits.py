"""The cancer waiting times workbook: three standards in one table, every breakdown adding up."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.books import Book
from tests.analytics.published.helpers import read, refusals, take

from clockstop.analytics.published.datasets import cancer_layout as layout
from clockstop.analytics.published.datasets.cancer_waits import CANCER_WAITS
from clockstop.analytics.published.lake import Lake

PROVIDERS = {"RR8": ("LEEDS TEACHING HOSPITALS NHS TRUST", 2.0), "RHQ": ("SHEFFIELD", 1.0)}
ROUTES = {
    28: ("ALL ROUTES", "URGENT SUSPECTED CANCER", "NATIONAL SCREENING PROGRAMME"),
    31: ("ALL STAGES", "First Treatment", "Subsequent Treatment"),
    62: ("ALL ROUTES", "Urgent Suspected Cancer", "Screening"),
}
GROUPS = {
    "all": (layout.ALL_CANCERS,),
    "cancer": ("Breast", "Lung"),
    "modality": ("Surgery", "Other"),
}
UNIT = 4  # patients of one provider's unit, route and group; three of them in time


def cancer() -> Book:
    """A workbook whose made-up figures add up in every direction."""
    sheets: dict[str, list[list[object]]] = {"Frontpage": [["September 2025"]]}
    for name, of in layout.SHEETS.items():
        routes = ROUTES[of.days]
        if of.days == 28:
            routes = routes[:1] if of.breakdown == "all" else routes[1:]
        rows: list[list[object]] = [["A STANDARD"], ["Sep-25"], [], []]
        for part, route in enumerate(routes):
            rows += [[f"PART {part}"], [None, *[None] * 5, "PERCENTAGE"], _headings(of)]
            rows += _rows(of, route, 2 if route.startswith("ALL") else 1)
        width = max(map(len, rows))
        sheets[name] = [[*row, *[None] * (width - len(row))] for row in rows]
    return Book(sheets)


def _headings(of: layout.SheetLayout) -> list[object]:
    names = [column.removesuffix(" (band)") for column in of.columns]
    return [None, *(f"{n} (1)" if n == layout.CODE else n or " " for n in names)]


def _rows(of: layout.SheetLayout, route: str, routes: int) -> list[list[object]]:
    groups = GROUPS[of.breakdown]
    size = routes * (2 if of.breakdown == "all" else 1)
    rows: list[list[object]] = []
    for code, (name, units) in {**PROVIDERS, None: (layout.ENGLAND, 3.0)}.items():
        rows += [[None]] if code is None else []
        for group in groups:
            total = UNIT * units * size
            within = total * 0.75
            bands = [within, *[0] * (len(of.bands) - 2), total - within]
            labels = [group] if of.group else []
            rows.append(
                [
                    None,
                    code,
                    name,
                    route,
                    *labels,
                    total,
                    within,
                    total - within,
                    0.75,
                    None,
                    *bands,
                ]
            )
    return rows


BOOK = cancer()
BY_CANCER, ALL = "62-DAY (BY CANCER)", "62-DAY (ALL CANCER)"


def spoilt(change: Callable[[Book], object]) -> list[tuple[str, str, int | None, str | None]]:
    book = BOOK.copy()
    change(book)
    problems = refusals(CANCER_WAITS, book.bytes(), "b")
    return [(p.file.removeprefix("b » "), p.kind, p.row, p.column) for p in problems]


def test_providers_and_england_are_kept_apart_for_every_standard() -> None:
    reading = read(CANCER_WAITS, BOOK.bytes())
    providers, england = reading.tables["providers"], reading.tables["england"]
    assert (reading.key, set(providers["provider"]), set(england["provider"])) == (
        *("2025-09", {"RR8", "RHQ"}, {"ENG"}),
    )
    assert set(providers.select("standard", "breakdown").unique().rows()) == {
        (of.standard, of.breakdown) for of in layout.SHEETS.values()
    }
    kind = {"standard": "62_day", "breakdown": "cancer", "route": "screening", "group": "Lung"}
    (row,) = providers.filter(provider="RR8", **kind).rows(named=True)
    assert row == {
        "month": "2025-09", "provider": "RR8", "name": PROVIDERS["RR8"][0], **kind,
        "total": 8.0, "within": 6.0, "after": 2.0,
    }  # fmt: skip


def test_england_is_the_sum_of_the_providers_whatever_is_asked_for() -> None:
    tables = read(CANCER_WAITS, BOOK.bytes()).tables
    by = ["standard", "breakdown", "route", "group"]
    added = tables["providers"].group_by(by).agg(pl.col("total").sum()).sort(by)
    assert added.rows() == tables["england"].select(*by, "total").sort(by).rows()


def test_the_month_may_be_a_date_of_excel_s() -> None:
    book = BOOK.copy()
    for name in layout.SHEETS:
        book.put(name, "A2", "2025-09-01")
    assert read(CANCER_WAITS, book.bytes()).key == "2025-09"


@pytest.mark.parametrize(
    ("place", "value", "kind", "column"),
    [
        ("F8", 8.25, "value", "TOTAL"),
        ("F8", None, "blank", "TOTAL"),
        ("F8", 17, "sum", "TOTAL"),
        ("K8", 13, "sum", "TOTAL"),
        ("I8", 0.5, "share", "PERCENTAGE"),
        ("B8", None, "blank", "ODS CODE"),
        ("E9", "Breast", "duplicate", None),
        ("B10", "RR8", "duplicate", None),
        ("F7", "ALL", "header", "TOTAL"),
        ("O7", "MORE", "header", "IN 63 TO 76 DAYS"),
        ("A2", "Aug-25", "month", None),
        ("A2", "summer", "month", None),
        ("D8", "ALL STAGES", "england", "total"),
    ],
)
def test_each_fault_is_refused_and_named(
    place: str, value: object, kind: str, column: str | None
) -> None:
    problems = spoilt(lambda b: b.put(BY_CANCER, place, value))
    mine = [p for p in problems if p[:2] == (BY_CANCER, kind)]
    assert mine, problems
    assert mine[0][3] == column
    assert kind == "england" or mine[0][2] == int(place[1:])


def _shift(book: Book) -> None:
    """Move a patient from one provider to the other by cancer: England stays the same."""
    for row, patients in ((8, 1), (10, -1)):
        for column in "FK":
            book.put(BY_CANCER, f"{column}{row}", book.cell(BY_CANCER, f"{column}{row}") + patients)  # type: ignore[operator]
        within = book.cell(BY_CANCER, f"G{row}") + patients  # type: ignore[operator]
        book.put(BY_CANCER, f"G{row}", within)
        book.put(BY_CANCER, f"I{row}", within / book.cell(BY_CANCER, f"F{row}"))  # type: ignore[operator]


def test_breakdowns_must_add_up_to_the_whole_of_each_provider() -> None:
    problems = spoilt(_shift)
    assert {(kind, column) for _, kind, _, column in problems} == {
        ("breakdown", "total"),
        ("breakdown", "within"),
    }
    assert len(problems) == 4  # two providers, two counts


def test_faults_of_all_sheets_are_listed_at_once() -> None:
    problems = spoilt(lambda b: b.put(ALL, "F8", "x").put(BY_CANCER, "G8", "y"))
    assert [(sheet, kind) for sheet, kind, *_ in problems] == [(ALL, "value"), (BY_CANCER, "value")]


def test_a_missing_sheet_is_named() -> None:
    assert spoilt(lambda b: b.sheets.pop(ALL)) == [(ALL, "sheet", None, None)]


@pytest.mark.real_data
def test_the_published_workbook(real_data: Path, lake: Lake) -> None:
    take(lake, real_data / "cancer")
    revision = lake.catalogue().current("cancer_waits")["2025-09"]
    england = lake.scan(revision, "england").filter(breakdown="all").collect()
    whole = england.filter(pl.col("route").str.starts_with("all "))
    # Source: Cancer Waiting Times, provider workbook for September 2025 (final).
    assert set(whole.select("standard", "total", "within").rows()) == {
        ("28_day", 295_202.0, 217_972.0),
        ("31_day", 61_001.0, 55_638.0),
        ("62_day", 30_483.0, 20_733.0),
    }
    assert revision.warnings == 0
