"""Small cubes to forecast from; every figure is made up."""

import numpy as np

from clockstop.analytics.forecast.months.cube import Cells, Cube
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

FIRST = Month(2024, 4)


def cells(count):
    """Half as many providers as cells, each with two functions; every third is independent."""
    at = range(count)
    return Cells(
        *(
            np.array(codes, dtype=object)
            for codes in (
                [f"P{cell // 2:02}" for cell in at],
                [f"C_{100 + cell % 2}" for cell in at],
                [f"Q{cell // 4}" for cell in at],
                ["Y1" if cell < count / 2 else "Y2" for cell in at],
                ["independent" if cell // 2 % 3 == 2 else "nhs_trust" for cell in at],
            )
        )
    )


def cube(months=18, count=8, seed=1, size=400.0):
    """Lists that fade with the wait, of a size and a drift that differ from cell to cell."""
    rng = np.random.default_rng(seed)
    fading = np.exp(-np.arange(BANDS) / 18)
    scale = (
        size * rng.uniform(0.1, 3, count) * np.exp(rng.normal(0, 0.02, (months, count))).cumprod(0)
    )
    waiting = rng.poisson(scale[..., None] * fading / 18).astype(float)
    stops = rng.poisson(scale[..., None] * fading / 120, (2, months, count, BANDS)).astype(float)
    return Cube(
        months=tuple(FIRST.plus(at) for at in range(months)),
        cells=cells(count),
        waiting=waiting,
        admitted=stops[0],
        nonadmitted=stops[1],
        new_periods=rng.poisson(scale / 3).astype(float),
        sent=np.ones((months, count), dtype=bool),
    )


def steady(lists, months=18):
    """A cube of one provider whose cells have so many people in band 3, month after month."""
    made = cube(months, len(lists))
    waiting = np.zeros((months, len(lists), BANDS))
    waiting[:, :, 3] = lists
    return replaced(made, waiting=waiting)


def replaced(made, **arrays):
    names = ("months", "cells", "waiting", "admitted", "nonadmitted", "new_periods", "sent", "by")
    return Cube(**{name: getattr(made, name) for name in names} | arrays)


def unsent(made, month, provider):
    """The same with nothing from a provider in a month."""
    gone = made.cells.provider == provider
    arrays = {}
    for name in ("waiting", "admitted", "nonadmitted", "new_periods"):
        arrays[name] = getattr(made, name).copy()
        arrays[name][month][gone] = 0
    sent = made.sent.copy()
    sent[month, gone] = False
    return replaced(made, sent=sent, **arrays)
