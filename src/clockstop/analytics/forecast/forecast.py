"""The forecast of any level: calibrated, simulated, held to England's, with honest intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.calibration import calibrate
from clockstop.analytics.forecast.centre import centre
from clockstop.analytics.forecast.cube import Cube, groups_of
from clockstop.analytics.forecast.history import History
from clockstop.analytics.forecast.intervals import Past, honest, stretched
from clockstop.analytics.forecast.model import Floats, Model
from clockstop.analytics.forecast.quantiles import QUANTILES, Quantiles, figures, months_after
from clockstop.analytics.forecast.settings import Settings
from clockstop.analytics.forecast.spread import Run, counted, figures_of, spreads
from clockstop.core.types import Month, Sector

LEAST_MONTHS = 4  # three changes of the lists: with fewer there is no level, let alone a trend


class TooShortError(ValueError):
    """The months known at the origin are too few to forecast from."""


class Forecasts:
    """Forecasts from the months of a cube, at any origin and level.

    What was said at past origins is worked out once and kept: the intervals of later origins rest
    on it. At no origin is anything later looked at.
    """

    def __init__(self, cube: Cube, settings: Settings | None = None) -> None:
        self._history = History(cube)
        self.settings = settings or Settings()
        self._models: dict[int, Model] = {}
        self._middles: dict[tuple[int, int], Floats] = {}

    def __call__(self, cube: Cube, months: int) -> Quantiles:
        """As a forecaster of the back-test: the level of ``cube``, at its last month."""
        return self.forecast(cube.months[-1], months, cube.by)

    def forecast(
        self, origin: Month, months: int, by: Sequence[str], run: Run | None = None
    ) -> Quantiles:
        """The quantiles of every group told apart by ``by``, for so many months after ``origin``.

        Raises TooShortError where fewer than ``LEAST_MONTHS`` months are known by then, ValueError
        for a month that the cube does not hold.
        """
        known = self._known(origin)
        history = self._history.until(known)
        groups, members = groups_of(history.cube.cells, by)
        middle = counted(self._middle(known, months))
        said = figures_of(_added(middle, members, len(groups)))
        simulated = np.empty((*said.shape, len(QUANTILES)))
        run = run or Run()
        for part, counts in spreads(self._model(known), middle, members, len(groups), run):
            replicates = figures_of(np.moveaxis(counts, 2, -1))
            simulated[part] = np.moveaxis(np.quantile(replicates, QUANTILES, axis=2), 0, -1)
        past = self._past(known, months, by)
        values = honest(said, simulated, past, _kinds(history.cube, members))
        keys = {key: getattr(groups, key) for key in by}
        return Quantiles(months_after(history.cube, months), keys, values)

    def _known(self, origin: Month) -> int:
        months = self._history.cube.months
        if origin not in months:
            raise ValueError(f"{origin} is not among {months[0]} to {months[-1]}")
        known = months.index(origin) + 1
        if known < LEAST_MONTHS:
            raise TooShortError(
                f"a forecast from {origin} needs {LEAST_MONTHS} consecutive months up to it; "
                f"there are {known}"
            )
        return known

    def _model(self, known: int) -> Model:
        if known not in self._models:
            self._models[known] = calibrate(self._history.until(known), self.settings)
        return self._models[known]

    def _middle(self, known: int, months: int) -> Floats:
        """The middle of every cell, (cells, months, stretches), seen after so many months."""
        for (at, longer), lists in self._middles.items():
            if at == known and longer >= months:
                return lists[:, :months]
        history = self._history.until(known)
        lists = centre(history, self._model(known), self.settings, months)
        self._middles[known, months] = lists
        return lists

    def _past(self, known: int, months: int, by: Sequence[str]) -> list[Past]:
        """What was out at past origins, of targets no later than the origin."""
        cube = self._history.until(known).cube
        rolled = cube.rolled_up(by)
        truth = figures(rolled.waiting)
        _, members = groups_of(cube.cells, by)
        found = []
        for before in range(LEAST_MONTHS, known):
            ahead = min(months, known - before)  # at most, of what has come
            middle = counted(self._middle(before, len(self._history.cube.months) - before))
            said = figures_of(_added(middle[:, :ahead], members, len(rolled.cells)))
            for month in range(ahead):
                errors = stretched(truth[before + month]) - stretched(said[:, month])
                can_tell = rolled.sent[before - 1] & rolled.sent[before + month]
                errors[~can_tell] = np.nan
                found.append(Past(month + 1, errors))
        return found


def _added(values: Floats, members: npt.NDArray[np.int64], groups: int) -> Floats:
    sums = np.zeros((groups, *values.shape[1:]))
    np.add.at(sums, members, values)
    return sums


def _kinds(cube: Cube, members: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """1 for a group of independent providers alone, 0 for any other."""
    others = cube.cells.sector != str(Sector.INDEPENDENT)
    kinds: npt.NDArray[np.int64] = (np.bincount(members, others) == 0).astype(np.int64)
    return kinds
