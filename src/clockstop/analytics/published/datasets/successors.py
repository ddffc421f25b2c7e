"""ODS successors: which organisation took over another, and when."""

from __future__ import annotations

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.fields import ODS_CODE, ODS_WORDS, code, day, typed
from clockstop.analytics.published.reading import DataSet, Reading

LAYOUT = Layout(("old_code", "new_code", "date"))
FIELDS = (
    code("old_code", "old_code", ODS_CODE, ODS_WORDS),
    code("new_code", "new_code", ODS_CODE, ODS_WORDS),
    day("date", "date"),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the list: codes, dates, each succession once. Raises FileRefusedError."""
    table = typed(LAYOUT.read(content, file), file, FIELDS, key=("old_code", "new_code", "date"))
    return Reading("ods", table.height, {"successors": table})


SUCCESSORS = DataSet(
    name="successors",
    title="ODS successor organisations",
    licence="NHS England Organisation Data Service, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)
