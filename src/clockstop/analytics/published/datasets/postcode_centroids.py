"""Centroids of postcode sectors (``LS1 4``) and districts (``LS1``), from Code-Point Open."""

from __future__ import annotations

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.fields import code, number, typed
from clockstop.analytics.published.reading import DataSet, Reading

_OUTWARD = r"[A-Z]{1,2}\d[A-Z\d]?"
_KINDS = {
    "sector": ("sector", rf"{_OUTWARD} \d", "a postcode sector as 'LS1 4'"),
    "district": ("outcode", _OUTWARD, "a postcode district as 'LS1'"),
}
_REST = ("easting", "northing", "postcodes", "country", "latitude", "longitude")
LAYOUTS = {kind: Layout((column, *_REST)) for kind, (column, _, _) in _KINDS.items()}


def _kind(head: bytes) -> str:
    first = LAYOUTS["sector"].header(head)[:1]
    return "district" if first == ["outcode"] else "sector"


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the centroids: all in Great Britain, each code once. Raises FileRefusedError."""
    kind = _kind(content[:1_000])
    column, pattern, words = _KINDS[kind]
    fields = (
        code("code", column, pattern, words),
        number("easting", "easting", 0, 700_000),
        number("northing", "northing", 0, 1_300_000),
        number("postcodes", "postcodes", 1, 100_000, whole=True),
        code("country", "country", r"[ESW]92000\d{3}", "a country code as E92000001"),
        number("latitude", "latitude", 49, 61),
        number("longitude", "longitude", -9, 2),
    )
    table = typed(LAYOUTS[kind].read(content, file), file, fields, key=("code",))
    return Reading(kind, table.height, {"centroids": table})


POSTCODE_CENTROIDS = DataSet(
    name="postcode_centroids",
    title="Postcode sector and district centroids",
    licence="Ordnance Survey Code-Point Open, Open Government Licence v3.0: contains OS data "
    "© Crown copyright and database right 2025; contains Royal Mail data © Royal Mail copyright "
    "and database right 2025",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
