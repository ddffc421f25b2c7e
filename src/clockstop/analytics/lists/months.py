"""Calendar months written ``2025-09``, as expressions that every engine knows."""

from __future__ import annotations

import narwhals as nw

MONTHS = 12


def later(month: nw.Expr, months: int) -> nw.Expr:
    """The month so many months later."""
    index = _year(month) * MONTHS + _number(month) - 1 + months
    number = index % MONTHS + 1
    year = (index - index % MONTHS) / MONTHS
    text = number.cast(nw.String)
    padded = nw.when(number < 10).then(nw.concat_str(nw.lit("0"), text)).otherwise(text)  # noqa: PLR2004
    return nw.concat_str(year.cast(nw.Int64).cast(nw.String), nw.lit("-"), padded)


def weeks(month: nw.Expr) -> nw.Expr:
    """How many weeks the month has: its days over 7."""
    year, number = _year(month), _number(month)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    short = nw.when(number.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31))
    return nw.when(number == 2).then(february).otherwise(short) / 7  # noqa: PLR2004


def _year(month: nw.Expr) -> nw.Expr:
    return month.str.slice(0, 4).cast(nw.Int64)


def _number(month: nw.Expr) -> nw.Expr:
    return month.str.slice(5, 2).cast(nw.Int64)
