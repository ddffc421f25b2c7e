"""Community diagnostic centres (CDCs) in England, as listed in November 2022.

ICBs and hosts are named in words, not by code. A postcode that cannot be one is not known, with a
warning. Table: ``centres`` (name, icb, location, postcode,
archetype, site_type, host, is_live, is_new, latitude, longitude).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.positions import misplaced_hospitals
from clockstop.analytics.published.datasets.surgical_hubs import is_new, tidy, words
from clockstop.analytics.published.fields import Field, number, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading

LAYOUT = Layout(
    (
        *("New / Existing", "Year", "Name of CDC / Spoke", "Yr 2 Archetype", "ICB", "Location"),
        *("Post Code", "Live", "Type of site", "Host site", "longitude", "latitude"),
    )
)
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})")
_LIVE = {"Yes": True, "No": False}


def _postcode(cell: str) -> str | None:
    """A postcode with its space, or None if it cannot be one."""
    match = _POSTCODE.fullmatch(tidy(cell))
    return f"{match[1]} {match[2]}" if match else None


def _live(cell: str) -> bool:
    if cell not in _LIVE:
        raise ValueError(cell)
    return _LIVE[cell]


FIELDS = (
    words("name", "Name of CDC / Spoke"),
    words("icb", "ICB"),
    words("location", "Location"),
    Field("postcode", "Post Code", _postcode, pl.String, "a postcode"),
    words("archetype", "Yr 2 Archetype"),
    words("site_type", "Type of site", optional=True),
    words("host", "Host site", optional=True),
    Field("is_live", "Live", _live, pl.Boolean, "Yes or No"),
    is_new("New / Existing"),
    number("latitude", "latitude", 49, 61),
    number("longitude", "longitude", -9, 2),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the list: each centre once, near its postcode. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    centres = typed(cells, file, FIELDS, key=("name",))
    problems = list(misplaced_hospitals(centres, centres["postcode"], cells["row"], file))
    if problems:
        raise FileRefusedError(problems)
    warnings = list(_mistyped(cells, centres["postcode"], file))
    return Reading("england", centres.height, {"centres": centres}, warnings)


def _mistyped(cells: pl.DataFrame, postcodes: pl.Series, file: str) -> Iterator[Problem]:
    """Postcodes that are none: not known, since the list is typed by hand."""
    wrong = cells.filter(postcodes.is_null()).select("row", "Post Code")
    for row, cell in wrong.rows():
        expected = "a postcode: kept as not known"
        yield Problem(file, "postcode", repr(cell), expected, row, "Post Code")


DIAGNOSTIC_CENTRES = DataSet(
    name="diagnostic_centres",
    title="Community diagnostic centres",
    licence="NHS England, Getting It Right First Time, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)
