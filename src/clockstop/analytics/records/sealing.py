"""Fingerprints of many entries at once: as ``service.pathways.entries.fingerprint`` of each."""

from __future__ import annotations

from hashlib import sha256

import polars as pl

from clockstop.analytics.records.event_text import escaped
from clockstop.analytics.records.keys import hyphened

_QUOTED = (["\\", '"'], ["\\\\", '\\"'])


def said(entries: pl.DataFrame) -> pl.Series:
    """The text that is hashed of each entry: the canonical JSON of all that it says.

    Columns ``pathway``, ``submission`` and ``batch`` (32 hexadecimal digits), ``number``,
    ``source_number``, ``kind``, ``day``, ``values``, ``why``, ``at`` (ISO 8601, UTC), ``by``,
    ``role`` and ``organisation_code``.
    """
    parts = [
        pl.lit('{"acting_for":"","at":"'),
        pl.col("at"),
        pl.lit('","batch":"'),
        hyphened("batch"),
        pl.lit('","by":["'),
        escaped(entries["by"]),
        pl.lit('","'),
        escaped(entries["role"]),
        pl.lit('","'),
        escaped(entries["organisation_code"]),
        pl.lit('"],"day":"'),
        pl.col("day").cast(pl.String),
        pl.lit('","kind":"'),
        pl.col("kind").cast(pl.String),
        pl.lit('","number":'),
        pl.col("number").cast(pl.String),
        pl.lit(',"pathway":"'),
        hyphened("pathway"),
        pl.lit('","reason":"'),
        escaped(entries["why"]),
        pl.lit('","source_number":'),
        pl.col("source_number").cast(pl.String),
        pl.lit(',"submission":"'),
        hyphened("submission"),
        pl.lit('","values":"'),
        pl.col("values").str.replace_many(*_QUOTED),
        pl.lit('"}'),
    ]
    return entries.select(pl.concat_str(parts)).to_series()


class Seal:
    """One hash over the fingerprints of entries, in their order, part by part."""

    def __init__(self) -> None:
        self._whole = sha256()
        self._is_empty = True

    def add(self, entries: pl.DataFrame) -> None:
        """The next entries, with the columns that ``said`` reads."""
        for text in said(entries):
            self._is_empty = False
            self._whole.update(sha256(text.encode()).hexdigest().encode())

    @property
    def text(self) -> str:
        """The hash in hexadecimal; empty where there was no entry."""
        return "" if self._is_empty else self._whole.hexdigest()
