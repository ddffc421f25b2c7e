"""Elective surgical hubs in England, as Getting It Right First Time listed them in December 2022.

Trusts and systems are named in words, not by code. Table: ``hubs`` (name, trust, system, kind,
opened as a month or not known, is_new, latitude, longitude).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.positions import misplaced_hospitals
from clockstop.analytics.published.fields import Field, number, text, typed
from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.types import Month

KINDS = {
    "Integrated Hub": "integrated",
    "Ring-Fenced Hub": "ring_fenced",
    "Stand-alone Hub": "stand_alone",
    "New": "new",
}
NEW = {"New": True, "Existing": False}
LAYOUT = Layout(
    (
        *("ICS", "NHS Trust Name", "Hub Name", "Date opened", "Type of Hubs"),
        *("q2wHide_New or Existing", "longitude", "latitude"),
    )
)


def _kind(cell: str) -> str:
    if cell not in KINDS:
        raise ValueError(cell)
    return KINDS[cell]


def words(name: str, column: str, *, optional: bool = False) -> Field:
    """A text typed by hand: odd spaces, and what a conversion could not show, are one space."""
    plain = text(name, column, optional=optional)
    return replace(plain, parse=lambda cell: plain.parse(tidy(cell)))


def tidy(cell: str) -> str:
    """The cell with single plain spaces."""
    return " ".join(cell.replace("\ufffd", " ").split())


def is_new(column: str) -> Field:
    """Whether a site is New or Existing."""

    def parse(cell: str) -> bool:
        if cell not in NEW:
            raise ValueError(cell)
        return NEW[cell]

    return Field("is_new", column, parse, pl.Boolean, "New or Existing")


def _opened(cell: str) -> str | None:
    return None if cell == "Unknown" else str(Month.parse(cell))


FIELDS = (
    words("name", "Hub Name"),
    words("trust", "NHS Trust Name"),
    words("system", "ICS"),
    Field("kind", "Type of Hubs", _kind, pl.String, f"one of {', '.join(KINDS)}"),
    Field("opened", "Date opened", _opened, pl.String, "a month as 2022-08, or Unknown"),
    is_new("q2wHide_New or Existing"),
    number("latitude", "latitude", 49, 61),
    number("longitude", "longitude", -9, 2),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the list: each hub once, where there can be one. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    hubs = typed(cells, file, FIELDS, key=("name", "trust"))
    problems = list(misplaced_hospitals(hubs, None, cells["row"], file))
    if problems:
        raise FileRefusedError(problems)
    return Reading("england", hubs.height, {"hubs": hubs})


SURGICAL_HUBS = DataSet(
    name="surgical_hubs",
    title="Elective surgical hubs",
    licence="NHS England, Getting It Right First Time, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)
