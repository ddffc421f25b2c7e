"""Write made-up patients for a month of the lake: people, pathways, events, and what was made."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic.patients.balance import balanced
from clockstop.analytics.synthetic.patients.clocks import Clocks, draw
from clockstop.analytics.synthetic.patients.columns import EventsOf
from clockstop.analytics.synthetic.patients.counted import counted, left_out
from clockstop.analytics.synthetic.patients.entries import entries
from clockstop.analytics.synthetic.patients.homes import Country, country
from clockstop.analytics.synthetic.patients.mix import choices
from clockstop.analytics.synthetic.patients.numbers import nhs_numbers
from clockstop.analytics.synthetic.patients.people import people
from clockstop.analytics.synthetic.patients.register import Identified, identified, register
from clockstop.analytics.synthetic.patients.source import Area, areas
from clockstop.analytics.synthetic.patients.stories import Stories, tell
from clockstop.core.types import Month, Part

Ints = npt.NDArray[np.int64]
Progress = Callable[[str], None]
Made = dict[str, Any]

SEED = 1948
SLICE = 50_000  # pathways whose events are made and written together
ROWS = 250_000  # of a row group
MADE_UP = "Every person, pathway and event is made up. Only the counts are those of the month."
EVENTS, PARTS, MANIFEST = "events", ".parts", "manifest.json"
_CLOCKS, _BALANCE, _STORIES, _IDENTIFIERS, _PEOPLE, _REGISTER, _EVENTS = range(7)  # of chance


def make_patients(
    folder: Path,
    lake: Lake,
    month: Month,
    *,
    icbs: tuple[str, ...] = (),
    seed: int = SEED,
    scale: float = 1.0,
    faults: float = 0.0,
    progress: Progress | None = None,
) -> Made:
    """Write the patients of a month into ``folder``, made if need be, and return the manifest.

    ``people.parquet``, ``pathways.parquet``, ``cells.parquet`` (what the return counts, and what
    the events add up to), ``faults.parquet`` (what was seeded), ``events/<ICB>-<n>.parquet`` in
    the layout of ``clocks.events_table``, and ``manifest.json``. ``icbs`` are those of the
    providers, all where none is named; an ICB made alone is as it is among all. ``scale`` takes a
    share of each count; ``faults`` is the share of those waiting with a fault in their record.
    ``progress`` is told each ICB. The same arguments and lake give the same bytes. What was made
    there before is replaced. Raises NoDataError, ValueError.
    """
    if not 0 <= faults <= 1:
        raise ValueError(f"faults must be a share from 0 to 1, not {faults}")
    found = areas(lake, month, seed=seed, scale=scale, icbs=icbs)
    making = _Making(folder, country(lake, month), nhs_numbers(seed), faults)
    making.begin()
    made, upto = [], 0
    for area in found:
        if progress:
            progress(area.icb)
        made.append(making.write(area))
        upto = area.people_before + made[-1]["people"]
    making.join()
    manifest = {
        "made_up": MADE_UP,
        "month": str(month),
        "source": lake.catalogue().current("rtt")[str(month)].id,
        "seed": seed,
        "scale": scale,
        "fault_share": faults,
        "nhs_numbers": _numbers_note(made, upto, len(making.numbers)),
        "counts": {name: sum(each[name] for each in made) for name in made[0] if name != "icb"},
        "icbs": made,
    }
    _note(folder, manifest)
    return manifest


def _note(folder: Path, manifest: Made) -> None:
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _is_ours(folder: Path) -> bool:
    """Whether a folder was written, or begun, by us."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("made_up") == MADE_UP


def _numbers_note(made: list[Made], upto: int, numbers: int) -> str:
    """How far NHS numbers tell people apart: the test range has fewer than England has waiting."""
    if len(made) == 1 or upto <= numbers:
        return "unique in the whole data set"
    return "unique within each ICB alone; people are told apart by their key"


@dataclass(frozen=True)
class _Making:
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
        _note(self.folder, {"made_up": MADE_UP, "unfinished": True})

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
        rng = area.rng(_REGISTER)
        cells = counted(area, found)
        tables = {
            "people": who.table,
            "pathways": register(area, clocks, known, who.table[who.of], stories.referral, rng),
            "cells": cells,
            "faults": _seeded(stories, known),
        }
        for name, table in tables.items():
            _write(table, self.folder / PARTS / name / f"{area.number:03d}.parquet")
        return {
            "icb": area.icb,
            **{name: tables[name].height for name in ("people", "pathways", "faults")},
            "events": events,
            "decided_left_out": left_out(cells, Part.INCOMPLETE_DTA),
            "new_periods_left_out": left_out(cells, Part.NEW_PERIODS),
        }

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
        for parts in sorted((self.folder / PARTS).iterdir()):
            target = self.folder / f"{parts.name}.parquet"
            pl.scan_parquet(sorted(parts.iterdir())).sink_parquet(target, row_group_size=ROWS)
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


def _write(table: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.write_parquet(path, compression="zstd", compression_level=1, row_group_size=ROWS)
