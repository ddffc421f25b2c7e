"""Writes a synthetic England in the formats of the real files."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clockstop.analytics.synthetic.centroids import write_centroids
from clockstop.analytics.synthetic.cohort import MonthOfFlows
from clockstop.analytics.synthetic.diagnostics import Diagnostics, write_diagnostics
from clockstop.analytics.synthetic.england import England, imagine
from clockstop.analytics.synthetic.extract import write_extracts
from clockstop.analytics.synthetic.organisations import write_organisations
from clockstop.analytics.synthetic.overview import EnglandMonth, england_month, write_overview
from clockstop.analytics.synthetic.ratings import write_ratings
from clockstop.analytics.synthetic.sizes import DEFAULT_SCALE
from clockstop.analytics.synthetic.truth import Truth
from clockstop.core.types import Month

MONTHS = 36
SEED = 1948

Progress = Callable[[int, int], None]


def make_england(
    folder: Path,
    *,
    seed: int = SEED,
    months: int = MONTHS,
    last_month: Month,
    scale: float = DEFAULT_SCALE,
    truth: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a synthetic England into ``folder`` (made if need be) and return the files' paths.

    A zipped RTT extract and a DM01 extract for each of ``months`` months up to ``last_month`` (one
    RTT month is filed twice), then the lists of organisations, positions, sectors and ratings, the
    postcode districts and the England overview series, in the layouts of the real ones. Places are
    real, organisations fictional and named so. At ``scale`` 1 the lists are England's and there are
    as many providers as there; a smaller England has fewer of both, in the same proportions. With
    ``truth`` the folder ``truth`` in it holds what is true but in no return. ``progress`` is called
    with the months written and their number. The same arguments give the same bytes.
    Raises ValueError for fewer than one month or a scale of 0 or less.
    """
    england = imagine(seed, months, last_month, scale)
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    series: list[EnglandMonth] = []
    diagnostics, known = Diagnostics(england), Truth(england)
    for number, flows, written in _written(folder, england):
        paths += written
        paths.append(write_diagnostics(folder, diagnostics, number))
        series.append(england_month(england, flows, number))
        if truth:
            known.add(flows, number)
        if progress:
            progress(number + 1, months)
    overview = write_overview(folder / "rtt_overview_timeseries.csv", series)
    paths += [*write_organisations(folder, england), write_ratings(folder, england)]
    paths += [write_centroids(folder), overview]
    return [*paths, *known.write(folder / "truth")] if truth else paths


def _written(folder: Path, england: England) -> Iterator[tuple[int, MonthOfFlows, list[Path]]]:
    """The months with their files: each is written while the next is lived through."""
    with ThreadPoolExecutor(1) as writer:
        before = None
        for number, flows in enumerate(england.months()):
            task = writer.submit(write_extracts, folder, england, flows, number)
            if before:
                yield before[0], before[1], before[2].result()
            before = number, flows, task
        if before:
            yield before[0], before[1], before[2].result()
