"""Centroids of postcode sectors (``LS1 4``) and districts (``LS1``), from Code-Point Open."""

from __future__ import annotations

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.completeness import absences
from clockstop.analytics.published.datasets.positions import misplaced_centroids, unknown_districts
from clockstop.analytics.published.fields import code, number, typed
from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.geography.districts import districts

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
    """Check the centroids: each code once, near its district. Raises FileRefusedError."""
    kind = _kind(content[:HEAD_BYTES])
    column, pattern, words = _KINDS[kind]
    fields = (
        code("code", column, pattern, words),
        number("easting", "easting", 0, 700_000),
        number("northing", "northing", 0, 1_300_000),
        number("postcodes", "postcodes", 1, 100_000, whole=True),
        code("country", "country", r"E92000001|S92000003|W92000004", "a country code as E92000001"),
        number("latitude", "latitude", 49, 61),
        number("longitude", "longitude", -9, 2),
    )
    cells = LAYOUTS[kind].read(content, file)
    table = typed(cells, file, fields, key=("code",))
    problems = list(misplaced_centroids(table, cells["row"], file))
    if problems:
        raise FileRefusedError(problems)
    warnings = unknown_districts(table["code"], cells["row"], file, column)
    found = table["code"].str.split(" ").list.first()
    warnings += absences(districts(), set(found), file, "postcode districts")
    return Reading(kind, table.height, {"centroids": table}, warnings)


POSTCODE_CENTROIDS = DataSet(
    name="postcode_centroids",
    title="Postcode sector and district centroids",
    licence="Ordnance Survey Code-Point Open, Open Government Licence v3.0: contains OS data "
    "© Crown copyright and database right 2025; contains Royal Mail data © Royal Mail copyright "
    "and database right 2025",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
