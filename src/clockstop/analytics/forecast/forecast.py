"""The forecast of any level: calibrated, simulated, held to England's, with honest intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.model import Floats, Model
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED
from clockstop.analytics.forecast.estimation.choice import CANDIDATES, LEAST_MONTHS
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.middles import Middles
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.intervals import Past, honest, stretched
from clockstop.analytics.forecast.months.cube import Cube, Flags, groups_of, summed
from clockstop.analytics.forecast.notes import Note, notes
from clockstop.analytics.forecast.quantiles import Quantiles, figures, months_after
from clockstop.analytics.forecast.spread import Run, Spread, counted, figures_of, moved, under
from clockstop.core.types import Month, Sector

__all__ = ["LEAST_MONTHS", "Forecasts", "TooShortError"]


class TooShortError(ValueError):
    """The months known at the origin are too few to forecast from."""


class Forecasts:
    """Forecasts from the months of a cube, at any origin and level.

    What was said at past origins is worked out once and kept: the intervals of later origins rest
    on it. At no origin is anything later looked at.
    """

    def __init__(
        self, cube: Cube, settings: Settings | None = None, run: Run | None = None
    ) -> None:
        """``run`` is how a simulation is run where nothing else is asked for."""
        self._history = History(cube)
        self._run = run or Run()
        self._middles = Middles(self._history, settings)

    def __call__(self, cube: Cube, months: int) -> Quantiles:
        """As a forecaster of the back-test: the level of ``cube``, at its last month."""
        return self.forecast(cube.months[-1], months, cube.by)

    def forecast(
        self, origin: Month, months: int, by: Sequence[str], run: Run | None = None
    ) -> Quantiles:
        """The quantiles of every group told apart by ``by``, as ``forecasts`` gives them."""
        (only,) = self.forecasts(origin, months, [by], run)
        return only

    def forecasts(
        self, origin: Month, months: int, levels: Sequence[Sequence[str]], run: Run | None = None
    ) -> list[Quantiles]:
        """The quantiles of every group of each level, for so many months after ``origin``.

        A level is what its groups are told apart by, of ``KEYS``; none is England. All are summed
        from the same replicates of the lists. Raises TooShortError where fewer than
        ``LEAST_MONTHS`` months are known by then, ValueError for a month not held.
        """
        known = self._known(origin)
        cube = self._history.until(known).cube
        run = run or self._run
        model, middle = self._middles.model(known), counted(self._middles.of(known, months))
        if run.policy is not AS_CALIBRATED:
            middle = under(model, middle, run.policy)
        grouped = [groups_of(cube.cells, by) for by in levels]
        simulated = [Spread(members, len(groups)) for groups, members in grouped]
        for cells, counts in moved(model, middle, run):
            for level in simulated:
                level.take(cells, counts)
        found = []
        for by, (groups, members), spread in zip(levels, grouped, simulated, strict=True):
            said = figures_of(summed(middle, members, len(groups)))
            past = self._past(known, months, by)
            values = honest(said, spread.quantiles(), past, _kinds(cube, members))
            keys = {key: getattr(groups, key) for key in by}
            found.append(Quantiles(months_after(cube, months), keys, values))
        return found

    def model(self, origin: Month) -> Model:
        """The calibrated model of every list at an origin."""
        return self._middles.model(self._known(origin))

    def middle(self, origin: Month, months: int) -> Floats:
        """The middle of every list after an origin: (cells, months, stretches), in pathways."""
        return self._middles.of(self._known(origin), months)

    def chosen(self, origin: Month) -> dict[str, float]:
        """What was chosen at an origin, by name, as past origins bear out.

        The settings of ``CANDIDATES``, and how much of what is told is believed: ``Weights``.
        """
        known = self._known(origin)
        settings, weights = self._middles.settings(known), self._middles.weights(known)
        return {name: getattr(settings, name) for name in CANDIDATES} | asdict(weights)

    def listed(self, origin: Month, by: Sequence[str]) -> Flags:
        """Which groups of a level have anybody on their lists at the origin: (groups,)."""
        history = self._history.until(self._known(origin))
        groups, members = groups_of(history.cube.cells, by)
        waiting: Flags = summed(history.waiting, members, len(groups)).sum(axis=1) > 0
        return waiting

    def notes(self, origin: Month) -> tuple[Note, ...]:
        """What a reader must know of the forecasts from an origin."""
        return notes(self._history.until(self._known(origin)))

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

    def _past(self, known: int, months: int, by: Sequence[str]) -> list[Past]:
        """What was out at past origins, of targets no later than the origin."""
        cube = self._history.until(known).cube
        rolled = cube.rolled_up(by)
        truth = figures(rolled.waiting)
        _, members = groups_of(cube.cells, by)
        found = []
        for before in range(LEAST_MONTHS, known):
            ahead = min(months, known - before)  # at most, of what has come
            middle = counted(self._middles.of(before, ahead))
            said = figures_of(summed(middle, members, len(rolled.cells)))
            for month in range(ahead):
                errors = stretched(truth[before + month]) - stretched(said[:, month])
                can_tell = rolled.sent[before - 1] & rolled.sent[before + month]
                errors[~can_tell] = np.nan
                found.append(Past(month + 1, errors))
        return found


def _kinds(cube: Cube, members: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """1 for a group of independent providers alone, 0 for any other."""
    others = cube.cells.sector != str(Sector.INDEPENDENT)
    kinds: npt.NDArray[np.int64] = (np.bincount(members, others) == 0).astype(np.int64)
    return kinds
