"""Where hospitals are: three layouts, all giving WGS84 positions.

``directory`` is the NHS website's hospital list (¬-separated, Windows-1252, sites with codes and
their parent); ``trusts`` gives a point for each trust code; ``names`` a point for a hospital's
name alone. Each file keeps its own key, its name, since later directories drop sites that earlier
ones place. The directory's own sector column is known to be wrong for some and is not kept.
"""

from __future__ import annotations

import re

import polars as pl

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.positions import misplaced_hospitals
from clockstop.analytics.published.fields import (
    ODS_CODE,
    ODS_WORDS,
    Field,
    code,
    number,
    text,
    typed,
)
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading

_DIRECTORY = (
    "OrganisationID OrganisationCode OrganisationType SubType Sector OrganisationStatus "
    "IsPimsManaged OrganisationName Address1 Address2 Address3 City County Postcode Latitude "
    "Longitude ParentODSCode ParentName Phone Email Website Fax"
)
LAYOUTS = {
    "directory": Layout(tuple(_DIRECTORY.split()), "¬", "cp1252"),
    "trusts": Layout(("nhs_trust22_name", "nhs_trust22_code", "status", "longitude", "latitude")),
    "names": Layout(("hospital22_name", "longitude", "latitude")),
}


def _point(latitude: str, longitude: str, *, optional: bool = False) -> tuple[Field, ...]:
    return (
        number("latitude", latitude, 49, 61, optional=optional),
        number("longitude", longitude, -9, 2, optional=optional),
    )


_FIELDS: dict[str, tuple[Field, ...]] = {
    "directory": (
        code("code", "OrganisationCode", r"[A-Z0-9.-]{2,12}", ODS_WORDS),
        text("name", "OrganisationName"),
        code("parent", "ParentODSCode", ODS_CODE, ODS_WORDS, optional=True),
        *_point("Latitude", "Longitude", optional=True),
    ),
    "trusts": (
        code("code", "nhs_trust22_code", ODS_CODE, ODS_WORDS),
        text("name", "nhs_trust22_name"),
        *_point("latitude", "longitude"),
    ),
    "names": (text("name", "hospital22_name"), *_point("latitude", "longitude")),
}
_COLUMNS = ("layout", "code", "name", "parent", "latitude", "longitude")


def _layout(head: bytes) -> str:
    return next(name for name, layout in LAYOUTS.items() if layout.resembles(head))


def read(content: bytes, file: str, stem: str) -> Reading:
    """Check the positions: codes, and points where they can be. Raises FileRefusedError."""
    kind = _layout(content[:HEAD_BYTES])
    cells = LAYOUTS[kind].read(content, file)
    key = ("code",) if kind == "trusts" else ()  # the other lists repeat hospitals
    table = typed(cells, file, _FIELDS[kind], key=key)
    postcodes = cells["Postcode"] if kind == "directory" else None
    problems = list(misplaced_hospitals(table, postcodes, cells["row"], file))
    if problems:
        raise FileRefusedError(problems)
    for column in ("code", "parent"):
        if column not in table.columns:
            table = table.with_columns(pl.lit(None, pl.String).alias(column))
    hospitals = table.with_columns(pl.lit(kind).alias("layout")).select(_COLUMNS)
    return Reading(_key(stem), table.height, {"hospitals": hospitals}, _unplaced(table, file))


def _key(stem: str) -> str:
    """The file's name as a key, which is also a folder of the lake: plain letters, not too long."""
    return re.sub(r"[^a-z0-9_-]+", "-", stem.lower())[:60].strip("-") or "unnamed"


def _unplaced(table: pl.DataFrame, file: str) -> list[Problem]:
    missing = table.filter(pl.col("latitude").is_null() | pl.col("longitude").is_null()).height
    if not missing:
        return []
    return [Problem(file, "no position", f"{missing:,} hospitals without one", "a position each")]


HOSPITALS = DataSet(
    name="hospitals",
    title="Hospital positions",
    licence="NHS website and NHS England, Open Government Licence v3.0",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
