"""The faults that an extract is refused for, as a table: fault, and what the refusal must say."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.analytics.published import extracts
from tests.analytics.published.helpers import refusals
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets.rtt import RTT
from clockstop.analytics.published.datasets.rtt_layout import BANDS, COLUMNS
from clockstop.analytics.published.problems import Problem

VALID = extracts.rtt()
PROVIDER, COMMISSIONER = "Provider Org Code", "Commissioner Org Code"
PART, FUNCTION = "RTT Part Type", "Treatment Function Code"
BAND = "Gt 07 To 08 Weeks SUM 1"
UNKNOWN = "Patients with unknown clock start date"


def at(
    part: str = "Part_2", function: str = "C_130", provider: str = "RHQ", commissioner: str = "03N"
) -> int:
    """The line of one row of the valid extract."""
    return VALID.line(
        Provider_Org_Code=provider,
        Commissioner_Org_Code=commissioner,
        RTT_Part_Type=part,
        Treatment_Function_Code=function,
    )


def put(line: int, column: str, value: object) -> Callable[[Sheet], object]:
    return lambda sheet: sheet.put(line, column, value)


def add(line: int, column: str, count: int) -> Callable[[Sheet], object]:
    return lambda sheet: sheet.put(line, column, int(sheet.cell(line, column) or 0) + count)


def everywhere(column: str, old: str, new: str) -> Callable[[Sheet], None]:
    def change(sheet: Sheet) -> None:
        place = sheet.place(column)
        for row in sheet.rows:
            row[place] = new if row[place] == old else row[place]

    return change


def every(*changes: Callable[[Sheet], object]) -> Callable[[Sheet], None]:
    def change(sheet: Sheet) -> None:
        for each in changes:
            each(sheet)

    return change


@dataclass(frozen=True)
class Fault:
    """A change to the valid extract, and what one of the problems must then be."""

    name: str
    change: Callable[[Sheet], object]
    kind: str
    row: int | None
    column: str | None
    found: str
    expected: str
    alone: bool = True  # no other problem may be listed


FAULTS = [
    Fault("text in a count", put(at(), BAND, "many"), "number", at(), BAND, "'many'", "a whole number"),
    Fault("a decimal", put(at(), BAND, "1.5"), "number", at(), BAND, "'1.5'", "a whole number"),
    Fault("a thousands comma", put(at(), BAND, "1,500"), "number", at(), BAND, "'1,500'", "a whole number"),
    Fault("a number in words of maths", put(at(), BAND, "1e3"), "number", at(), BAND, "'1e3'", "a whole number"),
    Fault("past 32 bits", put(at(), BAND, 2**31), "number", at(), BAND, "'2147483648'", "a whole number"),
    Fault("thousands of digits", put(at(), BAND, "9" * 5_000), "number", at(), BAND, "'9999", "a whole number"),
    Fault("a negative count", every(add(at(), BAND, -50), add(at(), "Total All", 0)), "negative", at(), BAND, "-", "0 or more", alone=False),
    Fault("no provider", put(at(), PROVIDER, ""), "blank", at(), PROVIDER, "a blank", "a value"),
    Fault("no function", put(at(), FUNCTION, ""), "blank", at(), FUNCTION, "a blank", "a value"),
    Fault("no total", put(at(), "Total All", ""), "blank", at(), "Total All", "a blank", "a value"),
    Fault("no commissioner", put(at(), COMMISSIONER, ""), "blank", at(), COMMISSIONER, "a blank", "a value"),
    Fault("an unknown part", put(at(), PART, "Part_4"), "code", at(), PART, "'Part_4'", "Part_1A", alone=False),
    Fault("an unknown function", put(at(), FUNCTION, "C_111"), "code", at(), FUNCTION, "'C_111'", "C_110", alone=False),
    Fault("a malformed provider", everywhere(PROVIDER, "RHQ", "r-hq"), "code", at("Part_1A", "C_110"), PROVIDER, "'r-hq'", "3 to 6 capitals"),
    Fault("a malformed commissioner", everywhere(COMMISSIONER, "03N", "3"), "code", at("Part_1A", "C_110"), COMMISSIONER, "'3'", "3 to 6 capitals"),
    Fault("a second period", put(at(), "Period", "RTT-August-2025"), "period", at(), "Period", "'RTT-August-2025'", "'RTT-September-2025' as in row 2"),
    Fault("no period at all", everywhere("Period", "RTT-September-2025", "September 25"), "period", 2, "Period", "'September 25'", "RTT-May-2025"),
    Fault("a month that is none", everywhere("Period", "RTT-September-2025", "RTT-Septembre-2025"), "period", 2, "Period", "'RTT-Septembre-2025'", "RTT-May-2025"),
    Fault("a total off its bands", add(at("Part_1A"), "Total", 1), "total", at("Part_1A"), "Total", "", "the sum of the bands"),
    Fault("a band off its total", add(at(), BAND, 1), "total", at(), "Total All", "", "the sum of the bands", alone=False),
    Fault("all is not bands and unknown", add(at("Part_1B"), "Total All", 7), "total", at("Part_1B"), "Total All", "", "the bands and the unknown clock starts"),
    Fault("a total for incomplete pathways", put(at(), "Total", 5), "total", at(), "Total", "5", "blank for incomplete"),
    Fault("unknown starts among the waiting", put(at(), UNKNOWN, 3), "total", at(), UNKNOWN, "3", "blank outside completed", alone=False),
    Fault("bands among new periods", put(at("Part_3"), BAND, 2), "total", at("Part_3"), "Total", "2", "no bands", alone=False),
    Fault("no C_999", lambda s: s.drop([at(function="C_999")]), "total row", at(function="C_110"), FUNCTION, "0 C_999 rows", "one in each part"),
    Fault("no function but C_999", lambda s: s.drop([at()]), "function sum", at(function="C_999") - 1, BAND, "", "the sum of the functions", alone=False),
    Fault("a pathway moved between bands", every(add(at(), BAND, 1), add(at(), BANDS[90], -1)), "function sum", at(function="C_999"), BAND, "", "the sum of the functions", alone=False),
    Fault("a new period more in all", add(at("Part_3", "C_999"), "Total All", 1), "function sum", at("Part_3", "C_999"), "Total All", "", "the sum of the functions"),
    Fault("two names for one provider", put(at(), "Provider Org Name", "ELSEWHERE"), "name", at(), "Provider Org Name", "'ELSEWHERE'", "as elsewhere beside RHQ"),
    Fault("two names for one function", put(at(), "Treatment Function Name", "Eyes"), "name", at(), "Treatment Function Name", "'Eyes'", "as elsewhere beside C_130"),
    Fault("two ICBs for one provider", every(put(at(), "Provider Parent Org Code", "QWO"), put(at(), "Provider Parent Name", extracts.YORKSHIRE[1])), "name", at(), "Provider Parent Org Code", "'QWO'", "'QF7', as elsewhere beside RHQ"),
    Fault("two ICBs for one commissioner", put(at(), "Commissioner Parent Org Code", ""), "name", at(), "Commissioner Parent Org Code", "None", "'QF7', as elsewhere beside 03N"),
    Fault("a part under another's name", everywhere("RTT Part Description", "Incomplete Pathways", "Waiting"), "name", VALID.line(RTT_Part_Type="Part_2"), "RTT Part Description", "'Waiting'", "'Incomplete Pathways'"),
    Fault("a provider as commissioner", everywhere(COMMISSIONER, "03N", "RR8"), "code", at("Part_1A", "C_110"), COMMISSIONER, "'RR8'", "a commissioner, not a provider"),
    Fault("a missing part", lambda s: s.drop(s.lines(RTT_Part_Type="Part_1B")), "part", None, PART, "no row of Part_1B", "all five parts"),
    Fault("some fictional providers", everywhere("Provider Org Name", "EUXTON HALL HOSPITAL", "EUXTON (fictional)"), "mixed", None, None, "1 of 5 providers fictional", "all of them, or none"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_refused_and_named(fault: Fault) -> None:
    sheet = VALID.copy()
    fault.change(sheet)
    problems = refusals(RTT, sheet.bytes(), "extract.csv")
    mine = [
        p for p in problems if (p.kind, p.row, p.column) == (fault.kind, fault.row, fault.column)
    ]
    assert mine, list(map(str, problems))
    assert fault.found in mine[0].found
    assert fault.expected in mine[0].expected
    assert mine[0].file == "extract.csv"
    assert not fault.alone or problems == mine[:1], list(map(str, problems))


def test_the_valid_extract_is_not_refused() -> None:
    assert refusals(RTT, VALID.bytes()) == []


def test_a_row_twice_is_refused_with_the_first_one_named() -> None:
    sheet = VALID.copy()
    sheet.rows.append(list(sheet.rows[at() - 2]))
    problem = next(p for p in refusals(RTT, sheet.bytes()) if p.kind == "duplicate")
    assert problem.row == len(sheet.rows) + 1
    assert problem.found == f"RHQ × 03N × Part_2 × C_130 again (first in row {at():,})"


def test_c_999_twice_is_refused() -> None:
    sheet = VALID.copy()
    sheet.rows.append(list(sheet.rows[at(function="C_999") - 2]))
    assert {"duplicate", "total row"} <= {p.kind for p in refusals(RTT, sheet.bytes())}


def test_three_faults_are_listed_together() -> None:
    sheet = VALID.copy()
    sheet.put(5, BAND, "x").put(17, PROVIDER, "").put(40, "Period", "RTT-May-2025")
    kinds = [(p.kind, p.row) for p in refusals(RTT, sheet.bytes())]
    assert kinds == [("number", 5), ("blank", 17), ("period", 40)]


def test_faults_of_keys_and_of_figures_are_listed_together() -> None:
    sheet = VALID.copy()
    add(at("Part_1A"), "Total", 1)(sheet)
    put(at("Part_3"), "Provider Org Name", "ELSEWHERE")(sheet)
    everywhere(COMMISSIONER, "01E", "?")(sheet)
    assert {p.kind for p in refusals(RTT, sheet.bytes())} == {"total", "name", "code"}


def test_a_thousand_faults_of_a_kind_are_listed_and_the_rest_counted() -> None:
    sheet = VALID.copy()
    for line in range(2, 32):
        for band in BANDS[:50]:
            sheet.put(line, band, "x")
    problems = refusals(RTT, sheet.bytes())
    assert len(problems) == 1_001
    assert problems[-1].found == "500 more like it"


HEADERS = [
    ("missing", lambda c: c[:30] + c[31:], "no such column", repr(COLUMNS[-1])),
    (
        "renamed",
        lambda c: [*c[:30], "Weeks 17 to 18", *c[31:]],
        "'Weeks 17 to 18'",
        repr(COLUMNS[30]),
    ),
    ("extra", lambda c: [*c, "Remark"], "'Remark'", "no further column"),
    ("swapped", lambda c: [*c[:30], c[31], c[30], *c[32:]], repr(COLUMNS[31]), repr(COLUMNS[30])),
]


@pytest.mark.parametrize(
    ("name", "change", "found", "expected"), HEADERS, ids=[h[0] for h in HEADERS]
)
def test_a_header_that_is_not_the_official_one_is_refused_column_by_column(
    name: str, change: Callable[[list[str]], list[str]], found: str, expected: str
) -> None:
    sheet = VALID.copy()
    sheet.columns = change(list(COLUMNS))
    assert RTT.recognises(sheet.bytes())
    problems = refusals(RTT, sheet.bytes())
    assert {(p.kind, p.row) for p in problems} == {("header", 1)}
    assert any(found in p.found and expected in p.expected for p in problems)


@pytest.mark.parametrize(
    ("width", "found"), [(120, "120 fields"), (122, "122 fields"), (1, "1 fields")]
)
def test_a_row_of_the_wrong_length_is_refused(width: int, found: str) -> None:
    sheet = VALID.copy()
    sheet.rows[at() - 2] = (sheet.rows[at() - 2] + [""])[:width]
    assert refusals(RTT, sheet.bytes()) == [
        Problem("file.csv", "fields", found, "121 fields", at())
    ]


def test_rows_count_lines_even_past_a_name_over_two_lines() -> None:
    sheet = VALID.copy()
    everywhere("Commissioner Org Name", "NHS LEEDS (SUB ICB LOCATION)", "NHS LEEDS\n(LOCATION)")(
        sheet
    )
    put(at(), BAND, "x")(sheet)
    broken = sum("\n" in cell for row in sheet.rows[: at() - 1] for cell in row)
    (problem,) = refusals(RTT, sheet.bytes())
    assert broken > 0
    assert problem.row == at() + broken


BYTES = [
    ("UTF-16", lambda b: b.decode().encode("utf-16"), "encoding", 1, "NUL byte"),
    ("Latin-1", lambda b: b.replace(b"SHEFFIELD", b"SH\xc9FFIELD", 1), "encoding", at("Part_1A", "C_110"), "0xC9"),
    ("a NUL", lambda b: b.replace(b"SHEFFIELD", b"SH\0FFIELD", 1), "encoding", at("Part_1A", "C_110"), "NUL byte"),
    ("header only", lambda b: b.split(b"\n")[0] + b"\n", "empty", None, "no rows"),
    ("cut in mid-row", lambda b: b[: len(b) // 2], "fields", None, " fields"),
    ("a quote left open", lambda b: b.replace(b",SHEFFIELD", b',"SHEFFIELD', 1), "fields", None, "field"),
    ("semicolons", lambda b: b.replace(b",", b";").replace(b";", b",", 120), "fields", 2, "1 fields"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "kind", "row", "found"), BYTES, ids=[b[0] for b in BYTES]
)
def test_bytes_that_are_no_extract_are_refused(
    name: str, change: Callable[[bytes], bytes], kind: str, row: int | None, found: str
) -> None:
    content = change(VALID.bytes())
    assert RTT.recognises(content)
    problem = refusals(RTT, content)[0]
    assert problem.kind == kind
    assert found in problem.found
    assert row is None or problem.row == row


@pytest.mark.parametrize("content", [b"", b"\n", b"\0" * 100, b"a,b\n1,2\n"])
def test_what_is_no_extract_at_all_is_not_recognised(content: bytes) -> None:
    assert not RTT.recognises(content)


def shuffled(order: list[int]) -> Sheet:
    """The valid extract with the data of its bands in another order under the same header."""
    sheet = VALID.copy()
    first = sheet.place(BANDS[0])
    for row in sheet.rows:
        bands = row[first : first + 105]
        row[first : first + 105] = [bands[place] for place in order]
    return sheet


def exchanged(a: int, b: int) -> list[int]:
    order = list(range(105))
    order[a], order[b] = b, a
    return order


ORDERS = {
    "reversed": list(range(105))[::-1],
    "one to the left": [*range(1, 105), 0],
    "one to the right": [104, *range(104)],
    "fifty to the left": [*range(50, 105), *range(50)],
    "every other": [*range(0, 105, 2), *range(1, 105, 2)],
    "3 with 40": exchanged(3, 40),
    "0 with 30": exchanged(0, 30),
    "20 with the last": exchanged(20, 104),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_bands_in_the_wrong_order_are_refused(order: list[int]) -> None:
    problems = refusals(RTT, shuffled(order).bytes())
    assert {p.kind for p in problems} == {"shape"}
    assert all(p.column in BANDS and "near its neighbours" in p.expected for p in problems)


def test_small_lists_have_no_shape_to_judge() -> None:
    small = extracts.rtt(smooth=False)
    assert refusals(RTT, small.bytes()) == []


def test_a_problem_says_file_row_column_found_and_expected() -> None:
    problem = Problem("x.zip > y.csv", "number", "'many'", "a whole number", 1234, "Total")
    assert str(problem) == (
        "x.zip > y.csv, row 1,234, column 'Total': found 'many'; expected a whole number"
    )
