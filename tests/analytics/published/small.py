"""Small valid files of every data set beside the extract: real codes, made-up figures."""

from __future__ import annotations

from collections.abc import Sequence

from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets import hospitals, rtt_layout, rtt_overview
from clockstop.analytics.published.datasets.postcode_centroids import LAYOUTS as CENTROIDS
from clockstop.core.geography.districts import districts
from clockstop.core.rtt import week_bands
from clockstop.core.types import Month, Part


def provider_icbs() -> Sheet:
    header = "Provider Code,Provider Name,Provider Parent Code,Provider Parent Name"
    rows = (
        "RR8,LEEDS TEACHING HOSPITALS NHS TRUST,QWO,NHS WEST YORKSHIRE INTEGRATED CARE BOARD",
        "RHQ,SHEFFIELD TEACHING HOSPITALS,QF7,NHS SOUTH YORKSHIRE INTEGRATED CARE BOARD",
        "RHQ,SHEFFIELD HOSPITALS,QF7,NHS SOUTH YORKSHIRE INTEGRATED CARE BOARD",
        "NVC05,EUXTON HALL HOSPITAL,QE1,NHS LANCASHIRE AND SOUTH CUMBRIA INTEGRATED CARE BOARD",
        "A0C5S,SPAMEDICA GLOUCESTER,QWO,NHS WEST YORKSHIRE INTEGRATED CARE BOARD",
    )
    return sheet("dim_provider.csv", header, rows)


def successors() -> Sheet:
    rows = (
        "RHQ,R1X,2025-08-01",
        "03A,X2C4Y,2021-04-01",
        "03J,X2C4Y,2021-04-01",
        "RW9,RX9,20190101",
    )
    return sheet("successors.csv", "old_code,new_code,date", rows)


def provider_sectors() -> Sheet:
    rows = (
        "NVC05,EUXTON HALL HOSPITAL,independent,Ramsay Health Care UK,Operator's site,A private company",
        "QQQ1,,community_or_gp,,Companies House,A community interest company",
    )
    return sheet("sectors.csv", "provider,name,sector,operator,source,reason", rows)


def trusts() -> Sheet:
    """The 27-column report; only the twelve first are named, for the tests' sake."""
    names = "code,name,region,icb,a1,a2,a3,a4,a5,postcode,opened,closed"
    rows = (
        "RR8,LEEDS TEACHING HOSPITALS NHS TRUST,Y63,QWO,ST JAMES,BECKETT ST,,LEEDS,,LS9 7TF,19980401,",
        "RHQ,SHEFFIELD TEACHING HOSPITALS,Y63,QF7,NORTHERN GENERAL,HERRIES RD,,SHEFFIELD,,S5 7AU,20040701,",
        "RTX,MORECAMBE BAY,Y62,QE1,WESTMORLAND,BURTON RD,,KENDAL,,LA9 7RG,20101001,",
        "RW9,AN OLD TRUST,Y62,QE1,OLD HALL,,,PRESTON,,PR1 1AA,19980401,20190101",
    )
    filler = [f"f{number}" for number in range(13, 28)]
    wide = [[*row.split(","), *[""] * 15] for row in rows]
    return Sheet([*names.split(","), *filler], wide, has_header=False, name="etr.csv")


def practices() -> Sheet:
    """The same report; besides the twelve first, status and prescribing setting are named."""
    names = "code,name,region,icb,a1,a2,a3,a4,a5,postcode,opened,closed,status"
    rows = (
        "B86001,THE SURGERY,Y63,QWO,1 STATION RD,,,LEEDS,,LS9 7TF,19740401,,A",
        "C88002,HERRIES MEDICAL CENTRE,Y63,QF7,2 HERRIES RD,,,SHEFFIELD,,S5 7AU,19910401,,D",
        "P81003,AN OLD PRACTICE,Y54,Q74,OLD HALL,,,PRESTON,,PR1 1AA,19740401,20171031,C",
        "Y04004,C.A.M.H.S.,Y63,QWO,CLINIC,,,LEEDS,,LS1 4AP,20130401,,A",
        "JER005,A HEALTH CENTRE,,YAE,ST HELIER,,,JERSEY,,,20010401,,A",
    )
    settings = ("4", "4", "4", "14", "0")
    filler = [f"f{number}" for number in range(14, 26)]
    wide = [
        [*row.split(","), *[""] * 12, setting, ""]
        for row, setting in zip(rows, settings, strict=True)
    ]
    columns = [*names.split(","), *filler, "setting", "f27"]
    return Sheet(columns, wide, has_header=False, name="epraccur.csv")


PLACES = ("LS1", "LS9", "S5", "PR1", "PR2", "LA9", "BD1", "WF1", "HX1", "DN1")
_COUNTRY = {"E": "E92000001", "S": "S92000003", "W": "W92000004"}


def centroids(kind: str = "sector", places: Sequence[str] = PLACES) -> Sheet:
    """Districts as they lie; each sector at the middle of its district, give or take."""
    rows = []
    for code in places:
        at = districts()[code]
        names = [code] if kind == "district" else [f"{code} {digit}" for digit in (1, 2, 3)]
        rest = [at.easting, at.northing, at.postcodes, _COUNTRY[at.country]]
        point = [at.point.latitude, at.point.longitude]
        rows += [[name, *map(str, [*rest, *point])] for name in names]
    return Sheet(list(CENTROIDS[kind].columns), rows, name=f"{kind}_centroids.csv")


def directory() -> Sheet:
    layout = hospitals.LAYOUTS["directory"]
    known = (
        ("RR801", "St James's University Hospital", "LS9 7TF", 53.807, -1.52, "RR8"),
        ("RR8XX", "A hospital that no list places", "LS9 7TF", "", "", "RR8"),
        ("NVC05", "Euxton Hall Hospital – Ramsay", "PR7 6DY", 53.665, -2.675, "NVC"),
        ("RHQNG", "Northern General Hospital", "S5 7AU", 53.41, -1.455, "RHQ"),
    )
    names = (
        "OrganisationCode",
        "OrganisationName",
        "Postcode",
        "Latitude",
        "Longitude",
        "ParentODSCode",
    )
    rows = []
    for values in known:
        cells = dict.fromkeys(layout.columns, "")
        cells |= dict(zip(names, map(str, values), strict=True))
        cells |= {"OrganisationType": "Hospital", "Sector": "NHS Sector", "IsPimsManaged": "True"}
        rows.append(list(cells.values()))
    return Sheet(list(layout.columns), rows, "¬", "cp1252", name="Hospital_2018.csv")


def trust_points() -> Sheet:
    rows = (
        "Leeds Teaching Hospitals NHS Trust,RR8,open,-1.55,53.8",
        "Sheffield Teaching Hospitals,RHQ,open,-1.46,53.41",
    )
    return sheet("points_trusts.csv", ",".join(hospitals.LAYOUTS["trusts"].columns), rows)


def hospital_points() -> Sheet:
    rows = (
        "Airedale General Hospital,-1.965,53.898",
        "Euxton Hall Hospital,-2.675,53.665",
        "Fulwood Hall Hospital,-2.7,53.79",
    )
    return sheet("points_hospitals.csv", ",".join(hospitals.LAYOUTS["names"].columns), rows)


def overview(*extracts: Sheet, first: str = "2025-04", months: int = 6) -> Sheet:
    """A published series that holds together; the months of the extracts carry their figures."""
    real = {rtt_layout.month_of(each.rows[0][0]): headline(each) for each in extracts}
    columns = {name: column for column, name, _ in rtt_overview.SERIES}
    made = [Month.parse(first).plus(step) for step in range(months)]
    rows, before = [], None
    for number, month in enumerate(made):
        figures = real.get(str(month)) or _made_up(number)
        values = _derived(figures, before)
        before = figures
        rows.append([str(month), *(_text(values.get(name)) for name in columns)])
    return Sheet(["month", *columns.values()], rows, name="overview.csv")


def _made_up(number: int) -> dict[str, int]:
    total = 7_300_000 + 11_000 * number
    return {
        "within_18_weeks": 4_400_000 + 9_000 * number,
        "over_18_weeks": total - 4_400_000 - 9_000 * number,
        "over_52_weeks": 190_000 - 100 * number,
        "over_65_weeks": 13_000,
        "over_78_weeks": 1_500,
        "over_104_weeks": 160,
        "incomplete_pathways": total,
        "admitted_stops": 300_000,
        "nonadmitted_stops": 1_200_000 + number,
        "new_periods": 1_750_000 + number,
    }


def headline(extract: Sheet) -> dict[str, float]:
    """What the published series has of an extract, added up from its rows."""
    rows = [dict(zip(extract.columns, row, strict=True)) for row in extract.rows]
    mine = [
        r
        for r in rows
        if r[rtt_layout.FUNCTION] == "C_999" and r[rtt_layout.COMMISSIONER] != "NONC"
    ]

    def total(part: Part, from_week: int | None = None) -> int:
        of_part = [row for row in mine if row[rtt_layout.PART] == part]
        names = [rtt_layout.TOTAL_ALL] if from_week is None else rtt_layout.BANDS[from_week:]
        return sum(int(row[name] or 0) for row in of_part for name in names)

    over = {f"over_{week}_weeks": total(Part.INCOMPLETE, week) for week in (18, 52, 65, 78, 104)}
    size = total(Part.INCOMPLETE)
    return {
        "incomplete_pathways": size,
        "within_18_weeks": size - over["over_18_weeks"],
        **over,
        "admitted_stops": total(Part.ADMITTED),
        "nonadmitted_stops": total(Part.NONADMITTED),
        "new_periods": total(Part.NEW_PERIODS),
        **_percentiles(mine),
    }


def _percentiles(totals: list[dict[str, str]]) -> dict[str, float]:
    found = {}
    for part, prefix, last in (
        (Part.INCOMPLETE, "", 92),
        (Part.ADMITTED, "admitted_", 95),
        (Part.NONADMITTED, "nonadmitted_", 95),
    ):
        of_part = [row for row in totals if row[rtt_layout.PART] == part]
        bands = [sum(int(row[name] or 0) for row in of_part) for name in rtt_layout.BANDS]
        for name, percent in (("median", 50), (f"p{last}", last)):
            weeks = week_bands.percentile(bands, percent).weeks
            if weeks is not None:
                found[f"{prefix}{name}_weeks"] = weeks
    return found


PERCENTILES = {  # where no extract gives them
    "median_weeks": 13.5,
    "p92_weeks": 42.25,
    "admitted_median_weeks": 11.5,
    "admitted_p95_weeks": 59.5,
    "nonadmitted_median_weeks": 9.25,
    "nonadmitted_p95_weeks": 53.5,
}


def _derived(figures: dict[str, float], before: dict[str, float] | None) -> dict[str, float]:
    size, stops = (
        figures["incomplete_pathways"],
        figures["admitted_stops"] + figures["nonadmitted_stops"],
    )
    values: dict[str, float] = PERCENTILES | figures | {"stops": stops}
    if before:
        removals = before["incomplete_pathways"] + figures["new_periods"] - size
        values |= {"removals": removals, "unreported_removals": removals - stops}
        values |= {"pct_unreported_removals": (removals - stops) / removals}
    values |= {f"{name}_est": value for name, value in values.items()}
    for suffix in ("", "_est"):
        values[f"pct_within_18_weeks{suffix}"] = figures["within_18_weeks"] / size
        values[f"pct_over_52_weeks{suffix}"] = figures["over_52_weeks"] / size
    values |= {"patients_per_pathway": 0.84, "unique_patients": 0.84 * size}
    for part in ("admitted", "nonadmitted"):
        values[f"{part}_within_18_weeks"] = figures[f"{part}_stops"] * 7 // 10
        values[f"{part}_over_52_weeks"] = figures[f"{part}_stops"] // 20
    return values


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)


def every() -> dict[str, Sheet]:
    """One valid file of each small data set, by what it is."""
    return {
        "overview": overview(),
        "trusts": trusts(),
        "practices": practices(),
        "provider_icbs": provider_icbs(),
        "successors": successors(),
        "sector_centroids": centroids("sector"),
        "district_centroids": centroids("district"),
        "directory": directory(),
        "trust_points": trust_points(),
        "hospital_points": hospital_points(),
        "provider_sectors": provider_sectors(),
    }
