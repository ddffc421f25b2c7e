"""The settings of England's rates, chosen at each origin by how far out past origins were.

Each of ``CANDIDATES`` is tried at every origin before, one setting at a time, and held against the
months that had come by then. The best is gone towards by as much as the number of those origins
bears: with ten, half of the way from the value fixed beforehand, which is the middle one and stays
where no other is better by a margin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.estimation.centre import england_course
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.core.rtt.week_bands import STANDARD_WEEKS

CANDIDATES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {"elasticity": (0.5, 1.0), "damping": (0.85, 0.95)}
)
LEAST_MONTHS = 4  # three changes of the lists: with fewer there is no level, let alone a trend
SCORED, PRIOR = 6, 10.0  # months ahead; past origins
MARGIN = 0.02  # by how much smaller errors have to be: overlapping months make less chance
PLACES = 2  # of what is chosen: what is printed is what was used
_FEW, _LEAST = 5.0, 1e-9
_OVER = [0, *(STRETCHES.starts.index(weeks) for weeks in (STANDARD_WEEKS, 52))]


class Choice:
    """The settings at each origin of a history; an origin is named by how many months are known."""

    def __init__(self, history: History, settings: Settings | None = None) -> None:
        """``settings`` are those fixed beforehand."""
        self._history = history
        self._prior = settings or Settings()
        self._courses: dict[tuple[Settings, int], Floats] = {}
        self._months: dict[tuple[int, int], Floats] = {}
        self._chosen: dict[int, Settings] = {}

    def at(self, known: int) -> Settings:
        """Those for forecasts from an origin: no later month plays a part."""
        if known not in self._chosen:
            self._chosen[known] = replace(self._prior, **dict(self._values(known)))
        return self._chosen[known]

    def _values(self, known: int) -> Iterator[tuple[str, float]]:
        origins = max(known - LEAST_MONTHS, 0)
        if not origins:
            return
        usual = np.maximum(self._errors(self._prior, known), _LEAST)
        for name, values in CANDIDATES.items():
            first = getattr(self._prior, name)
            errors = {
                value: self._errors(replace(self._prior, **{name: value}), known)
                for value in values
            }
            scores = {value: float((each / usual).mean()) for value, each in errors.items()}
            best = min(scores, key=scores.__getitem__)
            if scores[best] < 1 - MARGIN:
                told = origins / (origins + PRIOR)
                yield name, round(first + told * (best - first), PLACES)

    def _errors(self, settings: Settings, known: int) -> Floats:
        """The mean absolute error of the logarithm of the list, over 18 and over 52 weeks."""
        errors = [
            np.abs(said - self._came(before, ahead))
            for before in range(LEAST_MONTHS, known)
            for ahead, said in enumerate(self._grown(settings, before)[: known - before], 1)
        ]
        mean: Floats = np.mean(errors, axis=0)
        return mean

    def _grown(self, settings: Settings, known: int) -> Floats:
        """The growth said from an origin: logarithms, (months ahead, figures)."""
        if (settings, known) not in self._courses:
            ahead = min(SCORED, len(self._history.sizes) - known)
            course = england_course(self._history.until(known), settings, ahead)
            figures = np.log(_counts(course) + _FEW)
            self._courses[settings, known] = figures[1:] - figures[0]
        return self._courses[settings, known]

    def _came(self, known: int, ahead: int) -> Floats:
        """The growth that came, of the lists that were sent at both ends: (figures,)."""
        if (known, ahead) not in self._months:
            cube, at = self._history.cube, known - 1 + ahead
            both = cube.sent[known - 1] & cube.sent[at]
            now, later = (cube.waiting[month][both].sum(axis=0) for month in (known - 1, at))
            grown = np.log(_counts(later) + _FEW) - np.log(_counts(now) + _FEW)
            self._months[known, ahead] = grown
        return self._months[known, ahead]


def _counts(bands: Floats) -> Floats:
    """The list, and those over 18 and over 52 weeks: (…, figures)."""
    longer = STRETCHES.sums(bands)[..., ::-1].cumsum(axis=-1)[..., ::-1]
    counts: Floats = longer[..., _OVER]
    return counts
