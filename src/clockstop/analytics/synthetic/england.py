"""Makes a small synthetic England in the formats of the real files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from clockstop.analytics.synthetic.cohort import simulate
from clockstop.analytics.synthetic.extract import England, write_extract
from clockstop.analytics.synthetic.organisations import write_organisations
from clockstop.analytics.synthetic.overview import england_month, write_overview
from clockstop.analytics.synthetic.providers import make_providers
from clockstop.analytics.synthetic.referrals import make_cells
from clockstop.core.types import Month

MONTHS = 18

Progress = Callable[[int, int], None]


def make_england(
    folder: Path,
    *,
    seed: int = 1948,
    months: int = MONTHS,
    last_month: Month,
    scale: float = 1.0,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a synthetic England into ``folder`` (made if need be) and return the files' paths.

    One zipped RTT extract for each of ``months`` months up to ``last_month``, then the lists of
    organisations, positions and sectors and the England overview series: all that ingest reads of
    the real ones, in the same layouts. Places are real, organisations fictional and named so.
    ``scale`` multiplies the pathways (1 is a list of about 2.7 million). ``progress`` is called
    with the months written and their number. The same arguments give the same bytes. Among the
    providers, one trust sends nothing in the last two months, one site is tiny, one opens half way.
    Raises ValueError for fewer than one month or a scale of 0 or less.
    """
    if months < 1 or scale <= 0:
        raise ValueError(f"months must be 1 or more and scale above 0, not {months} and {scale}")
    folder.mkdir(parents=True, exist_ok=True)
    who, where, when = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(3))
    providers, commissioners = make_providers(who, months)
    england = England(providers, commissioners, make_cells(providers, commissioners, scale, where))
    calendar = [last_month.plus(number - months + 1) for number in range(months)]
    paths, series = [], []
    for number, flows in enumerate(simulate(england.cells, calendar, when)):
        paths.append(write_extract(folder, england, flows, number))
        series.append(england_month(england, flows, number))
        if progress:
            progress(number + 1, months)
    overview = write_overview(folder / "rtt_overview_timeseries.csv", series)
    return [*paths, *write_organisations(folder, providers), overview]
