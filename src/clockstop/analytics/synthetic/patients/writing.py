"""Writes the made-up patients of one area after another."""

import json
import shutil
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.records.columns import schema
from clockstop.analytics.synthetic.patients.balance import balanced
from clockstop.analytics.synthetic.patients.bookings import booked
from clockstop.analytics.synthetic.patients.clocks import Clocks, draw
from clockstop.analytics.synthetic.patients.columns import EventsOf
from clockstop.analytics.synthetic.patients.counted import counted, left_out
from clockstop.analytics.synthetic.patients.entries import entries
from clockstop.analytics.synthetic.patients.homes import Country
from clockstop.analytics.synthetic.patients.mix import choices
from clockstop.analytics.synthetic.patients.names import named
from clockstop.analytics.synthetic.patients.people import people
from clockstop.analytics.synthetic.patients.register import Identified, identified, register
from clockstop.analytics.synthetic.patients.source import Area
from clockstop.analytics.synthetic.patients.stories import Stories, tell
from clockstop.core.types import Part

Ints = npt.NDArray[np.int64]
Made = dict[str, Any]

SLICE = 50_000  # pathways whose events are made and written together
ROWS = 250_000  # of a row group
MADE_UP = "Every person, pathway and event is made up. Only the counts are those of the month."
EVENTS, PARTS, MANIFEST = "events", ".parts", "manifest.json"
TABLES = ("people", "pathways", "cells", "faults")
COUNTS = ("people", "pathways", "events", "faults", "decided_left_out", "new_periods_left_out")
# Streams of chance, one for each thing that is drawn.
_CLOCKS, _BALANCE, _STORIES, _IDENTIFIERS, _PEOPLE, _REGISTER, _EVENTS, _NAMES, _BOOKINGS = range(9)


def note(folder: Path, manifest: Made) -> None:
    """Write the manifest."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _is_ours(folder: Path) -> bool:
    """Whether a folder was written, or begun, by us."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("made_up") == MADE_UP


@dataclass(frozen=True)
class Writing:
    """Writes one area after another; the tables in parts, which are joined at the end."""

    folder: Path
    country: Country
    numbers: Ints
    faults: float

    def begin(self) -> None:
        """Clear what we made there before. Raises ValueError for events that are not ours."""
        events = self.folder / EVENTS
        if events.exists() and not _is_ours(self.folder):
            raise ValueError(f"{events} is there already, and not of our making")
        for folder in (events, self.folder / PARTS):
            shutil.rmtree(folder, ignore_errors=True)
        events.mkdir(parents=True)
        note(self.folder, {"made_up": MADE_UP, "unfinished": True})

    def write(self, area: Area) -> Made:
        """Write an area's patients; returns how many there are."""
        found = balanced(area, draw(area, area.rng(_CLOCKS)), area.rng(_BALANCE))
        clocks = found.clocks
        stories = tell(clocks, self.faults, area.rng(_STORIES))
        known = identified(area, clocks, stories.by_ers, area.rng(_IDENTIFIERS))
        first_days, events = self._events(area, clocks, stories, known)
        who = people(
            area, clocks, first_days, stories.dead, self.country, self.numbers, area.rng(_PEOPLE)
        )
        listed = register(
            area, clocks, known, who.table[who.of], stories.referral, area.rng(_REGISTER)
        )
        cells = counted(area, found)
        tables = {
            "people": _as_records("people", named(who.table, area.rng(_NAMES))),
            "pathways": _as_records(
                "pathways", booked(area, clocks, known, listed, first_days, area.rng(_BOOKINGS))
            ),
            "cells": cells,
            "faults": _seeded(stories, known),
        }
        for name, table in tables.items():
            _write(table, self.folder / PARTS / name / f"{area.number:03d}.parquet")
        sizes = {name: table.height for name, table in tables.items()} | {"events": events}
        sizes["decided_left_out"] = left_out(cells, Part.INCOMPLETE_DTA)
        sizes["new_periods_left_out"] = left_out(cells, Part.NEW_PERIODS)
        return {"icb": area.icb} | {name: sizes[name] for name in COUNTS}

    def _events(
        self, area: Area, clocks: Clocks, stories: Stories, known: Identified
    ) -> tuple[Ints, int]:
        """Write the events, slice by slice; the day of each pathway's first, and how many."""
        days, events = [], 0
        for number, first in enumerate(range(0, len(clocks), SLICE)):
            rng = area.rng(_EVENTS, number)
            part = slice(first, first + SLICE)
            own = _part_of(clocks, part)
            laid = entries(own, stories.pieces[part], area.census, rng)
            table = EventsOf(area, own, laid, known, first).table(rng)
            _write(table, self.folder / EVENTS / f"{area.icb}-{number:03d}.parquet")
            days.append(laid.day[laid.number == 1])
            events += table.height
        return np.concatenate([*days, np.empty(0, np.int64)]), events

    def join(self) -> None:
        """Make one file of the parts of each table."""
        for name in TABLES:
            parts = sorted((self.folder / PARTS / name).iterdir())
            target = self.folder / f"{name}.parquet"
            pl.scan_parquet(parts).sink_parquet(target, row_group_size=ROWS)
        shutil.rmtree(self.folder / PARTS)


def _part_of(clocks: Clocks, part: slice) -> Clocks:
    return replace(
        clocks, **{each.name: getattr(clocks, each.name)[part] for each in fields(clocks)}
    )


def _seeded(stories: Stories, known: Identified) -> pl.DataFrame:
    """The pathways with a fault, and the problem that the clock rules find in it."""
    at = np.flatnonzero(stories.fault >= 0)
    problems = pl.Series([next(iter(flags)) for flags in choices("fault").flags])
    return pl.DataFrame(
        {
            "pathway": pl.Series(known.key[at], dtype=pl.UInt64),
            "problem": problems.gather(stories.fault[at]),
        }
    )


def _as_records(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """The table in the columns of patients' records; those that nobody makes up are blank."""
    return table.select(
        (pl.col(column) if column in table.columns else pl.lit(None)).cast(kind).alias(column)
        for column, kind in schema(name).items()
    )


def _write(table: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.write_parquet(path, compression="zstd", compression_level=1, row_group_size=ROWS)
