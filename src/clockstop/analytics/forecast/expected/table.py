"""Everybody's wait ahead, worked out once for a lake: every list, by how long one has waited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.estimation.calibration import calibrate, credibility
from clockstop.analytics.forecast.estimation.choice import Choice
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.levels import recency
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.expected.admission import admitted_share
from clockstop.analytics.forecast.expected.following import Fates, followed
from clockstop.analytics.forecast.expected.proof import (
    FROM,
    SAID,
    errors,
    expected_backtest,
    of_wholes,
)
from clockstop.analytics.forecast.expected.waits import (
    KINDS,
    PARTS,
    SHORTEST,
    TOO_FAR_OUT,
    Accuracy,
    Facts,
    expected_file,
    keep,
)
from clockstop.analytics.forecast.forecast import LEAST_MONTHS, TooShortError
from clockstop.analytics.forecast.months.cube import Cube, read_cube
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.published.lake import Lake
from clockstop.core.rtt.week_bands import BANDS

MONTHS_AHEAD = 36
ORIGINS = 6  # past months that the estimates are held against
YEAR = 12
Progress = Callable[[int, int], None]


def expected_table(lake: Lake, progress: Progress | None = None) -> Path:
    """The file of the lake's waits ahead; made first, unless it is there.

    ``progress`` is called with the lists done and how many there are. Raises NoDataError for a
    lake without an RTT month, and TooShortError where its months are too few to look back from.
    """
    file = expected_file(lake)
    if not file.exists():
        keep(file, *made(read_cube(lake), progress))
    return file


def made(cube: Cube, progress: Progress | None = None) -> tuple[pl.DataFrame, Facts]:
    """A row for each list with anybody on it and each week band, and what holds for all of them.

    Columns: ``provider``, ``function``, ``waited`` (the band), the list's ``waiting``, clock stops
    of the last 12 months and part ``borrowed``; then weeks, ``<kind>_<part>`` and ``shortest``,
    null where they are more than were looked at; and ``ends_without_treatment``.
    """
    if len(cube.months) <= LEAST_MONTHS:
        raise TooShortError(
            f"expected waits need {LEAST_MONTHS + 1} consecutive months; there are "
            f"{len(cube.months)}"
        )
    history = History(cube)
    settings = Choice(history).at(len(cube.months))
    weeks = weeks_after(cube.months[-1], MONTHS_AHEAD)
    lists = _lists(history, settings)
    shares = admitted_share(history, settings)
    frames = []
    for cells, fates in followed(calibrate(history, settings), weeks, shares):
        frames.append(_rows(lists[cells], fates))
        if progress:
            progress(min(cells.stop, lists.height), lists.height)
    table = pl.concat(frames).sort("provider", "function", "waited")
    return table, _facts(cube, len(weeks.month))


def borrowed(history: History, settings: Settings) -> Floats:
    """How much of a list's chances of treatment rests on its treatment function's: (cells,).

    What the calibration does not believe of the list's own counts, on average over the stretches
    of its week bands; all of it where nobody was to expect.
    """
    weights = recency(len(history.steps), settings.cell_half_life)
    expected = sum(
        weight * step.both[:, None] * step.expected.treated
        for step, weight in zip(history.steps, weights, strict=True)
    )
    believed = (expected * credibility(expected, settings.cell_variance)).sum(axis=1)
    return 1 - ratio(believed, expected.sum(axis=1))


def _lists(history: History, settings: Settings) -> pl.DataFrame:
    """What the table says of each list, whatever somebody has waited."""
    cube = history.cube
    return pl.DataFrame(
        {
            "provider": cube.cells.provider.astype(str),
            "function": cube.cells.function.astype(str),
            "waiting": history.waiting.sum(axis=1).round().astype(np.uint32),
            "admitted_stops": _of_a_year(cube.admitted),
            "nonadmitted_stops": _of_a_year(cube.nonadmitted),
            "borrowed": borrowed(history, settings).round(3),
        }
    )


def _of_a_year(stops: Floats) -> npt.NDArray[np.uint32]:
    """The clock stops of each list in the last 12 months: (cells,)."""
    counted: npt.NDArray[np.uint32] = stops[-YEAR:].sum(axis=(0, 2)).round().astype(np.uint32)
    return counted


def _rows(lists: pl.DataFrame, fates: Fates) -> pl.DataFrame:
    """The rows of some lists with anybody on them."""
    columns = {
        name: pl.Series(values.ravel().round(1), nan_to_null=True)
        for name, values in _figures(fates)
    }
    ends = fates.ends_without_treatment.ravel().round(3)
    repeated = lists.select(pl.all().repeat_by(BANDS).explode())
    waited = np.tile(np.arange(BANDS, dtype=np.uint8), lists.height)
    rows = repeated.with_columns(waited=waited, ends_without_treatment=ends, **columns)
    return rows.filter(pl.col("waiting") > 0)


def _figures(fates: Fates) -> Iterator[tuple[str, Floats]]:
    """The weeks that the table tells, each (cells, bands)."""
    within = dict(
        zip(
            KINDS,
            (fates.treated_within, fates.admitted_within, fates.nonadmitted_within),
            strict=True,
        )
    )
    yield "shortest", fates.treated_within(SHORTEST)
    for kind in KINDS:
        for name, part in PARTS.items():
            yield f"{kind}_{name}", within[kind](part)


def _facts(cube: Cube, weeks: int) -> Facts:
    lists = expected_backtest(cube, ["provider", "function"], origins=ORIGINS)
    functions = of_wholes(lists, ["function"])
    out = errors(lists).select("months", "weeks", "origins", *SAID)
    by_function = pl.Series("by_function", errors(functions)["said"])
    accuracy = tuple(Accuracy(**row) for row in out.with_columns(by_function).iter_rows(named=True))
    unsure = tuple(first for first in FROM if _too_far_out(functions.filter(from_weeks=first)))
    return Facts(cube.months[-1], weeks, accuracy, FROM, unsure)


def _too_far_out(looked_back: pl.DataFrame) -> bool:
    return any(error > TOO_FAR_OUT for error in errors(looked_back)["said"])
