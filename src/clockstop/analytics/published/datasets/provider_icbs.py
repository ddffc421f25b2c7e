"""Provider → ICB: every provider, its name and the ICB it belongs to.

A provider that changed its name or its ICB has a row for each.
"""

from __future__ import annotations

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.fields import ODS_CODE, ODS_WORDS, code, text, typed
from clockstop.analytics.published.reading import DataSet, Reading

LAYOUT = Layout(("Provider Code", "Provider Name", "Provider Parent Code", "Provider Parent Name"))
FIELDS = (
    code("provider", "Provider Code", ODS_CODE, ODS_WORDS),
    text("name", "Provider Name"),
    code("icb", "Provider Parent Code", r"Q[A-Z0-9]{2}", "an ICB code as QWO"),
    text("icb_name", "Provider Parent Name"),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the list: codes of the right form, each row once. Raises FileRefusedError."""
    table = typed(LAYOUT.read(content, file), file, FIELDS, key=("provider", "name", "icb"))
    return Reading("england", table.height, {"provider_icbs": table})


PROVIDER_ICBS = DataSet(
    name="provider_icbs",
    title="Providers and their ICBs",
    licence="NHS England, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)
