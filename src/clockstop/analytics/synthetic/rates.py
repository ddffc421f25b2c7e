"""How fast pathways leave the list by weeks waited and treatment function; what is calibrated."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.specialties import function_codes, profiles
from clockstop.core.rtt.week_bands import BANDS

Floats = npt.NDArray[np.float32]
Wide = npt.NDArray[np.float64]

_weeks = np.arange(BANDS)
# The weekly rate of leaving the list by weeks waited, before calibration: fast in the first weeks,
# steady for most of a year, then pressed by the limits of 52 and 65 weeks.
_WEEKS_OF_RATES = (0, 1, 2, 4, 8, 15, 25, 35, 45, 52, 60, 63, 65, 70, 84, 104)
_LEAVING = (
    *(0.17, 0.10, 0.07, 0.042, 0.034, 0.043, 0.043, 0.048),
    *(0.075, 0.11, 0.20, 0.35, 0.35, 0.25, 0.22, 0.15),
)
# Four spans of a wait that blend into each other, each with a rate of its own for a function; and
# how much faster pathways leave in each from year to year, as England's long waits fell.
SPANS = ("early", "middle", "late", "longest")
_EARLY_ENDS, _LATE_BEGINS, _LONGEST_BEGINS = (14, 22), (38, 50), (61, 65)
_QUICKENING = (0.04, 0.045, 0.28, 0.28)
_LEAVING_BY_WEEK = np.interp(_weeks, _WEEKS_OF_RATES, _LEAVING)
_early = np.interp(_weeks, _EARLY_ENDS, (1, 0))
_late = np.interp(_weeks, _LATE_BEGINS, (0, 1))
_longest = np.interp(_weeks, _LONGEST_BEGINS, (0, 1))
_SPANS = np.stack([_early, 1 - _early - _late, _late - _longest, _longest])
FEWEST_REMOVED, MOST_REMOVED = 0.02, 0.5


@dataclass(frozen=True)
class Rates:
    """One figure for each treatment function, in the order of the return.

    ``demand`` and ``admitted`` multiply those of the cells; ``removed`` is the share of exits that
    nobody reports; ``spans`` (spans x functions) the log of what multiplies the rate of leaving in
    each span of a wait; ``dip`` the demand of the reference month against its neighbours', where
    that month saw more clock stops than new periods.
    """

    demand: Wide
    admitted: Wide
    removed: Wide
    spans: Wide
    dip: Wide

    @classmethod
    def first(cls) -> Self:
        """Where calibration begins."""
        one = np.ones(len(function_codes()))
        return cls(one, one, one * 0.12, np.tile(np.log(profiles()["pace"]), (len(SPANS), 1)), one)

    def with_step(self, span: int, step: float) -> Self:
        """These rates with one span of every function pressed by a little."""
        spans = self.spans.copy()
        spans[span] += step
        return replace(self, spans=spans)

    def log_stay(self, years: float) -> Floats:
        """The log of the share that stays for another week: functions x bands.

        ``years`` count from the reference month.
        """
        pressed = self.spans + years * np.array(_QUICKENING)[:, None]
        rates = _LEAVING_BY_WEEK * np.exp(pressed.T @ _SPANS)
        return (-rates).astype(np.float32)
