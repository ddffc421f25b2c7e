"""Cubes whose every month follows from rates that are known, so that they can be found again."""

from dataclasses import dataclass

import numpy as np
from tests.analytics.forecast.made_cubes import FIRST, cells

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.cohorts import Rates, course
from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES
from clockstop.analytics.forecast.estimation.history import working_time
from clockstop.analytics.forecast.months.cube import Cube
from clockstop.core.rtt.week_bands import BANDS

# Of each group of bands: more are chosen as their wait comes up to 18, to 52 and to 65 weeks.
PROPENSITY = 0.02 + 0.03 * np.sin(np.arange(len(RATES.starts)) / 3) ** 2
REMOVAL = np.linspace(0, 0.02, len(STRETCHES.starts))
ARRIVALS = 2_000.0  # a week


@dataclass(frozen=True)
class Known:
    """The rates of some lists: a factor of the propensity and of all counts for each.

    ``joining`` is how many join a week, (bands,) or (cells, bands).
    """

    treats: np.ndarray
    size: np.ndarray
    entry: float = 1.0
    trend: float = 0.0
    joining: np.ndarray | float = 0.0

    def rates(self, month):
        """Those of a month, numbered from 0."""
        wanted = RATES.each_band(PROPENSITY) * np.exp(self.trend * month)
        return Rates(
            arrivals=ARRIVALS * self.size,
            capacity=np.ones(len(self.size)),
            propensity=wanted * self.treats[:, None],
            stays=np.broadcast_to(np.exp(-STRETCHES.each_band(REMOVAL)), (len(self.size), BANDS)),
            transfers_in=self.joining,
            elasticity=0.0,
        )


def alike(count=1, **rates):
    """Lists of one size that are all treated at the same rates."""
    return Known(np.ones(count), np.ones(count), **rates)


def made_by(known, months=12, *, chance=None):
    """The cube of these rates from a list that has run for two years; Poisson with ``chance``."""
    count = len(known.size)

    def told(counts):
        return counts if chance is None else chance.poisson(counts).astype(float)

    start = known.size[:, None] * ARRIVALS * np.exp(-np.arange(BANDS) / 25)
    for lists, _ in course(start, known.rates(0), weeks_after(FIRST.plus(-24), 24)):
        start = lists
    waiting, stops = [told(start)], [np.zeros((count, BANDS))]
    came = [np.zeros(count)]
    for month in range(1, months):
        weeks = weeks_after(FIRST.plus(month - 1), 1)
        lists, treated = next(course(waiting[-1], known.rates(month), weeks))
        waiting.append(told(lists))
        stops.append(told(treated))
        arrived = ARRIVALS * known.size * working_time(weeks, weeks.arrivals)
        came.append(told(arrived / known.entry))
    return Cube(
        months=tuple(FIRST.plus(month) for month in range(months)),
        cells=cells(count),
        waiting=np.array(waiting),
        admitted=np.array(stops) / 4,
        nonadmitted=np.array(stops) * 3 / 4,
        new_periods=np.array(came),
        sent=np.ones((months, count), dtype=bool),
    )
