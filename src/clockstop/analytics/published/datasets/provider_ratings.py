"""Ratings of providers by their regulator, supplied by whoever runs Clockstop.

The Care Quality Commission's ratings do not ship with Clockstop; put those that you may use into
this layout, one row for each provider and domain. Domains are ``overall``, ``safe``,
``effective``, ``caring``, ``responsive`` and ``well-led``; ratings are ``Outstanding``, ``Good``,
``Requires improvement``, ``Inadequate`` and ``Not rated``. ``rated_on`` is the day the rating was
published, ``source`` says where it was found. A new file replaces the whole. Table: ``ratings``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.fields import ODS_CODE, ODS_WORDS, Field, code, text, typed
from clockstop.analytics.published.problems import Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.codes import provider_sectors

DOMAINS = ("overall", "safe", "effective", "caring", "responsive", "well-led")
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not rated")
LAYOUT = Layout(("provider", "domain", "rating", "rated_on", "source"))


def _one_of(column: str, values: Sequence[str]) -> Field:
    """One of the values, in capitals or not."""
    known = {value.casefold(): value for value in values}

    def parse(cell: str) -> str:
        if cell.casefold() not in known:
            raise ValueError(cell)
        return known[cell.casefold()]

    return Field(column, column, parse, pl.String, f"one of {', '.join(values)}")


def _rated_on(cell: str) -> date:
    day = date.fromisoformat(cell)
    if day > datetime.now(UTC).date():
        raise ValueError(cell)
    return day


FIELDS = (
    code("provider", "provider", ODS_CODE, ODS_WORDS),
    _one_of("domain", DOMAINS),
    _one_of("rating", RATINGS),
    Field("rated_on", "rated_on", _rated_on, pl.Date, "a date as 2024-03-31, not to come"),
    text("source", "source"),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the ratings: each provider and domain once. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    ratings = typed(cells, file, FIELDS, key=("provider", "domain"))
    warnings = list(_unknown(ratings.with_columns(cells["row"]), file))
    return Reading("own", ratings.height, {"ratings": ratings}, warnings)


def _unknown(ratings: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Providers that our list does not hold: each once, where it first stands."""
    strange = ratings.filter(~pl.col("provider").is_in(list(provider_sectors())))
    first = strange.unique("provider", keep="first", maintain_order=True)
    for row, provider in first.select("row", "provider").rows():
        expected = "a provider in our sector list"
        yield Problem(file, "unknown organisation", repr(provider), expected, row, "provider")


PROVIDER_RATINGS = DataSet(
    name="provider_ratings",
    title="Ratings of providers (supplied)",
    licence="The supplier's own",
    recognises=LAYOUT.resembles,
    read=read,
)
