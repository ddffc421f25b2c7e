"""Entries as the table of events: the layout that the clock rules read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.synthetic.patients.clocks import Clocks
from clockstop.analytics.synthetic.patients.entries import Entries
from clockstop.analytics.synthetic.patients.fragments import fragments
from clockstop.analytics.synthetic.patients.mix import rate
from clockstop.analytics.synthetic.patients.register import Identified
from clockstop.analytics.synthetic.patients.source import Area
from clockstop.core.codes import regions
from clockstop.core.rtt.commissioners import NONC
from clockstop.core.rtt.events import NhsEngland

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_ENTRIES = 200  # of a pathway; entries are named once for all
OUTSIDE_ENGLAND = "7A3"  # the local health board that stands for every commissioner outside
_LATEST = 7  # days after which the last entry is made


@dataclass(frozen=True)
class EventsOf:
    """The entries of some pathways of an area with all that their columns need.

    ``known`` covers the whole area; ``clocks`` and the entries only those from ``first`` on.
    """

    area: Area
    clocks: Clocks
    entries: Entries
    known: Identified
    first: int

    def table(self, rng: np.random.Generator) -> pl.DataFrame:
        """The events in the contract's columns."""
        made = dict(self._columns(rng))
        types = events_table.columns()
        nothing = {name: pl.lit(None, kind) for name, kind in types.items() if name not in made}
        table = pl.DataFrame({name: made[name].cast(types[name]) for name in types if name in made})
        return table.with_columns(**nothing).select(list(types))

    def _columns(self, rng: np.random.Generator) -> Iterator[tuple[str, pl.Series]]:
        known, entries = fragments(), self.entries
        at = self.first + entries.pathway
        yield "pathway", pl.Series(self.known.key[at])
        yield "number", pl.Series(entries.number)
        yield "day", _days(entries.day)
        provider = np.where(
            known.by_sender[entries.of], self.known.sender[at], self.known.provider[at]
        )
        yield "provider", self.known.codes.gather(provider)
        yield "treatment_function", self.known.function.gather(at)
        named = known.constant[entries.of]
        own = dict(self._own(at))
        for name in named.columns:
            yield name, _first_of(named[name], own.pop(name, None))
        yield from own.items()
        yield from self._references()
        yield from self._dates(rng)
        yield from self._commissioners()

    def _own(self, at: Ints) -> Iterator[tuple[str, pl.Series]]:
        """Text that is each pathway's own: identifiers, and who hands over to whom."""
        known = self.known
        texts = {
            "ubrn": known.ubrn,
            "ppid": known.identifier,
            "issuer": known.issuer,
            "own": known.codes.gather(known.provider),
            "sender": known.codes.gather(known.sender),
        }
        held: dict[str, pl.Series] = {}
        for name, (has, what) in fragments().own.items():
            column = name.split()[0]
            values = _where(texts[what].gather(at), has[self.entries.of])
            held[column] = _first_of(values, held.get(column))
        yield from held.items()

    def _references(self) -> Iterator[tuple[str, pl.Series]]:
        """The names of entries that others speak of."""
        names = pl.Series([f"e{number}" for number in range(MOST_ENTRIES)])
        constant = fragments().constant
        for name, back in fragments().references.items():
            steps = back[self.entries.of]
            values = _where(names.gather(self.entries.number - steps), steps > 0)
            fixed = constant[name][self.entries.of] if name in constant.columns else None
            yield name, _first_of(values, fixed)

    def _dates(self, rng: np.random.Generator) -> Iterator[tuple[str, pl.Series]]:
        entries, clocks = self.entries, self.clocks
        chance = rng.random(len(entries.of))
        for name, days in fragments().days.items():
            low, high = days.least[entries.of], days.most[entries.of]
            later = low + (chance * (high - low + 1)).astype(np.int64)
            start = clocks.start[entries.pathway]
            base = np.where(days.from_start[entries.of], start, entries.day)
            has = days.has[entries.of]
            if name == "recorded":
                late = ~has & (rng.random(len(has)) < rate("recorded_late"))
                later = np.where(late, 1 + (chance * _LATEST).astype(np.int64), later)
                recorded = np.minimum(base + later, self.area.census)
                yield name, _where(_days(recorded), (has | late) & (recorded > entries.day))
            else:
                yield name, _where(_days(base + later), has)

    def _commissioners(self) -> Iterator[tuple[str, pl.Series]]:
        """Who pays, on the entry that records it."""
        has = fragments().commissioner[self.entries.of]
        cells = self.area.cells.select(
            code="commissioner",
            hub=pl.col("commissioner").is_in(sorted(_hubs())),
            outside=pl.col("commissioner") == NONC,
        )
        kinds = {
            "hub": pl.when("hub").then("code"),
            "nhs_england": pl.when("hub").then(pl.lit(str(NhsEngland.SPECIALISED))),
            "outside_england": pl.when("outside").then(pl.lit(OUTSIDE_ENGLAND)),
            "practice": pl.when(~pl.col("hub") & ~pl.col("outside")).then("code"),
        }
        by_cell = cells.select(**kinds)
        cell = self.clocks.cell[self.entries.pathway]
        for name in kinds:
            yield name, _where(by_cell[name].gather(cell), has)


@cache
def _hubs() -> frozenset[str]:
    """The codes under which NHS England commissions itself: hubs and regions."""
    text = files("clockstop.analytics.synthetic").joinpath("hubs.csv").read_text(encoding="utf-8")
    hubs = (row["code"] for row in csv.DictReader(text.splitlines()))
    return frozenset(hubs) | {region.code for region in regions()}


def _days(days: Ints) -> pl.Series:
    return pl.Series(days, dtype=pl.Int32).cast(pl.Date)


def _where(values: pl.Series, has: Flags) -> pl.Series:
    """The values where they are wanted, else nothing."""
    return values.to_frame("v").select(pl.when(pl.Series(has)).then("v")).to_series()


def _first_of(values: pl.Series, others: pl.Series | None) -> pl.Series:
    """The values, with others in the gaps."""
    if others is None:
        return values
    return pl.DataFrame({"a": values, "b": others}).select(pl.coalesce("a", "b")).to_series()
