"""A synthetic England: who is in it, what happens to them, and how fast lists move."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.calibration import calibrated
from clockstop.analytics.synthetic.cells import Cells, Floats
from clockstop.analytics.synthetic.chance import Whole
from clockstop.analytics.synthetic.cohort import MonthOfFlows, simulate
from clockstop.analytics.synthetic.practices import Practice, make_practices
from clockstop.analytics.synthetic.providers import Commissioner, Provider, make_providers
from clockstop.analytics.synthetic.rates import Rates
from clockstop.analytics.synthetic.referrals import make_cells, with_growth
from clockstop.analytics.synthetic.season import Calendar, make_calendar
from clockstop.analytics.synthetic.sizes import size_of
from clockstop.analytics.synthetic.story import Story, tell
from clockstop.core.types import Month


@dataclass(frozen=True)
class England:
    """The organisations, cells, rates and story behind every month's files."""

    providers: Sequence[Provider]
    commissioners: Sequence[Commissioner]
    practices: Sequence[Practice]
    cells: Cells
    calendar: Calendar
    story: Story
    scale: float
    seeds: tuple[np.random.SeedSequence, ...]

    @cached_property
    def displaced(self) -> Floats:
        """The share of independent growth that each growth area takes from the NHS."""
        return np.array([area.displaced for area in self.story.areas], dtype=np.float32)

    @cached_property
    def rates(self) -> Rates:
        """The calibrated rates."""
        counted = self.counted(self.calendar.reference)
        return calibrated(self.cells, counted, self.calendar, self.displaced, self.scale)

    def counted(self, number: int) -> npt.NDArray[np.bool_]:
        """The cells that the published figures of a month count: England's own, submitted."""
        submits = np.array([provider.submits(number) for provider in self.providers])
        is_english = self.cells.commissioner != len(self.commissioners)
        counted: npt.NDArray[np.bool_] = submits[self.cells.provider] & is_english
        return counted

    def months(self) -> Iterator[MonthOfFlows]:
        """What happens month by month. Every call gives the same."""
        chance = Whole(np.random.default_rng(self.seeds[0]))
        return simulate(self.cells, self.rates, self.calendar, self.displaced, chance)


def imagine(seed: int, months: int, last_month: Month, scale: float) -> England:
    """An England that is made up but not yet lived through.

    Raises ValueError for fewer than one month or a scale of 0 or less.
    """
    if months < 1 or scale <= 0:
        raise ValueError(f"months must be 1 or more and scale above 0, not {months} and {scale}")
    seeds = np.random.SeedSequence(seed).spawn(9)
    who, where, when, what = map(np.random.default_rng, seeds[:4])
    size = size_of(scale)
    providers, commissioners = make_providers(who, size)
    providers, story = tell(providers, months, scale, what)
    cells = make_cells(providers, commissioners, scale, size, where)
    calendar = make_calendar([last_month.plus(n - months + 1) for n in range(months)], when)
    return England(
        providers=providers,
        commissioners=commissioners,
        practices=make_practices(np.random.default_rng(seeds[8]), size.practices),
        cells=with_growth(cells, providers, story.areas, len(commissioners)),
        calendar=calendar,
        story=story,
        scale=scale,
        seeds=tuple(seeds[4:8]),
    )
