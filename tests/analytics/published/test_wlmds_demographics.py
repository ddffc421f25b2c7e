"""The WLMDS demographics workbook: all its sheets in one table, hidden figures as blanks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.books import Book
from tests.analytics.published.helpers import read, refusals, take

from clockstop.analytics.published.datasets import wlmds_layout as layout
from clockstop.analytics.published.datasets.wlmds_demographics import KEY, WLMDS_DEMOGRAPHICS
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import treatment_functions

WEEK, BEFORE = date(2026, 1, 25), date(2026, 1, 18)
UNIT = (100, 50, 35, 10, 5)  # total, within 18, 18 to 52, over 52, unknown
PROVIDERS = {  # key: how many units
    ("ENG", "ENGLAND", "ALL"): 24,
    ("ENG", "ENGLAND", "NHS ACUTE"): 20,
    ("ENG", "ENGLAND", "INDEPENDENT SECTOR"): 3,
    ("ENG", "ENGLAND", "OTHER"): 1,
    ("Y63", "NORTH EAST AND YORKSHIRE", "REGION"): 12,
    ("Y56", "LONDON", "REGION"): 8,
    ("QWO", "WEST YORKSHIRE ICB", "INTEGRATED CARE BOARD"): 12,
    ("QMF", "NORTH EAST LONDON ICB", "INTEGRATED CARE BOARD"): 8,
    ("RR8", "LEEDS TEACHING HOSPITALS NHS TRUST", "ACUTE TRUST"): 12,
    ("R1H", "BARTS HEALTH NHS TRUST", "ACUTE TRUST"): 8,
}
FUNCTIONS = [f.official_name for f in treatment_functions()]
ROWS: dict[str, dict[tuple[object, ...], int]] = {
    layout.TIME_SERIES: {(BEFORE,): 23, (WEEK,): 24},
    layout.PROVIDER: PROVIDERS,  # type: ignore[dict-item]
    layout.FUNCTION: {
        (name.replace("Orthopaedic ", "Orthopaedics "),): 1 for name in [*FUNCTIONS, "Unknown"]
    },
}


def figures(units: int) -> list[object]:
    total, within, middle, over, unknown = (units * n for n in UNIT)
    return [total, within, middle, over, unknown, within / total, over / total]


def wlmds() -> Book:
    """A workbook whose made-up figures add up on every sheet; data begin in row 15."""
    sheets: dict[str, list[list[object]]] = {}
    for name, (kind, dimension) in layout.SHEETS.items():
        first, second = layout.headings(kind, dimension)
        data = [
            [*key, *figures(units) * len(layout.GROUPS[dimension])]
            for key, units in ROWS[kind].items()
        ]
        sheets[name] = _padded([*_top(), first, second, *data, [], ["* The main source is …"]])
    issues = [["Organisation Code", "Organisation Name", "Issue"]]
    issue = ["R1H", "BARTS HEALTH NHS TRUST", "Missing for breakdowns covering sex"]
    sheets[layout.ISSUES] = _padded([*_top(), ["Data quality"], ["Listed below"], *issues, issue])
    return Book({**sheets, "Notes": [["."]]}, "anything.xlsx")


def _top() -> list[list[object]]:
    period = ["Period:", "Week ending 25 January 2026"]
    return [
        [],
        ["Title:", "RTT"],
        [],
        [],
        period,
        [],
        [],
        ["Published:", "12 February 2026"],
        *[[]] * 4,
    ]


def _padded(rows: list[list[object]]) -> list[list[object]]:
    width = max(map(len, rows))
    return [[None, *row, *[None] * (width - len(row))] for row in rows]


BOOK = wlmds()


def table(book: Book) -> pl.DataFrame:
    return read(WLMDS_DEMOGRAPHICS, book.bytes(), book.name).tables["demographics"]


def spoilt(change: Callable[[Book], object]) -> list[tuple[str, str, int | None, str | None]]:
    book = BOOK.copy()
    change(book)
    problems = refusals(WLMDS_DEMOGRAPHICS, book.bytes(), "b")
    return [(p.file.removeprefix("b » "), p.kind, p.row, p.column) for p in problems]


def test_every_sheet_lies_in_one_table_with_one_row_for_each_key() -> None:
    reading = read(WLMDS_DEMOGRAPHICS, BOOK.bytes(), "…-to-25-January-2025.xlsx")
    rows = reading.tables["demographics"]
    groups = sum(map(len, layout.GROUPS.values()))
    assert (reading.key, reading.facts["published"]) == ("2026-01-25", "12 February 2026")
    assert rows.height == reading.rows == 5 + groups * (len(PROVIDERS) + 24)
    assert dict(rows["level"].value_counts().rows()) == {
        "england": 5 + groups * 4,
        **dict.fromkeys(("region", "icb", "provider"), groups * 2),
        "function": groups * 24,
    }


def test_a_row_carries_its_counts_and_the_published_shares() -> None:
    (row,) = (
        table(BOOK).filter(code="RR8", dimension="deprivation", group="IMD 10").rows(named=True)
    )
    names = ("RR8", "LEEDS TEACHING HOSPITALS NHS TRUST", "ACUTE TRUST")
    assert row == dict(
        zip(KEY, (WEEK, "provider", *names, "deprivation", "IMD 10"), strict=True),
        **dict(zip(layout.COUNTS, (12 * n for n in UNIT), strict=True)),
        within_18_share=0.5,
        over_52_share=0.1,
        suppressed=False,
        not_submitted=False,
    )


def test_functions_come_under_our_codes_however_they_are_spelt() -> None:
    codes = table(BOOK).filter(level="function", group="Female")["code"].to_list()
    assert codes == [*(f.code for f in treatment_functions()), None]


def test_a_hidden_figure_is_blank_and_flagged_never_0() -> None:
    book = (
        BOOK.copy()
        .put("Treatment-Function-Age", "F15", "*")
        .put("Treatment-Function-Age", "G15", "*")
    )
    rows = table(book.put("Treatment-Function-Age", "I15", None))
    (row,) = rows.filter(code="C_100", group="0 to 18 years").rows(named=True)
    assert [row[name] for name in layout.COUNTS] == [100, 50, 35, None, None]
    assert (row["within_18_share"], row["over_52_share"], row["suppressed"]) == (0.5, None, True)
    assert rows["suppressed"].sum() == 1


def put_units(book: Book, sheet: str, row: int, units: int) -> None:
    """Make the first group of a provider's row so many units."""
    values = figures(units) if units else [0] * 5 + [None] * 2
    for column, value in zip("EFGHIJK", values, strict=True):
        book.put(sheet, f"{column}{row}", value)


def test_zeros_of_a_provider_that_sent_nothing_are_blank() -> None:
    book = BOOK.copy()
    for row, units in ((16, 12), (17, 11), (20, 0), (22, 0), (24, 0)):  # the other sector has them
        put_units(book, "Provider-Sex", row, units)
    (row,) = table(book).filter(code="R1H", group="Female").rows(named=True)
    assert [row[name] for name in layout.COUNTS] == [None] * 5
    assert (row["not_submitted"], row["suppressed"]) == (True, False)
    (region,) = table(book).filter(code="Y56", group="Female").rows(named=True)
    assert (region["total"], region["not_submitted"]) == (0, False)


def test_sums_may_be_off_by_rounding_and_no_more() -> None:
    assert spoilt(lambda b: b.put("Treatment-Function-Age", "E15", 45)) == []
    assert spoilt(lambda b: b.put("Treatment-Function-Age", "E15", 50)) == [
        ("Treatment-Function-Age", "sum", 15, "0 to 18 years: Total Waiting List")
    ]


@pytest.mark.parametrize(
    ("place", "value", "kind", "column"),
    [
        ("Provider-Sex!H23", 12, "value", "Female: Over 52 weeks"),
        ("Provider-Sex!H23", -5, "value", "Female: Over 52 weeks"),
        ("Provider-Sex!H23", "c", "value", "Female: Over 52 weeks"),
        ("Provider-Sex!H23", None, "blank", "Female: Over 52 weeks"),
        ("Provider-Sex!J23", 0.55, "share", "Female: % within 18 weeks*"),
        ("Provider-Sex!K23", None, "share", "Female: % > 52 weeks*"),
        ("Provider-Sex!J23", 50, "value", "Female: % within 18 weeks*"),
        ("Provider-Sex!B23", None, "blank", "Organisation Code"),
        ("Provider-Sex!B23", "R1H", "duplicate", None),
        ("Provider-Sex!D23", "PRACTICE", "value", "Organisation Type"),
        ("Treatment-Function-Age!B23", "Homeopathy Service", "value", "Treatment Function Name"),
        ("Time-Series-Sex!B15", "last week", "value", "Week Ending"),
        ("Provider-Sex!E13", "Incomplete Pathways - F", "header", "Incomplete Pathways - Female"),
        ("Provider-Sex!H14", "Over 65 weeks", "header", "Over 52 weeks"),
        ("Submission-DQ!D15", "Problem", "header", None),
        ("Submission-DQ!B16", "Barts?", "value", "Organisation Code"),
        ("Provider-Sex!C5", "Week ending 18 January 2026", "period", None),
        ("Provider-Sex!C5", "January", "period", None),
    ],
)
def test_each_fault_is_refused_and_named(
    place: str, value: object, kind: str, column: str | None
) -> None:
    sheet, cell = place.split("!")
    problems = spoilt(lambda b: b.put(sheet, cell, value))
    row = {"period": None, "duplicate": 24}.get(kind, int(cell[1:]))
    assert (sheet, kind, row, column) in problems


def test_all_faults_of_all_sheets_are_listed_at_once() -> None:
    def change(book: Book) -> None:
        book.put("Time-Series-Age", "C15", "x").put("Provider-Ethnicity", "F20", "?")
        book.put("Treatment-Function-Sex", "B20", None)

    assert [sheet for sheet, *_ in spoilt(change)] == [
        *(
            "Time-Series-Age",
            "Provider-Ethnicity",
            "Treatment-Function-Sex",
            "Treatment-Function-Sex",
        )
    ]


def test_england_must_be_the_same_in_the_time_series_and_by_provider() -> None:
    change = lambda book: book.put("Time-Series-Age", "G16", 125)  # noqa: E731
    assert spoilt(change) == [("b", "england", None, "0 to 18 years: unknown")]


def test_levels_must_add_up_to_england() -> None:
    problems = spoilt(lambda book: put_units(book, "Provider-Age", 24, 7))
    assert {kind for _, kind, *_ in problems} == {"levels"}
    assert {column for *_, column in problems} == {
        f"0 to 18 years: {count}" for count in layout.COUNTS if count != "unknown"
    }


def test_a_missing_sheet_is_named() -> None:
    book = BOOK.copy()
    del book.sheets["Provider-Sex"], book.sheets[layout.ISSUES]
    content = book.bytes()
    assert [p.file for p in refusals(WLMDS_DEMOGRAPHICS, content, "b")] == [
        "b » Provider-Sex",
        "b » Submission-DQ",
    ]


def test_a_sheet_without_rows_is_refused() -> None:
    book = BOOK.copy()
    book.sheets["Time-Series-Sex"] = book.sheets["Time-Series-Sex"][:14]
    assert [p.kind for p in refusals(WLMDS_DEMOGRAPHICS, book.bytes(), "b")] == ["empty"]


@pytest.mark.real_data
def test_the_published_workbook(real_data: Path, lake: Lake) -> None:
    take(lake, real_data / "wlmds")
    (revision,) = lake.catalogue().current("wlmds_demographics").values()
    rows = lake.scan(revision, "demographics").collect()
    england = rows.filter(organisation_type="ALL", level="england", week_ending=WEEK)
    assert (revision.warnings, rows["week_ending"].min(), rows["week_ending"].max()) == (
        *(0, date(2021, 9, 19), WEEK),
    )
    # Source: the workbook published on 12 February 2026, week ending 25 January 2026.
    totals = dict(england.filter(dimension="sex").select("group", "total").rows())
    assert totals == {"Female": 3_774_935, "Male": 2_831_215}
    known = england.with_columns(share=pl.col("within_18") / pl.col("total"))
    assert (known["share"] - known["within_18_share"]).abs().max() == 0
    sent_nothing = rows.filter(pl.col("not_submitted")).select("code", "dimension").unique()
    assert set(sent_nothing.rows()) == {
        *(("RHQ", dimension.lower()) for dimension in layout.GROUPS),
        *(("RHW", dimension) for dimension in ("sex", "deprivation", "ethnicity")),
        ("RYR", "sex"),
    }
    blank = rows.filter(pl.any_horizontal(pl.col(layout.COUNTS).is_null()))
    assert blank.filter(~pl.col("suppressed") & ~pl.col("not_submitted")).is_empty()
