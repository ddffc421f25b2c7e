"""The Organisation Data Service's 27-column report, which has no header: what its lists share."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from clockstop.analytics.published.csv_text import Layout, as_text
from clockstop.analytics.published.fields import Field, code
from clockstop.analytics.published.problems import Problem
from clockstop.core.codes import icbs

WIDTH = 27
_SAMPLE = 5
_ADDRESS = tuple(f"address_{n}" for n in range(1, 6))
_FIRST = ("code", "name", "region", "icb", *_ADDRESS, "postcode", "opened", "closed")


def layout(further: Mapping[int, str] | None = None) -> Layout:
    """The report with its first twelve columns named, and those further ones (counted from 1)."""
    names = dict(enumerate(_FIRST, start=1)) | dict(further or {})
    columns = tuple(names.get(at, f"column_{at}") for at in range(1, WIDTH + 1))
    return Layout(columns, has_header=False)


def rows_like(head: bytes, is_one: Callable[[Sequence[str]], bool]) -> bool:
    """Whether one of the first rows is of 27 fields and as it should be."""
    try:
        rows = list(csv.reader(as_text(head).splitlines()[:_SAMPLE]))
    except csv.Error:
        return False
    return any(len(row) == WIDTH and is_one(row) for row in rows)


def place_fields(icb_pattern: str, icb_words: str) -> tuple[Field, ...]:
    """Region, ICB and postcode, each blank where the organisation has none."""
    postcode = r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"
    return (
        code("region", "region", r"Y\d{2}|W\d{2}", "a region code as Y63", optional=True),
        code("icb", "icb", icb_pattern, icb_words, optional=True),
        code("postcode", "postcode", postcode, "a postcode", optional=True),
    )


def contradictions(table: pl.DataFrame, rows: pl.Series, file: str) -> Iterator[Problem]:
    """An ICB outside its region, an organisation closed before it opened."""
    regions = {icb.code: icb.region.code for icb in icbs()}
    for row, each in zip(rows, table.rows(named=True), strict=True):
        region = regions.get(each["icb"], each["region"])
        if region != each["region"]:
            expected = f"{region!r}, in which {each['icb']} lies"
            yield Problem(file, "region", repr(each["region"]), expected, row, "region")
        if each["opened"] and each["closed"] and each["closed"] < each["opened"]:
            expected = f"a day after {each['opened']}, when it opened"
            yield Problem(file, "value", str(each["closed"]), expected, row, "closed")
