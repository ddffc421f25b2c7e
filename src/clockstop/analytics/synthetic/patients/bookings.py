"""What a hospital's system has beside the events: appointments, dates to come in, priorities."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.synthetic.patients.clocks import WEEK, Clocks
from clockstop.analytics.synthetic.patients.mix import choices, rate
from clockstop.analytics.synthetic.patients.register import SUSPECTED_CANCER, Identified
from clockstop.analytics.synthetic.patients.source import DECIDED, PAST, Area

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_TRUST = 3  # letters of a trust's code; sites of other providers are their own
_CONSULTANTS = 12  # of a specialty at a provider
_VALIDATE_AFTER = 12 * WEEK
_BOOKED, _WAITING_LIST = "12", "11"
_DAY_CASE, _OVERNIGHT = "2", "1"
_YEAR = 365


@dataclass(frozen=True)
class _Plans:
    """Draws for the pathways of an area; ``first`` is the day of each one's first entry."""

    census: int
    first: Ints
    rng: np.random.Generator

    def some(self, among: Flags, share: str) -> Flags:
        """Which of some pathways, by a rate."""
        return among & (self.rng.random(len(among)) < rate(share))

    def ahead(self, has: Flags, within: str) -> pl.Series:
        """Days after the census, for those that have one."""
        return _days(self.census + 1 + self._spread(within), has)

    def back(self, has: Flags, within: str) -> pl.Series:
        """Days up to the census, none before the first entry."""
        return _days(np.maximum(self.census - self._spread(within), self.first), has)

    def around(self, has: Flags, first: str, within: str) -> pl.Series:
        """Days from so many before or after the census on."""
        return _days(self.census + int(rate(first)) + self._spread(within), has)

    def code(self, slot: str, has: Flags) -> pl.Series:
        """Codes by the mix."""
        mix = choices(slot)
        return _if(pl.Series(mix.names).gather(mix.draw(self.rng, len(has))), has)

    def _spread(self, within: str) -> Ints:
        return (self.rng.random(len(self.first)) * rate(within)).astype(np.int64)


def booked(
    area: Area,
    clocks: Clocks,
    known: Identified,
    pathways: pl.DataFrame,
    first: Ints,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The table of pathways with the columns of bookings, priorities and reviews."""
    plans = _Plans(area.census, first, rng)
    waits, decided = ~clocks.stopped, clocks.role == DECIDED
    ended = clocks.stopped & (clocks.role != PAST)
    cancer = (pathways["priority"] == SUSPECTED_CANCER).to_numpy()
    dated = plans.some(decided, "admission_dated")
    followed = plans.some(ended, "followed_up")
    visits = plans.some(waits & ~decided, "appointment_booked")
    visits |= plans.some(followed, "follow_up_booked")
    old = waits & (clocks.last - clocks.opened > _VALIDATE_AFTER)
    initiated = plans.some(ended & ~followed, "patient_initiated")
    urgency = plans.code("procedure_priority", decided)
    provider = pathways["provider"]
    return pathways.with_columns(
        referral_identifier=pl.format("R{}", "pathway"),
        referral_received=_days(first, np.ones(len(first), np.bool_)),
        site=pl.when(provider.str.len_chars() == _TRUST).then(provider + "01").otherwise(provider),
        consultant=_consultants(known, rng),
        next_appointment=plans.ahead(visits, "appointment_days"),
        follow_up_due=plans.around(followed, "follow_up_from", "follow_up_days"),
        tci_date=plans.ahead(dated, "admission_days"),
        admission_method=_if(_either(dated, _BOOKED, _WAITING_LIST), decided),
        intended_management=_if(
            _either(plans.some(decided, "day_case"), _DAY_CASE, _OVERNIGHT), decided
        ),
        procedure_priority=pl.when(pl.Series(decided & cancer))
        .then(pl.lit("P2"))
        .otherwise(urgency),
        diagnostic_priority=plans.code(
            "diagnostic_priority", plans.some(waits & ~decided, "test_awaited")
        ),
        priority_reviewed=plans.back(decided, "priority_days"),
        asa_grade=plans.code("asa_grade", plans.some(decided, "asa_known")),
        on_cancer_list=pl.Series(cancer & waits),
        validated_on=plans.back(plans.some(old, "validated"), "validated_days"),
        pifu_started=_days(clocks.last, initiated),
        pifu_expires=_days(clocks.last + _YEAR, initiated),
    )


def _consultants(known: Identified, rng: np.random.Generator) -> pl.Series:
    """Codes that no consultant has: those of the register have seven digits after the letter."""
    number = (rng.random(len(known.provider)) * _CONSULTANTS).astype(np.int64)
    return pl.select(
        pl.format(
            "C{}{}{}",
            pl.Series(known.provider + 10_000),
            known.function,
            pl.Series(number).cast(pl.String).str.zfill(2),
        )
    ).to_series()


def _either(has: Flags, one: str, other: str) -> pl.Series:
    return pl.Series([other, one]).gather(has.astype(np.uint32))


def _days(days: Ints, has: Flags) -> pl.Series:
    return _if(pl.Series(days, dtype=pl.Int32).cast(pl.Date), has)


def _if(values: pl.Series, has: Flags) -> pl.Series:
    return values.to_frame("v").select(pl.when(pl.Series(has)).then("v")).to_series()
