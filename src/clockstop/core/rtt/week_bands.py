"""The week bands of the RTT return, and percentiles over them.

Every pathway with a known clock start is filed in one of 105 bands. Band ``k`` holds waits of more
than ``k`` and at most ``k + 1`` weeks (the first also those of no days at all); the last, band 104,
is open: more than 104 weeks. In days, band ``k`` is days ``7k + 1`` to ``7k + 7``, so 18 weeks
(126 days) is still inside band 17.

Source: NHS England, Recording and reporting referral to treatment waiting times, and the column
headings of the monthly full extract (``Gt 00 To 01 Weeks SUM 1`` … ``Gt 104 Weeks SUM 1``). Until
March 2021 the last band was 52, open likewise: more than 52 weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BANDS = 105
OPEN_BAND = BANDS - 1
OLDER_OPEN_BAND, FINER_SINCE = 52, "2021-04"
STANDARD_WEEKS = 18
LONG_WAIT_WEEKS = (18, 52, 65, 78, 104)


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile of a wait, in weeks.

    ``weeks`` is None when there are too few pathways to say, or when the percentile lies in the
    open last band; ``is_open`` tells the two apart.
    """

    weeks: float | None
    is_open: bool = False


def open_band(month: str) -> int:
    """The open last band of the returns of a month, ``2021-03``: 52 until then, 104 since."""
    return OPEN_BAND if month >= FINER_SINCE else OLDER_OPEN_BAND


def label(band: int) -> str:
    """The band in short, as pages show it: ``17-18``, ``104+``."""
    _check(band)
    return f"{band}+" if band == OPEN_BAND else f"{band}-{band + 1}"


def midpoint(band: int) -> float:
    """The wait in weeks that means take for a band: its middle; the open band counts as 104."""
    _check(band)
    return float(OPEN_BAND) if band == OPEN_BAND else band + 0.5


def within(weeks: int) -> range:
    """The bands of waits of at most so many whole weeks: ``within(18)`` is the first 18."""
    return range(weeks)


def over(weeks: int) -> range:
    """The bands of waits of more than so many whole weeks: ``over(52)`` starts at band 52."""
    return range(weeks, BANDS)


def percentile(counts: Sequence[int], percent: int) -> Percentile:
    """The wait, in weeks, that ``percent`` of every 100 pathways do not exceed.

    In the first one-week band whose cumulative count reaches ``p * N``: ``L + (p * N - C) / n``,
    with L the band's lower edge, N all pathways, C those in lower bands and n those in the band.
    The share is a whole percentage so that the comparison is exact in whole numbers. No pathways
    give ``Percentile(None)``; the open last band gives ``Percentile(None, is_open=True)``.

    Source: NHS England's RTT statistics since October 2022, proven by reproducing every published
    England median, 92nd and 95th percentile of April 2024 to September 2025. Raises ValueError
    unless there are 105 counts, none negative, and 1 <= percent <= 100.
    """
    if len(counts) != BANDS or min(counts) < 0:
        raise ValueError(f"expected {BANDS} counts of 0 or more, one for each week band")
    if not 1 <= percent <= 100:  # noqa: PLR2004 - a percentage
        raise ValueError(f"{percent} is not a percentage from 1 to 100")
    target = percent * sum(counts)
    reached = 0
    for band, count in enumerate(counts):
        if count and 100 * (reached + count) >= target:
            if band == OPEN_BAND:
                return Percentile(None, is_open=True)
            return Percentile(band + (target - 100 * reached) / (100 * count))
        reached += count
    return Percentile(None)


def _check(band: int) -> None:
    if not 0 <= band <= OPEN_BAND:
        raise ValueError(f"{band} is not a week band; they run from 0 to {OPEN_BAND}")
