"""Provider sectors that a user supplies: who runs each provider, in our own list's layout.

They are added to the list that ships with Clockstop, and win where both name a provider.
"""

from __future__ import annotations

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.fields import ODS_CODE, ODS_WORDS, Field, code, text, typed
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.types import Sector

LAYOUT = Layout(("provider", "name", "sector", "operator", "source", "reason"))
FIELDS = (
    code("provider", "provider", ODS_CODE, ODS_WORDS),
    text("name", "name", optional=True),
    Field(
        "sector",
        "sector",
        lambda cell: str(Sector(cell)),
        pl.String,
        f"one of {', '.join(Sector)}",
    ),
    text("operator", "operator", optional=True),
    text("source", "source"),
    text("reason", "reason"),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the list: known sectors, each provider once. Raises FileRefusedError."""
    table = typed(LAYOUT.read(content, file), file, FIELDS, key=("provider",))
    return Reading("own", table.height, {"sectors": table})


SECTORS = DataSet(
    name="provider_sectors",
    title="Provider sectors (supplied)",
    licence="The supplier's own",
    recognises=LAYOUT.resembles,
    read=read,
)
