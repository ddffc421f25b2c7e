"""What a plan can change: whom capacity goes to first, how much of it there is, and of demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.model import Floats, Weeks
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND
from clockstop.core.types import Month


@dataclass(frozen=True)
class Cliff:
    """From the census of ``month`` on, nobody is to wait for more than ``weeks`` weeks.

    Until then each week takes its equal part of those who would wait longer by that census, the
    longest waits first, before anybody else is treated; from then on it takes all who would cross
    the line. Where capacity does not suffice, all of it goes there.
    """

    month: Month
    weeks: int

    def __post_init__(self) -> None:
        """Refuse a line that is in no week band."""
        if not 1 <= self.weeks <= OPEN_BAND:
            raise ValueError(f"a cliff at {self.weeks} weeks; expected 1 to {OPEN_BAND}")

    def weeks_left(self, weeks: Weeks) -> npt.NDArray[np.int64]:
        """How many weeks (weeks,) are left at the start of each week: 1 or more.

        The state at the last whole week before the census has to be clear already, as the census
        lies between it and the next. Raises ValueError if the month is none of the weeks'.
        """
        if self.month not in weeks.months:
            known = f"{weeks.months[0]} to {weeks.months[-1]}"
            raise ValueError(f"a cliff in {self.month}; the forecast has {known}")
        due = int(weeks.census[weeks.months.index(self.month)])
        return np.maximum(due - np.arange(len(weeks.month)), 1)

    def first_band(self, weeks: Weeks) -> npt.NDArray[np.int64]:
        """The shortest band (weeks,) whose people would be over the line when it is due."""
        return np.maximum(self.weeks - self.weeks_left(weeks), 0)


@dataclass(frozen=True)
class Policy:
    """How capacity is spent, and multipliers of what there is; the default changes nothing.

    A cliff goes first. ``long_wait_share`` (0 to 1) of what it leaves is spent from the longest
    waits down to those of more than ``long_wait_weeks`` weeks; the rest, and what these do not
    need, on everybody at the calibrated profile. ``demand`` and ``capacity`` multiply arrivals and
    treatment by month: numbers, (months,) or (cells, months). Raises ValueError for other shares,
    weeks outside 0 to 104, and multipliers that are negative or no numbers.
    """

    long_wait_share: float = 0.0
    long_wait_weeks: int = 52
    cliff: Cliff | None = None
    demand: npt.ArrayLike = 1.0
    capacity: npt.ArrayLike = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        if not 0 <= self.long_wait_share <= 1:
            raise ValueError(f"a long-wait share of {self.long_wait_share}; expected 0 to 1")
        if not 0 <= self.long_wait_weeks <= OPEN_BAND:
            expected = f"expected 0 to {OPEN_BAND}"
            raise ValueError(f"long waits of over {self.long_wait_weeks} weeks; {expected}")
        for name in ("demand", "capacity"):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if not (np.isfinite(values).all() and (values >= 0).all()):
                raise ValueError(f"a multiplier of {name} is negative, or no number")

    def multipliers(self, cells: int, months: int) -> Floats:
        """Those of arrivals and of treatment: (cells, months, 2).

        Raises ValueError if their months or cells are not as many as the forecast's.
        """
        shape = (cells, months)
        try:
            both = [np.broadcast_to(each, shape) for each in (self.demand, self.capacity)]
        except ValueError:
            found = f"{np.shape(self.demand)} and {np.shape(self.capacity)}"
            raise ValueError(f"demand and capacity of shape {found}, expected {shape}") from None
        return np.stack(both, axis=-1).astype(np.float64)

    def urgent(self, weeks: Weeks) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The cliff's ``first_band`` and ``weeks_left``; without one, no band in any week."""
        if self.cliff is None:
            none = np.full(len(weeks.month), BANDS)
            return none, np.ones_like(none)
        return self.cliff.first_band(weeks), self.cliff.weeks_left(weeks)


AS_CALIBRATED = Policy()
