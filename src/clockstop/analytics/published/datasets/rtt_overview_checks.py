"""What holds between the figures of the published series, found true in every month since 2007.

Tables here carry ``row``, the line in the file, beside the columns of the series.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from clockstop.analytics.published.problems import Problem
from clockstop.core.types import Month

_SUMS = (  # total, and the figures that must add up to it
    ("incomplete_pathways", ("within_18_weeks", "over_18_weeks")),
    ("incomplete_pathways_est", ("within_18_weeks_est", "over_18_weeks_est")),
    ("stops", ("admitted_stops", "nonadmitted_stops")),
    ("stops_est", ("admitted_stops_est", "nonadmitted_stops_est")),
    ("removals", ("stops", "unreported_removals")),
    ("removals_est", ("stops_est", "unreported_removals_est")),
)
_SHARES = (  # share, of what, in what; the oldest shares are printed to four digits
    ("pct_within_18_weeks", "within_18_weeks", "incomplete_pathways", 1e-4),
    ("pct_within_18_weeks_est", "within_18_weeks_est", "incomplete_pathways_est", 1e-9),
    ("pct_over_52_weeks", "over_52_weeks", "incomplete_pathways", 1e-9),
    ("pct_over_52_weeks_est", "over_52_weeks_est", "incomplete_pathways_est", 1e-9),
    ("patients_per_pathway", "unique_patients", "incomplete_pathways_est", 1e-9),
    ("pct_unreported_removals", "unreported_removals", "removals", 1e-9),
    ("pct_unreported_removals_est", "unreported_removals_est", "removals_est", 1e-9),
)
_OVER = ("over_18_weeks", "over_52_weeks", "over_65_weeks", "over_78_weeks", "over_104_weeks")
_ESTIMATED = (
    *("within_18_weeks", *_OVER, "incomplete_pathways"),
    *("admitted_stops", "nonadmitted_stops", "new_periods"),
)
_AT_MOST = (  # the smaller, and the larger that bounds it
    *zip(_OVER[1:], _OVER, strict=False),
    *((name, f"{name}_est") for name in _ESTIMATED),
    ("median_weeks", "p92_weeks"),
    *((f"{part}_median_weeks", f"{part}_p95_weeks") for part in ("admitted", "nonadmitted")),
    *((f"{part}_within_18_weeks", f"{part}_stops") for part in ("admitted", "nonadmitted")),
    *((f"{part}_over_52_weeks", f"{part}_stops") for part in ("admitted", "nonadmitted")),
    ("adjusted_median_weeks", "adjusted_p95_weeks"),
    ("adjusted_within_18_weeks", "adjusted_stops"),
)
_QUANTILES = (  # quantile, the share of pathways it bounds, those within 18 weeks, of all
    ("median_weeks", 0.5, "within_18_weeks", "incomplete_pathways"),
    ("p92_weeks", 0.92, "within_18_weeks", "incomplete_pathways"),
    ("nonadmitted_median_weeks", 0.5, "nonadmitted_within_18_weeks", "nonadmitted_stops"),
)
FIRST = Month(2007, 8)
STEP = 2.5  # a median or percentile at most halves or doubles within a month (April 2020)


def contradictions(table: pl.DataFrame, file: str, columns: Mapping[str, str]) -> Iterator[Problem]:
    """Every figure that others in its row belie. ``columns`` names each as in the file."""

    def fault(row: int, name: str, found: float, expected: str) -> Problem:
        return Problem(file, "total", f"{found:,}", expected, row, columns[name])

    for total, parts in _SUMS:
        whole = pl.sum_horizontal(*parts, ignore_nulls=False)
        off = table.filter((pl.col(total) - whole).abs() > 1)
        for row, found, expected in off.select("row", total, whole.alias("sum")).rows():
            yield fault(row, total, found, f"{expected:,} ({' + '.join(parts)})")
    for share, part, of, tolerance in _SHARES:
        ratio = pl.col(part) / pl.col(of)
        off = table.filter((pl.col(share) - ratio).abs() > tolerance)
        for row, found, expected in off.select("row", share, ratio.alias("ratio")).rows():
            yield fault(row, share, found, f"{expected:.9f} ({part} / {of})")
    for smaller, larger in _AT_MOST:
        off = table.filter(pl.col(smaller) > pl.col(larger))
        for row, found, limit in off.select("row", smaller, larger).rows():
            yield fault(row, smaller, found, f"at most {limit:,} ({larger})")
    for quantile, share_, within, of in _QUANTILES:
        is_within = pl.col(within) > share_ * pl.col(of)
        off = table.filter((pl.col(quantile) < 18) != is_within)  # noqa: PLR2004
        for row, found in off.select("row", quantile).rows():
            yield fault(row, quantile, found, f"the side of 18 weeks that {within} tells")


def blanks(table: pl.DataFrame, file: str, columns: Mapping[str, str]) -> Iterator[Problem]:
    """Counts that stop: a column once begun is filled to the end, save the adjusted ones."""
    for name, column in columns.items():
        begun = table.with_columns(seen=pl.col(name).is_not_null().cum_max())
        if name.startswith("adjusted") or (name.endswith("_weeks") and "over" not in name):
            continue
        for row in begun.filter("seen", pl.col(name).is_null())["row"]:
            yield Problem(file, "blank", "a blank", "a figure, as in months before", row, column)


def oddities(table: pl.DataFrame, file: str, columns: Mapping[str, str]) -> Iterator[Problem]:
    """Warnings: months left out, quantiles that leap, lists that do not follow from the flows."""
    months = [Month.parse(text) for text in table["month"]]
    if months[0] != FIRST:
        row, found = table["row"][0], str(months[0])
        yield Problem(file, "gap", found, f"{FIRST}, when the series begins", row, "month")
    for row, month, before in zip(table["row"][1:], months[1:], months, strict=False):
        if before.plus(1) != month:
            expected = f"{before.plus(1)}, the month after {before}"
            yield Problem(file, "gap", str(month), expected, row, "month")
    for name, column in columns.items():
        if name.endswith(("median_weeks", "p92_weeks", "p95_weeks")):
            step = pl.col(name) / pl.col(name).shift(1)
            leaps = table.with_columns(before=pl.col(name).shift(1)).filter(
                (step > STEP) | (step < 1 / STEP)
            )
            for row, found, before in leaps.select("row", name, "before").rows():
                expected = f"within {STEP} times {before:,}, the month before"
                yield Problem(file, "leap", f"{found:,}", expected, row, column)
    left = pl.col("incomplete_pathways").shift(1) + pl.col("new_periods") - pl.col("removals")
    followed = table.with_columns(left=left)
    off = followed.filter((pl.col("incomplete_pathways") - pl.col("left")).abs() > 1)
    for row, found, expected in off.select("row", "incomplete_pathways", "left").rows():
        words = f"{expected:,} (the month before + new periods - removals)"
        yield Problem(file, "flow", f"{found:,}", words, row, columns["incomplete_pathways"])
