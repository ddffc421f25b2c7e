"""A month small enough to run every patient through the one-patient rules."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.analytics import story
from tests.analytics.story import (
    EUXTON,
    EYES,
    FULWOOD,
    HUB,
    LEEDS,
    NONC,
    OF_PRESTON,
    OLD,
    SHEFFIELD,
    Filed,
)

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic.patients import make_patients
from clockstop.core.types import Month, Part

MONTH = Month(2025, 9)
EVERY_BAND = dict.fromkeys(range(105), 2)
YOUNG = {0: 30, 1: 25, 2: 20, 3: 15, 4: 10}
FILED = (
    # A trust of its own, each band from first to last, with unknown starts in both kinds of stops.
    Filed(LEEDS, "C_110", EVERY_BAND),
    Filed(LEEDS, "C_110", {3: 1, 20: 2, 60: 1, 104: 2}, Part.INCOMPLETE_DTA),
    Filed(LEEDS, "C_110", {0: 6, 4: 4, 25: 9, 104: 3, None: 5}, Part.ADMITTED),
    Filed(LEEDS, "C_110", {0: 25, 3: 5, 4: 4, 40: 9, None: 3}, Part.NONADMITTED),
    Filed(LEEDS, "C_110", {None: 30}, Part.NEW_PERIODS),
    # Patients of NHS England, and of commissioners outside England.
    Filed(LEEDS, "X05", YOUNG, commissioner=HUB),
    Filed(LEEDS, "X05", {None: 95}, Part.NEW_PERIODS, HUB),
    Filed(LEEDS, "X04", {0: 5, 90: 4}, commissioner=NONC),
    Filed(LEEDS, "X04", {None: 5}, Part.NEW_PERIODS, NONC),
    # Three providers of one ICB: one returned more new periods than it has, two returned fewer.
    Filed(FULWOOD, "C_130", YOUNG, commissioner=OF_PRESTON),
    Filed(FULWOOD, "C_130", {2: 5, 30: 5}, Part.NONADMITTED, OF_PRESTON),
    Filed(FULWOOD, "C_130", {None: 125}, Part.NEW_PERIODS, OF_PRESTON),
    Filed(EUXTON, "C_130", YOUNG, commissioner=OF_PRESTON),
    Filed(EUXTON, "C_130", {1: 10, 50: 5}, Part.ADMITTED, OF_PRESTON),
    Filed(EUXTON, "C_130", {None: 80}, Part.NEW_PERIODS, OF_PRESTON),
    Filed(OLD, "C_130", {0: 8, 2: 8}, commissioner=OF_PRESTON),
    # What contradicts itself: decisions to admit of nobody who waits, new periods of nobody.
    Filed(SHEFFIELD, "C_502", {2: 10, 30: 4}),
    Filed(SHEFFIELD, "C_502", {2: 12, 30: 4, 50: 1}, Part.INCOMPLETE_DTA),
    Filed(SHEFFIELD, "C_502", {None: 17}, Part.NEW_PERIODS),
    Filed(EYES, "C_130", {0: 3}, Part.NONADMITTED),
)


@dataclass(frozen=True)
class Made:
    """What was written, read again."""

    folder: Path
    manifest: dict

    @property
    def events(self) -> pl.DataFrame:
        return pl.read_parquet(sorted((self.folder / "events").iterdir()))

    @property
    def people(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "people.parquet")

    @property
    def pathways(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "pathways.parquet")

    @property
    def cells(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "cells.parquet")

    @property
    def faults(self) -> dict[int, str]:
        return dict(pl.read_parquet(self.folder / "faults.parquet").rows())


def made(folder: Path, lake: Lake, month: Month = MONTH, **options) -> Made:
    return Made(folder, make_patients(folder, lake, month, **options))


@pytest.fixture(scope="session")
def small_lake(tmp_path_factory) -> Lake:
    """Two months of four ICBs; February is 28 days long."""
    lake = Lake(tmp_path_factory.mktemp("patients-lake"))
    for month in (str(MONTH), "2025-02"):
        story.publish(lake, month, FILED)
    return lake


@pytest.fixture(scope="session")
def small(small_lake, tmp_path_factory) -> Made:
    return made(tmp_path_factory.mktemp("patients"), small_lake)


@pytest.fixture(scope="session")
def icb(synthetic_lake, tmp_path_factory):
    """One ICB of the synthetic England: some thousands of people."""
    return made(tmp_path_factory.mktemp("icb"), synthetic_lake, icbs=("QWO",))
