"""Cells as what their column holds: which can be read, and which cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from clockstop.analytics.wlmds.tables import Column

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z?$"
_WHOLE = r"^[0-9]{1,15}$"


def parsed(cells: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """The values of a column, null where there is none, and which cells could not be read.

    Days are written 2026-11-15, also with a midnight after it, as databases do; times
    2026-11-15T18:30:00. Cells of a typed file are taken where the type fits.
    """
    blank = pl.Series([False]).new_from_index(0, len(cells))
    if cells.dtype == column.polars:
        return cells, blank
    if cells.dtype == pl.Null():
        return cells.cast(column.polars), blank
    if cells.dtype.is_nested() or cells.dtype in (pl.Binary(), pl.Object()):
        return pl.Series(column.name, [None] * len(cells), dtype=column.polars), cells.is_not_null()
    text = _as_text(cells, column)
    values = _READERS[column.type](text).alias(column.name)
    return values, text.is_not_null() & values.is_null()


def _as_text(cells: pl.Series, column: Column) -> pl.Series:
    if cells.dtype == pl.String():
        return cells
    if column.type == "day" and isinstance(cells.dtype, pl.Datetime):
        return cells.dt.strftime("%Y-%m-%d %H:%M:%S")
    return cells.cast(pl.String, strict=False)


def _day(text: pl.Series) -> pl.Series:
    found = _whole_day(text)
    if found.null_count() > text.null_count():
        return found.fill_null(_whole_day(text.str.replace(_MIDNIGHT, "")))
    return found


def _whole_day(text: pl.Series) -> pl.Series:
    fits = text.set(~text.str.contains(_DAY), None)
    return fits.str.to_date("%Y-%m-%d", strict=False)


def _time(text: pl.Series) -> pl.Series:
    fits = text.set(~text.str.contains(_TIME), None).str.strip_suffix("Z").str.replace(" ", "T")
    seconds = fits.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
    return seconds.fill_null(fits.str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us"))


def _number(text: pl.Series) -> pl.Series:
    return text.set(~text.str.contains(_WHOLE), None).cast(pl.Int64)


def _flag(text: pl.Series) -> pl.Series:
    known = {"true": True, "false": False, "y": True, "n": False, "1": True, "0": False}
    return text.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.Boolean)


_READERS: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "day": _day,
    "time": _time,
    "number": _number,
    "flag": _flag,
    "code": lambda text: text,
    "text": lambda text: text,
}
