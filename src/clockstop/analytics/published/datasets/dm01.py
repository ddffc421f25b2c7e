"""DM01 diagnostics waiting times and activity: the monthly full extract, or a reshaped series.

``extract`` is the official monthly file, provider × commissioner × test with ``TOTAL`` rows; its
key is its month. ``provider`` and ``commissioner`` are series of many months in one file, reshaped
from the published workbooks; each keeps one key, since a longer series replaces it whole. Where
both hold a month the extract counts. Tables: ``diagnostics`` (month, basis, organisation, region,
test, band, n), ``activity`` (month, basis, organisation, region, test, waiting_list, planned,
unscheduled, total) and ``organisations`` (basis, code, name). Bands must add up to the list and
tests to their total on every row. The series by ICB breaks that for June 2023 as published: that
month is left out, with a warning.
"""

from __future__ import annotations

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import nearest
from clockstop.analytics.published.datasets import dm01_extract, dm01_series
from clockstop.analytics.published.reading import DataSet, Reading

LAYOUTS = {"extract": dm01_extract.LAYOUT, **dm01_series.LAYOUTS}


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check an extract or a series and make its tables. Raises FileRefusedError."""
    kind = nearest(LAYOUTS, content[:HEAD_BYTES])
    if kind == "extract":
        return dm01_extract.read(content, file)
    return dm01_series.read(content, file, kind)


DM01 = DataSet(
    name="dm01",
    title="Diagnostics waiting times and activity (DM01)",
    licence="NHS England, Open Government Licence v3.0",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
