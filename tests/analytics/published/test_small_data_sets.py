"""Every small data set: what a valid file becomes, and what it is refused for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from tests.analytics.published import small
from tests.analytics.published.helpers import read, refusals
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import DATA_SETS, recognise
from clockstop.analytics.published.datasets.hospitals import HOSPITALS
from clockstop.analytics.published.datasets.postcode_centroids import POSTCODE_CENTROIDS
from clockstop.analytics.published.datasets.practices import PRACTICES
from clockstop.analytics.published.datasets.provider_icbs import PROVIDER_ICBS
from clockstop.analytics.published.datasets.rtt_overview import RTT_OVERVIEW, SERIES
from clockstop.analytics.published.datasets.sectors import SECTORS
from clockstop.analytics.published.datasets.successors import SUCCESSORS
from clockstop.analytics.published.datasets.trusts import TRUSTS
from clockstop.analytics.published.problems import Problem
from clockstop.analytics.published.reading import DataSet

OF = {
    "overview": RTT_OVERVIEW,
    "trusts": TRUSTS,
    "practices": PRACTICES,
    "provider_icbs": PROVIDER_ICBS,
    "successors": SUCCESSORS,
    "sector_centroids": POSTCODE_CENTROIDS,
    "district_centroids": POSTCODE_CENTROIDS,
    "directory": HOSPITALS,
    "trust_points": HOSPITALS,
    "hospital_points": HOSPITALS,
    "provider_sectors": SECTORS,
}
VALID = small.every()
COLUMN = {name: column for column, name, _ in SERIES}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_is_known_for_what_it_is(name: str) -> None:
    sheet = VALID[name]
    found = recognise(sheet.bytes())
    assert found is OF[name]
    assert read(OF[name], sheet.bytes()).rows == len(sheet.rows)


@pytest.mark.parametrize("name", VALID)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(name: str) -> None:
    sheet = VALID[name].copy()
    sheet.newline = "\r\n"
    mark = b"" if sheet.encoding == "cp1252" else b"\xef\xbb\xbf"
    mine, theirs = read(OF[name], mark + sheet.bytes()), read(OF[name], VALID[name].bytes())
    assert all(mine.tables[table].equals(theirs.tables[table]) for table in theirs.tables)


def test_no_file_is_claimed_by_two_data_sets() -> None:
    for sheet in VALID.values():
        assert sum(data_set.recognises(sheet.bytes()) for data_set in DATA_SETS) == 1


def test_trusts_keep_code_region_icb_postcode_and_dates() -> None:
    rows = read(TRUSTS, VALID["trusts"].bytes()).tables["trusts"]
    assert rows.columns == ["code", "name", "region", "icb", "postcode", "opened", "closed"]
    assert rows.row(0)[2:] == ("Y63", "QWO", "LS9 7TF", date(1998, 4, 1), None)
    assert rows["closed"].to_list() == [None, None, None, date(2019, 1, 1)]


def test_practices_keep_status_and_setting_and_count_those_at_work() -> None:
    reading = read(PRACTICES, VALID["practices"].bytes())
    rows = reading.tables["practices"]
    assert rows.columns[-4:] == ["opened", "closed", "status", "setting"]
    assert rows["status"].to_list() == ["A", "D", "C", "A", "A"]
    assert rows["setting"].to_list() == [4, 4, 4, 14, 0]
    assert rows.row(2)[2:7] == ("Y54", "Q74", "PR1 1AA", date(1974, 4, 1), date(2017, 10, 31))
    assert rows.row(4)[2:5] == (None, "YAE", None)
    assert reading.facts == {"active": 1}


def test_the_27_columns_alone_do_not_make_a_practice() -> None:
    sheet = VALID["practices"].copy()
    for row in sheet.rows:
        row[25] = ""
    assert recognise(sheet.bytes()) is None


def test_successors_read_both_ways_of_writing_a_day() -> None:
    rows = read(SUCCESSORS, VALID["successors"].bytes()).tables["successors"].rows()
    assert rows[0] == ("RHQ", "R1X", date(2025, 8, 1))
    assert rows[3] == ("RW9", "RX9", date(2019, 1, 1))


def test_centroids_know_their_kind() -> None:
    keys = [
        read(POSTCODE_CENTROIDS, VALID[f"{k}_centroids"].bytes()).key
        for k in ("sector", "district")
    ]
    assert keys == ["sector", "district"]
    table = read(POSTCODE_CENTROIDS, VALID["district_centroids"].bytes()).tables["centroids"]
    assert table["code"].to_list() == list(small.PLACES)


def test_a_hospital_without_a_position_is_kept_and_counted() -> None:
    reading = read(HOSPITALS, VALID["directory"].bytes(), "Hospital 2018.csv")
    table = reading.tables["hospitals"]
    assert reading.key == "hospital-2018"
    assert table["latitude"].to_list() == [53.807, None, 53.665, 53.41]
    assert table["name"][2] == "Euxton Hall Hospital – Ramsay"
    assert [(w.kind, w.found) for w in reading.warnings] == [
        ("no position", "1 hospitals without one")
    ]


def test_the_overview_keeps_every_figure_under_its_name() -> None:
    table = read(RTT_OVERVIEW, VALID["overview"].bytes()).tables["series"]
    assert table.columns == ["month", *COLUMN]
    assert table["month"].to_list() == [f"2025-0{number}" for number in range(4, 10)]
    assert table["incomplete_pathways"][0] == 7_300_000
    assert table["adjusted_stops"].null_count() == 6


def test_rows_of_the_overview_come_in_any_order_and_are_named_by_their_line() -> None:
    sheet = VALID["overview"].copy()
    sheet.rows.reverse()
    assert read(RTT_OVERVIEW, sheet.bytes()).tables["series"]["month"].is_sorted()
    sheet.put(3, COLUMN["within_18_weeks"], 1)
    assert {p.row for p in refusals(RTT_OVERVIEW, sheet.bytes())} == {3}


def test_supplied_sectors_are_kept_as_given() -> None:
    rows = read(SECTORS, VALID["provider_sectors"].bytes()).tables["sectors"]
    assert rows.select("provider", "sector").rows() == [
        ("NVC05", "independent"),
        ("QQQ1", "community_or_gp"),
    ]


@dataclass(frozen=True)
class Fault:
    file: str
    name: str
    change: Callable[[Sheet], object]
    kind: str
    row: int | None
    column: str | None
    found: str
    expected: str


def put(line: int, column: str, value: object) -> Callable[[Sheet], object]:
    return lambda sheet: sheet.put(line, column, value)


def again(sheet: Sheet) -> None:
    sheet.rows.append(list(sheet.rows[0]))


def figure(line: int, name: str, value: object) -> Callable[[Sheet], object]:
    return put(line, COLUMN[name], value)


FAULTS = [
    Fault("overview", "text", figure(3, "new_periods", "n/a"), "value", 3, COLUMN["new_periods"], "'n/a'", "a whole number from 0"),
    Fault("overview", "a negative count", figure(3, "over_52_weeks", -5), "value", 3, COLUMN["over_52_weeks"], "'-5'", "from 0"),
    Fault("overview", "a share over one", figure(3, "pct_within_18_weeks", 61.7), "value", 3, COLUMN["pct_within_18_weeks"], "'61.7'", "from 0 to 1"),
    Fault("overview", "no number", figure(3, "median_weeks", "nan"), "value", 3, COLUMN["median_weeks"], "'nan'", "a number"),
    Fault("overview", "a median missing", figure(3, "median_weeks", ""), "blank", 3, COLUMN["median_weeks"], "a blank", "a number"),
    Fault("overview", "a count that stops", figure(5, "over_65_weeks", ""), "blank", 5, COLUMN["over_65_weeks"], "a blank", "as in months before"),
    Fault("overview", "no such month", put(3, "month", "2025-13"), "value", 3, "month", "'2025-13'", "a month as 2025-09"),
    Fault("overview", "a month twice", again, "duplicate", 8, None, "2025-04 again (first in row 2)", "each key once"),
    Fault("overview", "a total off its parts", figure(3, "stops", 5), "total", 3, COLUMN["stops"], "5", "admitted_stops + nonadmitted_stops"),
    Fault("overview", "a share off its counts", figure(3, "pct_over_52_weeks", 0.5), "total", 3, COLUMN["pct_over_52_weeks"], "0.5", "over_52_weeks / incomplete_pathways"),
    Fault("overview", "longer waits than long ones", figure(3, "over_78_weeks", 99_999), "total", 3, COLUMN["over_78_weeks"], "99,999", "at most 13,000 (over_65_weeks)"),
    Fault("overview", "estimates below the count", figure(3, "new_periods_est", 9), "total", 3, COLUMN["new_periods"], "", "at most 9"),
    Fault("overview", "a median past its percentile", figure(3, "admitted_median_weeks", 70), "total", 3, COLUMN["admitted_median_weeks"], "70", "at most 59.5"),
    Fault("overview", "a median on the wrong side of 18", figure(3, "median_weeks", 18.5), "total", 3, COLUMN["median_weeks"], "18.5", "within_18_weeks tells"),
    Fault("trusts", "a malformed code", put(2, "code", "R-0"), "value", 2, "code", "'R-0'", "an organisation code"),
    Fault("trusts", "no region code", put(2, "region", "LONDON"), "value", 2, "region", "'LONDON'", "a region code"),
    Fault("trusts", "an ICB out of its region", put(2, "region", "Y56"), "region", 2, "region", "'Y56'", "'Y63', in which QF7 lies"),
    Fault("trusts", "no postcode", put(2, "postcode", "S57AU"), "value", 2, "postcode", "'S57AU'", "a postcode"),
    Fault("trusts", "no day", put(2, "opened", "1 July 2004"), "value", 2, "opened", "'1 July 2004'", "a date"),
    Fault("trusts", "closed before it opened", put(2, "closed", "19990101"), "value", 2, "closed", "1999-01-01", "when it opened"),
    Fault("trusts", "a trust twice", again, "duplicate", 5, None, "RR8 again (first in row 1)", "each key once"),
    Fault("trusts", "a short row", lambda s: s.rows[2].pop(), "fields", 3, None, "26 fields", "27 fields"),
    Fault("practices", "a trust's code", put(2, "code", "RR8"), "value", 2, "code", "'RR8'", "a practice code"),
    Fault("practices", "no letter in the name", put(2, "name", "12"), "value", 2, "name", "'12'", "a text"),
    Fault("practices", "no name", put(2, "name", ""), "blank", 2, "name", "a blank", "a text"),
    Fault("practices", "an area of four", put(2, "icb", "QF77"), "value", 2, "icb", "'QF77'", "an ICB or area code"),
    Fault("practices", "an ICB out of its region", put(2, "region", "Y56"), "region", 2, "region", "'Y56'", "'Y63', in which QF7 lies"),
    Fault("practices", "no postcode", put(2, "postcode", "S57AU"), "value", 2, "postcode", "'S57AU'", "a postcode"),
    Fault("practices", "never opened", put(2, "opened", ""), "blank", 2, "opened", "a blank", "a date"),
    Fault("practices", "no day", put(3, "closed", "31/10/2017"), "value", 3, "closed", "'31/10/2017'", "a date"),
    Fault("practices", "closed before it opened", put(3, "closed", "19700101"), "value", 3, "closed", "1970-01-01", "when it opened"),
    Fault("practices", "closed without a day", put(3, "closed", ""), "blank", 3, "closed", "a blank", "the day it closed"),
    Fault("practices", "at work after it closed", put(3, "status", "A"), "status", 3, "status", "'A'", "closed on 2017-10-31"),
    Fault("practices", "no such status", put(1, "status", "X"), "value", 1, "status", "'X'", "a status"),
    Fault("practices", "no setting", put(1, "setting", ""), "blank", 1, "setting", "a blank", "from 0 to 99"),
    Fault("practices", "a setting of three digits", put(1, "setting", "400"), "value", 1, "setting", "'400'", "from 0 to 99"),
    Fault("practices", "a practice twice", again, "duplicate", 6, None, "B86001 again (first in row 1)", "each key once"),
    Fault("practices", "a long row", lambda s: s.rows[2].append("x"), "fields", 3, None, "28 fields", "27 fields"),
    Fault("provider_icbs", "no provider", put(3, "Provider Code", ""), "blank", 3, "Provider Code", "a blank", "an organisation code"),
    Fault("provider_icbs", "no ICB code", put(3, "Provider Parent Code", "15F"), "value", 3, "Provider Parent Code", "'15F'", "an ICB code"),
    Fault("provider_icbs", "another ICB's name", put(3, "Provider Parent Name", "NHS KENT"), "name", 3, "Provider Parent Name", "'NHS KENT'", "South Yorkshire"),
    Fault("provider_icbs", "a number for a name", put(3, "Provider Name", "-5"), "value", 3, "Provider Name", "'-5'", "a text"),
    Fault("provider_icbs", "a row twice", again, "duplicate", 7, None, "RR8 × LEEDS", "each key once"),
    Fault("successors", "no code", put(3, "new_code", ""), "blank", 3, "new_code", "a blank", "an organisation code"),
    Fault("successors", "a day that is none", put(3, "date", "2021-02-30"), "value", 3, "date", "'2021-02-30'", "a date"),
    Fault("successors", "a row twice", again, "duplicate", 6, None, "RHQ × R1X × 2025-08-01 again", "each key once"),
    Fault("sector_centroids", "no sector", put(4, "sector", "LS1"), "value", 4, "sector", "'LS1'", "a postcode sector"),
    Fault("sector_centroids", "a sector twice", again, "duplicate", 32, None, "LS1 1 again", "each key once"),
    Fault("sector_centroids", "out at sea", put(4, "latitude", 57.5), "position", 4, "latitude", "miles from the middle of LS1", "at most 30 miles"),
    Fault("sector_centroids", "off its grid", put(4, "easting", 440_000), "position", 4, "easting", "miles on the grid", "the same distance from the middle of LS1"),
    Fault("district_centroids", "no district", put(4, "outcode", "S5 1"), "value", 4, "outcode", "'S5 1'", "a postcode district"),
    Fault("district_centroids", "no country", put(4, "country", "E92000003"), "value", 4, "country", "'E92000003'", "E92000001"),
    Fault("district_centroids", "moved", put(4, "latitude", 53.6), "position", 4, "latitude", "miles from the middle of S5", "at most 5 miles"),
    Fault("district_centroids", "no postcodes", put(4, "postcodes", 0), "value", 4, "postcodes", "'0'", "from 1"),
    Fault("directory", "in France", put(2, "Latitude", 48.8), "value", 2, "Latitude", "'48.8'", "from 49 to 61"),
    Fault("directory", "far from its postcode", put(2, "Latitude", 54.8), "position", 2, "latitude", "miles from the middle of LS9", "at most 15 miles"),
    Fault("directory", "no name", put(2, "OrganisationName", ""), "blank", 2, "OrganisationName", "a blank", "a text"),
    Fault("trust_points", "a trust twice", again, "duplicate", 4, None, "RR8 again", "each key once"),
    Fault("trust_points", "no point", put(2, "latitude", ""), "blank", 2, "latitude", "a blank", "a number"),
    Fault("hospital_points", "out at sea", put(2, "longitude", -8.5), "position", 2, "latitude", "any postcode district", "at most 15 miles"),
    Fault("hospital_points", "latitude and longitude swapped", lambda s: s.put(2, "latitude", -1.9).put(2, "longitude", 53.8), "value", 2, "latitude", "'-1.9'", "from 49"),
    Fault("provider_sectors", "no such sector", put(2, "sector", "private"), "value", 2, "sector", "'private'", "independent"),
    Fault("provider_sectors", "no source", put(2, "source", ""), "blank", 2, "source", "a blank", "a text"),
    Fault("provider_sectors", "a provider twice", again, "duplicate", 4, None, "NVC05 again", "each key once"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.name}")
def test_each_fault_is_refused_and_named(fault: Fault) -> None:
    sheet = VALID[fault.file].copy()
    fault.change(sheet)
    problems = refusals(OF[fault.file], sheet.bytes())
    mine = [
        p for p in problems if (p.kind, p.row, p.column) == (fault.kind, fault.row, fault.column)
    ]
    assert mine, list(map(str, problems))
    assert fault.found in mine[0].found
    assert fault.expected in mine[0].expected


def test_all_faults_of_a_small_file_are_listed_by_row() -> None:
    sheet = VALID["successors"].copy()
    sheet.put(5, "date", "x").put(2, "new_code", "").put(3, "old_code", "?")
    assert [(p.row, p.column) for p in refusals(SUCCESSORS, sheet.bytes())] == [
        (2, "new_code"),
        (3, "old_code"),
        (5, "date"),
    ]


@pytest.mark.parametrize("name", [name for name in VALID if VALID[name].has_header])
def test_a_header_that_differs_is_refused(name: str) -> None:
    sheet = VALID[name].copy()
    sheet.columns[-1] += "s"
    is_known = OF[name].recognises(sheet.bytes())
    assert is_known or len(sheet.columns) < 4  # of three names one is too many to be wrong
    (problem,) = refusals(OF[name], sheet.bytes()) if is_known else [None]
    assert problem is None or (problem.kind, problem.row) == ("header", 1)


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda b, s: b + b"\x81\x8d,", "encoding"),
        (lambda b, s: b[:-9] + b"\0" + b[-9:], "encoding"),
        (lambda b, s: b[: b.rstrip().rindex(s) + 1][:-1] + b"\n", "fields"),
    ],
    ids=["odd bytes", "NUL", "cut"],
)
def test_bytes_that_are_no_text_or_no_table_are_refused(
    name: str, change: Callable[[bytes, bytes], bytes], kind: str
) -> None:
    sheet = VALID[name]
    content = change(sheet.bytes(), sheet.separator.encode(sheet.encoding))
    assert kind in {problem.kind for problem in refusals(OF[name], content)}


@pytest.mark.parametrize("name", [name for name in VALID if VALID[name].has_header])
def test_a_header_alone_is_refused(name: str) -> None:
    content = VALID[name].bytes().split(b"\n")[0] + b"\n"
    assert [p.kind for p in refusals(OF[name], content)] == ["empty"]


WARNINGS: list[tuple[str, DataSet, Callable[[Sheet], object], str, str]] = [
    ("overview", RTT_OVERVIEW, lambda s: s.drop([4]), "gap", "2025-07"),
    ("overview", RTT_OVERVIEW, figure(4, "p92_weeks", 400), "leap", "400"),
    ("provider_icbs", PROVIDER_ICBS, put(5, "Provider Code", "ZZ123"), "unknown organisation", "'ZZ123'"),
    ("provider_icbs", PROVIDER_ICBS, put(5, "Provider Parent Code", "QZZ"), "unknown organisation", "'QZZ'"),
    ("trusts", TRUSTS, put(2, "postcode", "ZE9 9ZZ"), "unknown district", "'ZE9 9ZZ'"),
    ("trusts", TRUSTS, lambda s: None, "incomplete", "NHS trusts absent"),
    ("practices", PRACTICES, put(1, "postcode", "ZE9 9ZZ"), "unknown district", "'ZE9 9ZZ'"),
    ("practices", PRACTICES, put(1, "opened", "20230401"), "incomplete", "41 of 42 ICBs with a practice absent"),
    ("provider_icbs", PROVIDER_ICBS, lambda s: None, "incomplete", "providers of our sector list absent"),
    ("district_centroids", POSTCODE_CENTROIDS, lambda s: None, "incomplete", "postcode districts absent"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data_set", "change", "kind", "found"), WARNINGS)
def test_what_may_be_right_is_taken_with_a_warning(
    name: str, data_set: DataSet, change: Callable[[Sheet], object], kind: str, found: str
) -> None:
    sheet = VALID[name].copy()
    change(sheet)
    warnings: list[Problem] = read(data_set, sheet.bytes()).warnings
    assert any(w.kind == kind and found in w.found for w in warnings), list(map(str, warnings))
