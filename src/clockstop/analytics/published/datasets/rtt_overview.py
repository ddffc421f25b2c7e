"""The published England series: the headline figures NHS England prints, month by month.

The layout is the official overview workbook's table as CSV, one row a month from August 2007.
Each figure comes without and with estimates for trusts that sent nothing; both are kept.
"""

from __future__ import annotations

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets import rtt_overview_checks as checks
from clockstop.analytics.published.fields import Field, month, number, typed
from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.published.reading import DataSet, Reading

_OPEN = "Incomplete RTT pathways | "
_ADMITTED = "Completed admitted (unadjusted) RTT pathways | "
_NONADMITTED = "Completed non-admitted RTT pathways | "
_ADJUSTED = "Completed admitted (adjusted) RTT pathways | "
_NEW = "New RTT periods | "
_STOPS = "Total completed pathways | "
_UNREPORTED = "Derived unreported removals | "
_REMOVALS = "Total removals | "
_SHARE = "Derived unreported removals as a % of total removals | "
_PATIENTS = "Unique Patients | "
_EST = " with estimates for missing data"
_ALL = "No. of pathways (all)"

# What each column is kept as. `_est`: with estimates for missing submitters.
WEEKS, COUNT, FRACTION = "weeks", "count", "fraction"
SERIES: tuple[tuple[str, str, str], ...] = (
    (_OPEN + "Median wait (weeks)", "median_weeks", WEEKS),
    (_OPEN + "92nd percentile (weeks)", "p92_weeks", WEEKS),
    (_OPEN + "No. within 18 weeks", "within_18_weeks", COUNT),
    (_OPEN + "No. within 18 weeks" + _EST, "within_18_weeks_est", COUNT),
    (_OPEN + "% within 18 weeks", "pct_within_18_weeks", FRACTION),
    (_OPEN + "% within 18 weeks" + _EST, "pct_within_18_weeks_est", FRACTION),
    *(
        (_OPEN + f"{sign} > {weeks} weeks{est}", f"{name}over_{weeks}_weeks{suffix}", kind)
        for weeks, forms in (
            (18, (("No.", "", COUNT),)),
            (52, (("No.", "", COUNT), ("%", "pct_", FRACTION))),
            (65, (("No.", "", COUNT),)),
            (78, (("No.", "", COUNT),)),
            (104, (("No.", "", COUNT),)),
        )
        for sign, name, kind in forms
        for est, suffix in (("", ""), (_EST, "_est"))
    ),
    (_OPEN + "Total waiting (mil)", "incomplete_pathways", COUNT),
    (_OPEN + "Total waiting (mil)" + _EST, "incomplete_pathways_est", COUNT),
    (
        _PATIENTS
        + "Ratio of total unique patients to total waiting (i.e. incomplete RTT pathways)",
        "patients_per_pathway",
        FRACTION,
    ),
    (_PATIENTS + "Estimated number of unique patients (mil)", "unique_patients", "estimate"),
    *(
        (part + column, f"{name}_{key}", kind)
        for part, name in ((_ADMITTED, "admitted"), (_NONADMITTED, "nonadmitted"))
        for column, key, kind in (
            ("Median wait (weeks)", "median_weeks", WEEKS),
            ("95th percentile (weeks)", "p95_weeks", WEEKS),
            ("No. within 18 weeks", "within_18_weeks", COUNT),
            ("No. > 52 weeks", "over_52_weeks", COUNT),
            (_ALL, "stops", COUNT),
            (_ALL + _EST, "stops_est", "estimate"),
        )
    ),
    (_NEW + "No. of new RTT periods", "new_periods", COUNT),
    (_NEW + "No. of new RTT periods" + _EST, "new_periods_est", "estimate"),
    (_STOPS + "Total completed pathways", "stops", COUNT),
    (_STOPS + "Total completed pathways with estimates", "stops_est", "estimate"),
    (_UNREPORTED + "Total unreported removals", "unreported_removals", "change"),
    (_UNREPORTED + "Total unreported removals with estimates", "unreported_removals_est", "change"),
    (_REMOVALS + "Total removals", "removals", COUNT),
    (_REMOVALS + "Total removals with estimates", "removals_est", "estimate"),
    (
        _SHARE + "Derived unreported removals as a % of total removals",
        "pct_unreported_removals",
        "share",
    ),
    (
        _SHARE + "Derived unreported removals as a % of total removals, with estimates",
        "pct_unreported_removals_est",
        "share",
    ),
    (_ADJUSTED + "Median wait (weeks)", "adjusted_median_weeks", WEEKS),
    (_ADJUSTED + "95th percentile (weeks)", "adjusted_p95_weeks", WEEKS),
    (_ADJUSTED + "No. within 18 weeks", "adjusted_within_18_weeks", COUNT),
    (_ADJUSTED + "No. > 52 weeks", "adjusted_over_52_weeks", COUNT),
    (_ADJUSTED + _ALL, "adjusted_stops", COUNT),
)
LAYOUT = Layout(("month", *(column for column, _, _ in SERIES)))
_RANGES = {
    WEEKS: (0, 1_000, False),
    COUNT: (0, 100_000_000, True),
    FRACTION: (0, 1, False),
    "estimate": (0, 100_000_000, False),
    "change": (-100_000_000, 100_000_000, False),
    "share": (-1, 1, False),
}


def _field(column: str, name: str, kind: str) -> Field:
    low, high, whole = _RANGES[kind]
    return number(name, column, low, high, whole=whole, optional=name not in _ALWAYS)


# What the series has for every month since it began.
_ALWAYS = {
    *("median_weeks", "incomplete_pathways", "within_18_weeks", "over_18_weeks", "over_52_weeks"),
    *("stops", "admitted_stops", "nonadmitted_stops"),
}
FIELDS = (month("month", "month"), *(_field(*series) for series in SERIES))


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the series: every cell a number, no figure belied by another.

    Raises FileRefusedError.
    """
    text = LAYOUT.read(content, file)
    typed_cells = typed(text, file, FIELDS, key=("month",))
    table = typed_cells.with_columns(text["row"]).sort("month")
    columns = {name: column for column, name, _ in SERIES}
    problems = [*checks.contradictions(table, file, columns), *checks.blanks(table, file, columns)]
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    warnings = list(checks.oddities(table, file, columns))
    return Reading("england", table.height, {"series": table.drop("row")}, warnings)


RTT_OVERVIEW = DataSet(
    name="rtt_overview",
    title="Referral to treatment overview: the published England series",
    licence="NHS England, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)
