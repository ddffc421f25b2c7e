"""ODS trusts (``etr.csv``): code, name, region, ICB, address. The file has no header.

The layout is the Organisation Data Service's 27-column report, of which the first twelve are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.csv_text import Layout, as_text
from clockstop.analytics.published.datasets.completeness import absences, are_fictional
from clockstop.analytics.published.datasets.positions import unknown_districts
from clockstop.analytics.published.fields import (
    ICB_CODE,
    ODS_CODE,
    ODS_WORDS,
    code,
    day,
    text,
    typed,
)
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.codes import icbs, provider_sectors
from clockstop.core.types import Sector

WIDTH = 27
_ADDRESS = tuple(f"address_{n}" for n in range(1, 6))
_READ = ("code", "name", "region", "icb", *_ADDRESS, "postcode", "opened", "closed")
_UNREAD = tuple(f"column_{n}" for n in range(len(_READ) + 1, WIDTH + 1))
LAYOUT = Layout((*_READ, *_UNREAD), has_header=False)
FIELDS = (
    code("code", "code", ODS_CODE, ODS_WORDS),
    text("name", "name"),
    code("region", "region", r"Y\d{2}|W\d{2}", "a region code as Y63", optional=True),
    code("icb", "icb", ICB_CODE, "an ICB code as QWO", optional=True),
    code("postcode", "postcode", r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", "a postcode", optional=True),
    day("opened", "opened", optional=True),
    day("closed", "closed", optional=True),
)
# GP practices come in the same 27 columns, under codes of six characters.
_TRUST = re.compile(r"[A-Z0-9]{3}|[A-Z0-9]{5}")
_REGION = re.compile(r"Y\d{2}")
_ICB = re.compile(ICB_CODE)
_SAMPLE = 5


def recognises(head: bytes) -> bool:
    """Whether the first rows are of 27 fields that start with a trust, its region and ICB."""
    try:
        rows = list(csv.reader(as_text(head).splitlines()[:_SAMPLE]))
    except csv.Error:
        return False
    return any(
        _TRUST.fullmatch(row[0]) and _REGION.fullmatch(row[2]) and _ICB.fullmatch(row[3])
        for row in rows
        if len(row) == WIDTH
    )


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the report and keep what Clockstop uses. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    table = typed(cells, file, FIELDS, key=("code",))
    problems = list(_contradictions(table, cells["row"], file))
    if problems:
        raise FileRefusedError(problems)
    warnings = unknown_districts(table["postcode"], cells["row"], file, "postcode")
    if not are_fictional(table["name"]):
        listed = provider_sectors().items()
        trusts = {code for code, entry in listed if entry.sector == Sector.NHS_TRUST}
        warnings += absences(trusts, table["code"], file, "NHS trusts")
    return Reading("ods", table.height, {"trusts": table}, warnings)


def _contradictions(table: pl.DataFrame, rows: pl.Series, file: str) -> Iterator[Problem]:
    """An ICB outside its region, a trust closed before it opened."""
    regions = {icb.code: icb.region.code for icb in icbs()}
    for row, each in zip(rows, table.rows(named=True), strict=True):
        region = regions.get(each["icb"], each["region"])
        if region != each["region"]:
            expected = f"{region!r}, in which {each['icb']} lies"
            yield Problem(file, "region", repr(each["region"]), expected, row, "region")
        if each["opened"] and each["closed"] and each["closed"] < each["opened"]:
            expected = f"a day after {each['opened']}, when it opened"
            yield Problem(file, "value", str(each["closed"]), expected, row, "closed")


TRUSTS = DataSet(
    name="trusts",
    title="ODS NHS trusts (etr)",
    licence="NHS England Organisation Data Service, Open Government Licence v3.0",
    recognises=recognises,
    read=read,
)
