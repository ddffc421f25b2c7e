"""What a valid extract becomes, beside a slow and obvious reading of the same rows."""

from collections import Counter

import polars as pl
import pytest
from tests.analytics.published import extracts, small
from tests.analytics.published.helpers import read
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets.rtt import RTT
from clockstop.analytics.published.datasets.rtt_layout import BANDS, COLUMNS

UNKNOWN = "Patients with unknown clock start date"


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return extracts.rtt()


def slow_pathways(sheet: Sheet) -> Counter[tuple[str | int | None, ...]]:
    """Pathways by part, ICB, provider, commissioner's ICB, commissioner, function and band."""
    found: Counter[tuple[str | int | None, ...]] = Counter()
    for row in sheet.rows:
        cells = dict(zip(COLUMNS, row, strict=True))
        if cells["Treatment Function Code"] == "C_999":
            continue
        key = (
            cells["RTT Part Type"],
            cells["Provider Parent Org Code"],
            cells["Provider Org Code"],
            cells["Commissioner Parent Org Code"] or None,
            cells["Commissioner Org Code"],
            cells["Treatment Function Code"],
        )
        for week, band in enumerate(BANDS):
            found[*key, week] += int(cells[band] or 0)
        is_new = cells["RTT Part Type"] == "Part_3"
        found[*key, None] += int(cells["Total All" if is_new else UNKNOWN] or 0)
    return Counter({key: count for key, count in found.items() if count})


def as_counter(table: pl.DataFrame, columns: list[str]) -> Counter[tuple[str | int | None, ...]]:
    text = table.with_columns(pl.col(pl.Categorical).cast(pl.String))
    return Counter({tuple(row[:-1]): row[-1] for row in text.select(*columns, "n").rows()})


LONG = ["part", "icb", "provider", "commissioner_icb", "commissioner", "function", "band"]
ROLLED = ["part", "icb", "provider", "function", "band"]


def test_pathways_are_the_files_counts_one_row_each(sheet: Sheet) -> None:
    table = read(RTT, sheet.bytes()).tables["pathways"]
    assert as_counter(table, LONG) == slow_pathways(sheet)
    assert table.height == len(slow_pathways(sheet))
    assert table["month"].cast(pl.String).unique().to_list() == ["2025-09"]


def test_total_rows_are_no_pathways(sheet: Sheet) -> None:
    table = read(RTT, sheet.bytes()).tables["pathways"]
    assert "C_999" not in set(table["function"].cast(pl.String))
    assert int(sheet.cell(sheet.line(RTT_Part_Type="Part_2"), "Total All")) > 0


def test_unknown_clock_starts_and_new_periods_stand_under_no_band(sheet: Sheet) -> None:
    table = read(RTT, sheet.bytes()).tables["pathways"].filter(pl.col("band").is_null())
    assert set(table["part"].cast(pl.String)) == {"Part_1A", "Part_1B", "Part_3"}
    unknown = table.filter(pl.col("part").cast(pl.String) != "Part_3")["n"].sum()
    functions = [
        line for code in extracts.FUNCTIONS for line in sheet.lines(Treatment_Function_Code=code)
    ]
    assert unknown == sum(int(sheet.cell(line, UNKNOWN) or 0) for line in functions) > 0


def test_roll_up_leaves_out_commissioners_outside_england(sheet: Sheet) -> None:
    expected: Counter[tuple[str | int | None, ...]] = Counter()
    for (part, icb, provider, _, commissioner, function, band), n in slow_pathways(sheet).items():
        if commissioner != "NONC":
            expected[part, icb, provider, function, band] += n
    table = read(RTT, sheet.bytes()).tables["providers"]
    assert as_counter(table, ROLLED) == expected
    assert sum(expected.values()) < sum(slow_pathways(sheet).values())


def test_england_is_the_sum_of_its_providers(sheet: Sheet) -> None:
    tables = read(RTT, sheet.bytes()).tables
    keys = ["part", "function", "band"]
    expected: Counter[tuple[str | int | None, ...]] = Counter()
    for key, n in as_counter(tables["providers"], [*keys[:2], "provider", "band"]).items():
        expected[key[0], key[1], key[3]] += n
    assert as_counter(tables["england"], keys) == expected


def test_every_organisation_is_named_once(sheet: Sheet) -> None:
    table = read(RTT, sheet.bytes()).tables["organisations"]
    providers = table.filter(kind="provider").drop("kind").rows()
    assert sorted(providers) == sorted(
        (code, name, icb) for (icb, _, code, name), _ in extracts.SENDERS
    )
    commissioners = {
        code: parent for _, code, _, parent in table.filter(kind="commissioner").rows()
    }
    assert commissioners == {
        "15F": "QWO",
        "03N": "QF7",
        "01E": "QE1",
        "13Q": None,
        "Y62": None,
        "NONC": None,
    }
    assert set(table.filter(kind="icb")["code"]) == {"QWO", "QF7", "QE1"}


def test_facts_are_englands_counts(sheet: Sheet) -> None:
    reading = read(RTT, sheet.bytes())
    assert reading.key == "2025-09"
    assert reading.rows == len(sheet.rows)
    assert reading.facts == {"synthetic": False, "providers": 5, **small.headline(sheet)}


def test_fictional_providers_make_a_synthetic_extract() -> None:
    sheet = extracts.rtt()
    for row in sheet.rows:
        row[sheet.place("Provider Org Name")] += " (fictional)"
    assert read(RTT, sheet.bytes()).facts["synthetic"] is True


@pytest.mark.parametrize("separator", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_line_ends_and_byte_order_mark_change_nothing(
    sheet: Sheet, separator: str, mark: bytes
) -> None:
    other = sheet.copy()
    other.newline = separator
    mine, theirs = read(RTT, mark + other.bytes()), read(RTT, sheet.bytes())
    assert mine.tables.keys() == theirs.tables.keys()
    assert all(mine.tables[name].equals(theirs.tables[name]) for name in mine.tables)


def test_the_order_of_rows_changes_nothing(sheet: Sheet) -> None:
    other = sheet.copy()
    other.rows.reverse()
    mine, theirs = read(RTT, other.bytes()).tables, read(RTT, sheet.bytes()).tables
    assert as_counter(mine["pathways"], LONG) == as_counter(theirs["pathways"], LONG)
    assert mine["providers"].rows() == theirs["providers"].rows()


def test_blank_lines_at_the_end_change_nothing(sheet: Sheet) -> None:
    assert read(RTT, sheet.bytes() + b"\n\n").rows == len(sheet.rows)


def test_a_blank_band_is_zero(sheet: Sheet) -> None:
    zeros, blanks = sheet.copy(), sheet.copy()
    for row in range(2, len(sheet.rows) + 2):
        for band in BANDS:
            if sheet.cell(row, "RTT Part Type") != "Part_3" and sheet.cell(row, band) in {"", "0"}:
                zeros.put(row, band, "0")
                blanks.put(row, band, "")
    assert zeros.bytes() != blanks.bytes()
    tables = read(RTT, zeros.bytes()).tables, read(RTT, blanks.bytes()).tables
    assert tables[0]["pathways"].equals(tables[1]["pathways"])


def test_more_with_a_decision_to_treat_than_waiting_is_a_warning(sheet: Sheet) -> None:
    odd = sheet.copy()
    of = {"Provider_Org_Code": "RHQ", "Commissioner_Org_Code": "03N"}
    line, total = (
        odd.line(**of, RTT_Part_Type="Part_2A", Treatment_Function_Code=code)
        for code in ("C_130", "C_999")
    )
    for at in (line, total):
        for column in ("Gt 60 To 61 Weeks SUM 1", "Total All"):
            odd.put(at, column, int(odd.cell(at, column) or 0) + 500)
    warnings = read(RTT, odd.bytes()).warnings
    assert {(w.kind, w.row, w.column) for w in warnings} == {
        ("2A over 2", at, "Gt 60 To 61 Weeks SUM 1") for at in (line, total)
    }
    assert all("500" in w.found and "at most" in w.expected for w in warnings)


def test_a_valid_extract_has_no_warnings(sheet: Sheet) -> None:
    assert read(RTT, sheet.bytes()).warnings == []


@pytest.mark.parametrize(
    ("column", "old", "new", "expected"),
    [
        ("Provider Org Code", "NVC05", "ZZ123", "provider in our sector list"),
        ("Provider Parent Org Code", "QF7", "QZZ", "one of the ICBs"),
        ("Commissioner Parent Org Code", "QE1", "QZZ", "one of the ICBs"),
    ],
)
def test_organisations_that_we_do_not_know_are_warnings(
    sheet: Sheet, column: str, old: str, new: str, expected: str
) -> None:
    odd = sheet.copy()
    for row in odd.rows:
        if row[odd.place(column)] == old:
            row[odd.place(column)] = new
    (warning,) = read(RTT, odd.bytes()).warnings
    assert (warning.kind, warning.column, warning.found) == (
        "unknown organisation",
        column,
        repr(new),
    )
    assert warning.row == odd.line(**{column.replace(" ", "_"): new})
    assert expected in warning.expected
