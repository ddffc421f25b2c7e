"""Diagnostic tests of the synthetic England: DM01 extracts, provider x commissioner x test.

``diagnostics.csv`` holds England in September 2025 by test as shares alone, made from the
published series by ``scripts/make_synthetic_diagnostics.py``: of 1,000 of England's list and tests
done, and of a test's list those waiting 6 and 13 weeks or more. The reference month comes to these,
times the scale; other months follow trend and season.
"""

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.datasets import dm01_layout as dm01
from clockstop.analytics.synthetic.chance import Whole
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.extract import commissioner_names, provider_names
from clockstop.analytics.synthetic.filing import Filing
from clockstop.analytics.synthetic.targets import PER, england_target
from clockstop.core.codes import diagnostic_tests
from clockstop.core.types import Sector

Wide = npt.NDArray[np.float64]

REACH = 6  # commissioners of each provider
TRUST_OFFERS, SITE_OFFERS = 0.9, 0.15  # a test
SPREAD, SLOWNESS, NOISE = 0.4, 0.35, 0.04  # of sizes, of waits, and from month to month
GROWTH, QUICKENING = 0.03, -0.10  # a year: of lists and tests, of the odds of a long wait
_GROUPS = np.repeat([0, 1, 2], (6, 7, 1))  # of the 14 bands: below 6 weeks, below 13, beyond
_BAND_WEIGHTS = np.concatenate([0.88 ** np.arange(6), 0.8 ** np.arange(7), [1.0]])
_ACTIVITIES = ("waiting_list", "planned", "unscheduled")
COLUMNS = (*dm01.BANDS, dm01.WAITING_LIST, dm01.PLANNED, dm01.UNSCHEDULED)


@cache
def targets() -> Wide:
    """England in September 2025: tests x 6, those waiting in three groups and tests of 3 kinds."""
    text = files(__package__).joinpath("diagnostics.csv").read_text(encoding="utf-8")
    rows = {row["test"]: row for row in csv.DictReader(text.splitlines())}
    table = []
    for test in diagnostic_tests():
        row = {name: float(cell) for name, cell in rows[test.code].items() if name != "test"}
        long, very_long = row["over_6"], row["over_13"]
        shares = (1 - long, long - very_long, very_long)
        table.append([*(row["waiting"] * s for s in shares), *(row[a] for a in _ACTIVITIES)])
    whole = [england_target(f"diagnostics_{name}") / PER for name in ("waiting", *_ACTIVITIES)]
    result: Wide = np.array(table) * np.repeat(whole, (3, 1, 1, 1))
    return result


@dataclass(frozen=True)
class Diagnostics:
    """Who tests whose patients, how many and how fast; made once for all months."""

    england: England

    @cached_property
    def pairs(self) -> npt.NDArray[np.int64]:
        """Provider and commissioner (indices): pairs x 2, each provider's largest few."""
        cells = self.england.cells
        is_english = cells.commissioner != len(self.england.commissioners)
        demand = np.zeros((len(self.england.providers), int(cells.commissioner.max()) + 1))
        np.add.at(demand, (cells.provider, cells.commissioner), cells.demand * is_english)
        largest = np.argsort(-demand, axis=1, kind="stable")[:, :REACH]
        pairs = [(at, to) for at, row in enumerate(largest) for to in row if demand[at, to] > 0]
        return np.array(sorted(pairs))

    @cached_property
    def expected(self) -> Wide:
        """The reference month: pairs x tests x (14 bands and 3 kinds of tests done)."""
        rng = np.random.default_rng(self.england.seeds[1])
        weight, slow = self._weights(rng)
        odds = np.stack([np.ones_like(slow), slow, slow**2], axis=-1)
        sizes = weight[..., None] * np.concatenate([odds, np.ones_like(odds)], axis=-1)
        submits = self.submits(self.england.calendar.reference)
        sizes *= targets() * self.england.scale / sizes[submits].sum(axis=0)
        bands = sizes[..., _GROUPS] * _BAND_WEIGHTS / np.bincount(_GROUPS, _BAND_WEIGHTS)[_GROUPS]
        return np.concatenate([bands, sizes[..., 3:]], axis=-1)

    def _weights(self, rng: np.random.Generator) -> tuple[Wide, Wide]:
        """How much of each test a pair has, and how slow its provider is: pairs x tests."""
        cells, providers = self.england.cells, self.england.providers
        shape = len(providers), len(diagnostic_tests())
        is_trust = np.array([one.sector is Sector.NHS_TRUST for one in providers])[:, None]
        offers = rng.random(shape) < np.where(is_trust, TRUST_OFFERS, SITE_OFFERS)
        offers[np.flatnonzero(is_trust.ravel())[0]] = True
        size = offers * rng.lognormal(0, SPREAD, shape)
        slow = rng.lognormal(np.where(is_trust, 0, -1), SLOWNESS, shape)
        demand = np.zeros((len(providers), int(cells.commissioner.max()) + 1))
        np.add.at(demand, (cells.provider, cells.commissioner), cells.demand)
        at, to = self.pairs.T
        return size[at] * demand[at, to][:, None], slow[at]

    def submits(self, number: int) -> npt.NDArray[np.bool_]:
        """Whether the provider of each pair is in the returns of a month."""
        submits = np.array([one.submits(number) for one in self.england.providers])
        found: npt.NDArray[np.bool_] = submits[self.pairs[:, 0]]
        return found

    def counts(self, number: int) -> Wide:
        """The month in whole numbers: pairs x tests x 17, for those that submit."""
        calendar = self.england.calendar
        rng = np.random.default_rng([*self.england.seeds[1].generate_state(2), number])
        years = calendar.years(number)
        long = np.exp(QUICKENING * years * _GROUPS)
        busy = calendar.treatment[number] / calendar.treatment[calendar.reference]
        factor = np.append(long, [busy] * len(_ACTIVITIES))
        month = self.expected * factor * np.exp(GROWTH * years)
        if number != calendar.reference:
            month = month * rng.lognormal(0, NOISE, (*month.shape[:2], 1))
        by_test = month[self.submits(number)].transpose(1, 2, 0)
        return Whole(rng).count(by_test).transpose(2, 0, 1).astype(np.float64)


def write_diagnostics(folder: Path, diagnostics: Diagnostics, number: int) -> Path:
    """Write a month, the ``number``-th of the series, in the layout of the DM01 full extract."""
    filing = Filing(diagnostics.england, number)
    month = filing.month
    path = folder / f"Monthly-Diagnostics-Full-Extract-{month.census:%B-%Y}.csv"
    table(diagnostics, filing).write_csv(path, line_terminator="\r\n")
    return path


def table(diagnostics: Diagnostics, filing: Filing) -> pl.DataFrame:
    """The month's rows as filed: 15 tests and a total for each provider and commissioner."""
    counts = diagnostics.counts(filing.number)
    pairs = diagnostics.pairs[diagnostics.submits(filing.number)]
    keys = np.stack([filing.provider_of[pairs[:, 0]], pairs[:, 1]])
    unique, group = np.unique(keys, axis=1, return_inverse=True)
    summed = np.zeros((unique.shape[1], *counts.shape[1:]))
    np.add.at(summed, group.ravel(), counts)
    with_total = np.concatenate([summed, summed.sum(axis=1, keepdims=True)], axis=1)
    return _named(_long(unique, with_total), filing)


def _long(pairs: npt.NDArray[np.int64], counts: npt.NDArray[Any]) -> pl.DataFrame:
    tests = [(test.number, test.code) for test in diagnostic_tests()]
    tests.append((dm01.TOTAL_NUMBER, dm01.TOTAL_TEST))
    rows, every = len(tests), pairs.shape[1]
    flat = counts.reshape(every * rows, -1).astype(np.int32)
    keys = {
        "provider": np.repeat(pairs[0], rows),
        "commissioner": np.repeat(pairs[1], rows),
        dm01.TEST_NUMBER: [number for number, _ in tests] * every,
        dm01.TEST: [code for _, code in tests] * every,
    }
    return pl.DataFrame(keys).hstack(pl.DataFrame(flat, schema=list(COLUMNS)))


def _named(rows: pl.DataFrame, filing: Filing) -> pl.DataFrame:
    named = rows.join(provider_names(filing), on="provider", maintain_order="left")
    named = named.join(commissioner_names(filing), on="commissioner", maintain_order="left")
    named = named.with_columns(
        pl.lit(dm01.period_of(filing.month)).alias(dm01.PERIOD),
        pl.sum_horizontal(dm01.BANDS).alias(dm01.TOTAL_WAITING),
        pl.sum_horizontal(COLUMNS[-3:]).alias(dm01.TOTAL_ACTIVITY),
    )
    keys = (dm01.PROVIDER_ICB, dm01.PROVIDER, dm01.COMMISSIONER, dm01.TEST_NUMBER)
    return named.sort(keys).select(dm01.COLUMNS)
