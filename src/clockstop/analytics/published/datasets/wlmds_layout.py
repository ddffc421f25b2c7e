"""The sheets of the WLMDS demographics workbook: their headings, keys, groups and measures."""

from __future__ import annotations

from clockstop.analytics.published.fields import (
    ODS_CODE,
    ODS_WORDS,
    Field,
    code,
    count_or_star,
    day,
    number,
    text,
)
from clockstop.core.codes import treatment_functions

PREFIX = "Incomplete Pathways - "
ISSUES = "Submission-DQ"
TIME_SERIES, PROVIDER, FUNCTION = "Time-Series", "Provider", "Treatment-Function"
GROUPS = {
    "Age": ("0 to 18 years", "19 to 64 years", "Over 65 years"),
    "Sex": ("Female", "Male"),
    "Deprivation": tuple(f"IMD {decile}" for decile in range(1, 11)),
    "Ethnicity": (
        *("A: British", "B: Irish", "C: Any other white background"),
        *("D: White and Black Caribbean", "E: White and Black African", "F: White and Asian"),
        *("G: Any other mixed background", "H: Indian", "J: Pakistani", "K: Bangladeshi"),
        *("L: Any other Asian background", "M: Caribbean", "N: African"),
        *("P: Any other Black background", "R: Chinese", "S: Any other ethnic group"),
        *("Z: Not stated", "99: Not known"),
    ),
}
DIMENSIONS = {  # in the order of the workbook
    TIME_SERIES: ("Age", "Sex"),
    PROVIDER: tuple(GROUPS),
    FUNCTION: tuple(GROUPS),
}
SHEETS = {f"{kind}-{each}": (kind, each) for kind, group in DIMENSIONS.items() for each in group}

LEVELS = {  # by organisation type
    "ALL": "england",
    "NHS ACUTE": "england",
    "INDEPENDENT SECTOR": "england",
    "OTHER": "england",
    "REGION": "region",
    "INTEGRATED CARE BOARD": "icb",
    "ACUTE TRUST": "provider",
}
FUNCTION_LEVEL = "function"
_UNKNOWN = "Unknown"
_FUNCTIONS = {
    **{function.official_name: function.code for function in treatment_functions()},
    "Trauma and Orthopaedics Service": "C_110",  # so written in this workbook alone
    _UNKNOWN: None,
}


def _function(name: str) -> str | None:
    if name not in _FUNCTIONS:
        raise ValueError(name)
    return _FUNCTIONS[name]


KEYS: dict[str, tuple[Field, ...]] = {
    TIME_SERIES: (day("week_ending", "Week Ending"),),
    PROVIDER: (
        code("code", "Organisation Code", ODS_CODE, ODS_WORDS),
        text("name", "Organisation Name"),
        code(
            "organisation_type",
            "Organisation Type",
            "|".join(LEVELS),
            f"one of {', '.join(LEVELS)}",
        ),
    ),
    FUNCTION: (
        Field(
            "code",
            "Treatment Function Name",
            _function,
            text("", "").dtype,
            f"a treatment function as 'Cardiology Service', or {_UNKNOWN!r}",
        ),
        text("name", "Treatment Function Name"),
    ),
}
UNIQUE = {TIME_SERIES: ["week_ending"], PROVIDER: ["code", "organisation_type"], FUNCTION: ["name"]}
MEASURES = (
    count_or_star("total", "Total Waiting List"),
    count_or_star("within_18", "Up to 18 weeks"),
    count_or_star("over_18_to_52", "Over 18 and up to 52 weeks"),
    count_or_star("over_52", "Over 52 weeks"),
    count_or_star("unknown", "Unknown Clock Start Date"),
    number("within_18_share", "% within 18 weeks*", 0, 1, optional=True),
    number("over_52_share", "% > 52 weeks*", 0, 1, optional=True),
)
COUNTS = tuple(field.name for field in MEASURES[:5])
ISSUE_FIELDS = (
    code("code", "Organisation Code", ODS_CODE, ODS_WORDS),
    text("name", "Organisation Name"),
    text("issue", "Issue"),
)
FIELDS = (*(field for fields in KEYS.values() for field in fields), *MEASURES, ISSUE_FIELDS[-1])


def key_columns(kind: str) -> tuple[str, ...]:
    """The headings of a kind of sheet's key columns, each once."""
    return tuple(dict.fromkeys(field.column for field in KEYS[kind]))


def headings(kind: str, dimension: str) -> tuple[list[str | None], list[str | None]]:
    """The two heading rows from column B on: keys and groups, then the measures of each group."""
    keys, groups, measures = key_columns(kind), GROUPS[dimension], [f.column for f in MEASURES]
    blank: list[str | None] = [None] * (len(measures) - 1)
    first: list[str | None] = list(keys)
    for group in groups:
        first += [PREFIX + group, *blank]
    return first, [*[None] * len(keys), *measures * len(groups)]
