"""The table of pathways: identifiers, who refers, who pays, how urgent."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.synthetic.patients.clocks import NO_SENDER, WEEK, Clocks
from clockstop.analytics.synthetic.patients.mix import rate
from clockstop.analytics.synthetic.patients.people import KEYS
from clockstop.analytics.synthetic.patients.source import Area
from clockstop.analytics.synthetic.patients.tables import rows
from clockstop.core.rtt.identifiers import ERS_ISSUER, LENGTH

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OUTSIDE = "ZZ000"  # who handed over whom none of the area's providers did; nobody has this code
ROUTINE, URGENT, SUSPECTED_CANCER = "1", "2", "3"
_EARLY_WEEKS = 9
_MADE_UP_UBRN = 9 * 10**11  # real ones are far from beginning with a 9
_GP = "03"
_OWN_CODE = 0.9  # of a line that has its function's own name


@dataclass(frozen=True)
class Identified:
    """What entries repeat of their pathway, a value for each; ``codes`` name the providers."""

    key: Ints
    provider: Ints
    sender: Ints
    codes: pl.Series
    ubrn: pl.Series
    identifier: pl.Series
    issuer: pl.Series
    function: pl.Series


def identified(area: Area, clocks: Clocks, by_ers: Flags, rng: np.random.Generator) -> Identified:
    """Keys and identifiers: the booking reference's where there is one, else the first provider's.

    Who has been handed over keeps the identifier of the provider before.
    """
    key = area.number * KEYS + 1 + np.arange(len(clocks))
    codes = pl.Series([*area.providers, OUTSIDE])
    own = np.unique(area.cells["provider"].to_numpy(), return_inverse=True)[1]
    provider = own.astype(np.int64)[clocks.cell]
    moved = clocks.passed_on | (clocks.sender != NO_SENDER)
    outside = len(codes) - 1
    sender = np.where(clocks.sender == NO_SENDER, outside, clocks.sender)
    numbers = pl.Series(np.where(by_ers, _MADE_UP_UBRN + key, key))
    issuer = codes.gather(np.where(moved, sender, provider))
    return Identified(
        key=key,
        provider=provider,
        sender=sender,
        codes=codes,
        ubrn=numbers.cast(pl.String).set(pl.Series(~by_ers), None),
        identifier=numbers.cast(pl.String).str.zfill(LENGTH),
        issuer=issuer.set(pl.Series(by_ers), ERS_ISSUER),
        function=_functions(area, clocks, rng),
    )


@cache
def _codes_of(line: str) -> tuple[str, ...]:
    """The national codes under a line of the return, its own first."""
    found = {row["function"]: row["codes"] for row in rows("people.csv")}
    return tuple(found.get(line, line.removeprefix("C_")).split())


def _functions(area: Area, clocks: Clocks, rng: np.random.Generator) -> pl.Series:
    lines = area.cells["function"].to_list()
    every = sorted({code for line in lines for code in _codes_of(line)})
    most = max(len(_codes_of(line)) for line in lines)
    chance = rng.random(len(clocks))
    table = np.array([[every.index(code) for code in _spread(line, most)] for line in lines])
    at = (chance * table.shape[1]).astype(np.int64)
    return pl.Series(every).gather(table[clocks.cell, at])


def _spread(line: str, most: int) -> list[str]:
    """Codes to choose from evenly, ten for each of the longest list."""
    codes, size = _codes_of(line), 10 * most
    if line.startswith("C_"):
        rest = size - round(_OWN_CODE * size) if len(codes) > 1 else 0
        others = [codes[1 + at % (len(codes) - 1)] for at in range(rest)]
        return [*[codes[0]] * (size - rest), *others]
    return [codes[at * len(codes) // size] for at in range(size)]


def register(
    area: Area,
    clocks: Clocks,
    known: Identified,
    persons: pl.DataFrame,
    referral: npt.NDArray[np.str_],
    rng: np.random.Generator,
) -> pl.DataFrame:
    """A row for each pathway; ``persons`` is the row of its person."""
    provider = known.codes.gather(known.provider)
    sources = pl.Series(referral.tolist(), dtype=pl.String)
    sent = known.codes.gather(known.sender)
    moved = pl.Series(clocks.passed_on | (clocks.sender != NO_SENDER))
    referrer = (
        pl.when(sources == _GP)
        .then(persons["practice"])
        .when(moved)
        .then(sent)
        .when(sources.is_in(["04", "05"]))
        .then(provider)
    )
    return pl.select(
        pathway=pl.Series(known.key, dtype=pl.UInt64),
        person=persons["person"],
        identifier=known.identifier,
        issuer=known.issuer,
        provider=provider,
        icb=pl.lit(area.icb),
        commissioner=area.cells["commissioner"].gather(clocks.cell),
        treatment_function=known.function,
        line=area.cells["function"].gather(clocks.cell),
        priority=_priorities(clocks, rng),
        source_of_referral=sources,
        referrer=referrer,
        ubrn=known.ubrn,
    )


def _priorities(clocks: Clocks, rng: np.random.Generator) -> pl.Series:
    """Suspected cancer among those who have not waited long, mostly."""
    early = clocks.last - clocks.opened < _EARLY_WEEKS * WEEK
    cancer = np.where(early, rate("suspected_cancer_early"), rate("suspected_cancer_late"))
    chance = rng.random(len(clocks))
    codes = (chance >= cancer).astype(np.int64) + (chance >= cancer + rate("urgent"))
    return pl.Series([SUSPECTED_CANCER, URGENT, ROUTINE]).gather(codes)
