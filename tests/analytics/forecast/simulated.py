"""Models of a few cells by chance, for the tests of the simulation."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Model, Noise
from clockstop.analytics.forecast.engine.policy import Cliff, Policy
from clockstop.analytics.forecast.months.cube import Cells
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

ORIGIN = Month(2025, 3)
MONTHS = 4
WEEKS = weeks_after(ORIGIN, MONTHS)
COUNTS = ("waiting", "arrivals", "capacity", "transfers_in")


def single(values):
    return np.asarray(values, dtype=np.float32)


def cells_of(count):
    names = np.array([f"R{at:02}" for at in range(count)])
    return Cells(names, np.full(count, "110"), names, names, names)


def noise_of(count, size=0.1):
    own = np.full(count, size, dtype=np.float32)
    return Noise(0.6, size / 2, size / 2, own, own, own / 2, own / 2)


def model_of(seed, *, cells=3, elasticity=0.5, trend=0.0, noise=0.1):
    """Lists that fall off with the wait, now and then a band or a cell of zeros."""
    chance = np.random.default_rng(seed)
    shape = (cells, BANDS)
    scale = chance.choice([0, 1, 30, 2000], (cells, 1))
    shrink = np.exp(-np.arange(BANDS) / chance.uniform(5, 40))
    waiting = chance.uniform(0, 1, shape) * (chance.random(shape) < 0.9) * scale * shrink
    propensity = chance.uniform(0, 0.15, shape) * (chance.random(shape) < 0.9)
    usual = (propensity * waiting).sum(axis=1)
    return Model(
        origin=ORIGIN,
        cells=cells_of(cells),
        waiting=single(waiting),
        arrivals=single(scale[:, 0] * chance.uniform(0, 1, cells)),
        capacity=single(usual * chance.choice([0, 0.8, 1, 3, 50], cells)),
        propensity=single(propensity),
        stays=single(chance.choice([0, 0.9, 1, 1.02], shape, p=[0.02, 0.48, 0.48, 0.02])),
        transfers_in=single(chance.uniform(0, 0.1, shape) * (chance.random(shape) < 0.1)),
        trend=np.full(BANDS, trend),
        damping=0.9,
        elasticity=elasticity,
        noise=noise_of(cells, noise),
    )


def doubled(model):
    return replace(model, **{name: 2 * getattr(model, name) for name in COUNTS})


models = st.builds(
    model_of,
    st.integers(0, 10_000),
    elasticity=st.sampled_from([0, 0.3, 1]),
    trend=st.sampled_from([-0.02, 0, 0.02]),
)
cliffs = st.builds(Cliff, st.sampled_from(WEEKS.months), st.sampled_from([1, 5, 18, 52, 78, 104]))
multipliers = st.one_of(
    st.just(1.0), st.lists(st.floats(0, 3), min_size=MONTHS, max_size=MONTHS).map(np.array)
)
policies = st.builds(
    Policy,
    long_wait_share=st.sampled_from([0, 0.25, 1]),
    long_wait_weeks=st.sampled_from([0, 18, 52, 104]),
    cliff=st.none() | cliffs,
    demand=multipliers,
    capacity=multipliers,
)
