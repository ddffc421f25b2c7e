"""Were they right? Who was said to be waiting still, and who was, in months that have come.

The people of some week bands at a past origin are followed through the later censuses: they are in
the bands that lie as many weeks higher. Nobody else can be there but those who came from another
list, or came late to this one, so what is found is who waits still, and transfers.

Beside it stand two readings of today's figures. ``as_listed`` takes today's list for a life table:
as many of them go on waiting as the list tells of people so much longer on it. ``as_treated`` takes
how long people treated this month had waited: of those who waited for longer than so many weeks,
how many waited so many more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.choice import Choice
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.expected.admission import admitted_share
from clockstop.analytics.forecast.expected.following import followed
from clockstop.analytics.forecast.forecast import LEAST_MONTHS
from clockstop.analytics.forecast.months.cube import Cube, groups_of, summed
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND

AHEAD = (1, 3, 6)  # months: about 4, 13 and 26 weeks
FROM = (
    0,
    5,
    10,
    18,
    26,
    40,
    52,
    65,
)  # the first bands of those followed together; the last is open
SAID = ("said", "as_listed", "as_treated")
TENTHS = 10


def expected_backtest(
    cube: Cube, by: Sequence[str] = (), settings: Settings | None = None, origins: int | None = None
) -> pl.DataFrame:
    """The share still waiting, said and come, for every past origin, group, band and time ahead.

    ``by`` tells groups apart, as in ``Cube.rolled_up``; ``origins`` takes only so many of the
    latest origins that all of ``AHEAD`` has come of, if there are any. One row each: the group's
    codes, ``origin``, ``months`` and ``weeks`` ahead, ``from_weeks`` (the first band), ``waiting``
    (pathways at the origin), the shares ``said``, ``as_listed``, ``as_treated`` and ``came``.
    Lists that were not sent at both ends are left out. Raises ValueError for a cube without a
    month to hold anything against.
    """
    history = History(cube)
    known = range(LEAST_MONTHS, len(cube.months))
    if origins is not None:
        known = known[: 1 - max(AHEAD)][-origins:] or known
    if not known:
        raise ValueError(f"{len(cube.months)} months are too few to look back from")
    settings_at = Choice(history, settings).at
    scored = [_from(history, months, by, settings_at(months)) for months in known]
    return pl.concat(frame for frames in scored for frame in frames)


def of_wholes(table: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The same for larger groups, told apart by fewer codes: the people of all their parts."""
    keys = [*by, "origin", "months", "weeks", "from_weeks"]
    shares = [_weighted(pl.col(name)).alias(name) for name in (*SAID, "came")]
    return table.group_by(keys, maintain_order=True).agg(*shares, pl.col("waiting").sum())


def errors(table: pl.DataFrame) -> pl.DataFrame:
    """How far the shares were out on average, in points, by time ahead and of all the people.

    One row for each number of months ahead, by its mean ``weeks``; columns as ``SAID``, each the
    mean absolute error weighted by pathways, ``bias`` (said less came) and ``origins``.
    """
    off = {name: (pl.col(name) - pl.col("came")).abs() for name in SAID}
    mean = {name: _weighted(each) * 100 for name, each in off.items()}
    return table.group_by("months", maintain_order=True).agg(
        pl.col("weeks").mean(),
        **mean,
        bias=_weighted(pl.col("said") - pl.col("came")) * 100,
        origins=pl.col("origin").n_unique(),
    )


def calibration_by_tenth(table: pl.DataFrame) -> pl.DataFrame:
    """Of all that was said from 0 to 10%, 10 to 20% …: what was said on average, and what came."""
    tenth = (pl.col("said") * TENTHS).floor().clip(0, TENTHS - 1).cast(pl.Int64)
    grouped = (
        table.with_columns(tenth=tenth)
        .group_by("tenth")
        .agg(
            pl.col("waiting").sum(), said=_weighted(pl.col("said")), came=_weighted(pl.col("came"))
        )
    )
    return grouped.sort("tenth")


def _weighted(value: pl.Expr) -> pl.Expr:
    return (value * pl.col("waiting")).sum() / pl.col("waiting").sum()


def _from(
    history: History, months: int, by: Sequence[str], settings: Settings
) -> list[pl.DataFrame]:
    """The rows of one origin, so many months known."""
    ahead = [each for each in AHEAD if months - 1 + each < len(history.cube.months)]
    past = history.until(months)
    weeks = weeks_after(past.cube.months[-1], max(ahead))
    times = [float(weeks.census[each - 1]) for each in ahead]
    model = calibrate(past, settings)
    still = np.zeros((len(ahead), len(model.cells), BANDS))
    for cells, fates in followed(model, weeks, admitted_share(past, settings)):
        for at, time in enumerate(times):
            still[at, cells] = _at_time(fates.still, time)
    return [
        _rows(history.cube, months, each, times[at], still[at], by) for at, each in enumerate(ahead)
    ]


def _at_time(still: Floats, weeks: float) -> Floats:
    """Who waits still after so many weeks, in proportion between their ends."""
    whole = int(weeks)
    before = still[whole - 1]
    later = still[min(whole, len(still) - 1)]
    between: Floats = before + (weeks - whole) * (later - before)
    return between


def _rows(
    cube: Cube, months: int, ahead: int, weeks: float, still: Floats, by: Sequence[str]
) -> pl.DataFrame:
    now, then = months - 1, months - 1 + ahead
    groups, members = groups_of(cube.cells, by)
    both = cube.sent[now] & cube.sent[then]

    def grouped(values: Floats) -> Floats:
        return summed(values[both], members[both], len(groups))

    before = grouped(cube.waiting[now])
    stops = grouped(cube.admitted[now] + cube.nonadmitted[now])
    shares = {
        "said": _stretches(grouped(cube.waiting[now] * still), 0),
        "as_listed": _stretches(before, weeks),
        "as_treated": _stretches(before * _as_treated(stops, weeks), 0),
        "came": _stretches(grouped(cube.waiting[then]), weeks),
    }
    waiting = _stretches(before, 0)
    count = len(FROM)
    table = pl.DataFrame(
        {
            **{key: np.repeat(getattr(groups, key), count) for key in by},
            "origin": np.repeat(str(cube.months[now]), count * len(groups)),
            "months": np.repeat(ahead, count * len(groups)),
            "weeks": np.repeat(weeks, count * len(groups)),
            "from_weeks": np.tile(FROM, len(groups)),
            "waiting": waiting.ravel(),
            **{name: ratio(found, waiting).ravel() for name, found in shares.items()},
        }
    )
    return table.filter(pl.col("waiting") > 0)


def _stretches(lists: Floats, higher: float) -> Floats:
    """The people of the bands from each of ``FROM`` to the next, all so many weeks higher."""
    longer = _longer(lists, np.minimum(np.array(FROM) + higher, OPEN_BAND))
    people: Floats = longer - np.append(longer[:, 1:], np.zeros((len(lists), 1)), axis=1)
    return people


def _as_treated(stops: Floats, weeks: float) -> Floats:
    """Of people treated after longer than the middle of each band, who waited so much longer."""
    middle = np.minimum(np.arange(BANDS) + 0.5, OPEN_BAND)
    return ratio(_longer(stops, np.minimum(middle + weeks, OPEN_BAND)), _longer(stops, middle))


def _longer(lists: Floats, weeks: Floats) -> Floats:
    """How many of each list have waited for longer than so many weeks, at most 104."""
    beyond = np.append(lists[:, ::-1].cumsum(axis=1)[:, ::-1], np.zeros((len(lists), 1)), axis=1)
    whole = weeks.astype(np.int64)
    part = weeks - whole
    found: Floats = (1 - part) * beyond[:, whole] + part * beyond[:, whole + 1]
    return found
