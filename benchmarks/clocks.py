"""The clock rules over a national list: the kernel, and the engine for one patient at a time.

python -m benchmarks.clocks make FOLDER PATHWAYS
python -m benchmarks.clocks derive FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from clockstop.analytics.clocks.by_hand import derive_by_hand
from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.clocks.events_table import columns

AS_OF = date(2025, 9, 30)
_BLOCK = 100_000
_FIRST, _DAYS = (date(2023, 1, 1) - date(1970, 1, 1)).days, 900
_PROVIDERS = np.array([f"R{number:03}" for number in range(450)])
_SEEN = {"kind": "attendance", "status": "20"}
_BOOKED = {"kind": "ubrn_converted", "ubrn": "000000000000"}
_DNA = {"kind": "did_not_attend", "appointment": "first", "communicated": True}
_SAFE = ("communicated", "best_interests", "published_policy", "protects_vulnerable")
# Of so many in a hundred pathways, the entries one after another.
_STORIES: tuple[tuple[int, tuple[dict[str, object], ...]], ...] = (
    (22, (_BOOKED, _SEEN, _SEEN, _SEEN)),
    (14, (_BOOKED, _SEEN, _SEEN, {"kind": "attendance", "status": "30"}, _SEEN | {"status": "90"})),
    (10, (_BOOKED, {"kind": "attendance", "status": "34"})),
    (
        20,
        (
            {"kind": "referral_received"},
            _SEEN,
            {"kind": "attendance", "status": "20", "is_test": True},
            {"kind": "decision_to_admit"},
            {"kind": "date_offered", "offered_for": 40},
            {"kind": "admission"},
            {"kind": "admission_outcome", "admission": "e6"},
            {"kind": "attendance", "status": "90"},
        ),
    ),
    (8, (_BOOKED, _DNA, {"kind": "rebook_requested"}, _SEEN, {"kind": "treatment_started"})),
    (
        4,
        (
            _BOOKED,
            _DNA | {"appointment": "other"},
            {"kind": "discharged_to_gp", "reason": "missed", **dict.fromkeys(_SAFE, True)},
        ),
    ),
    (
        8,
        (
            {"kind": "slot_issue_listed", "ubrn": "000000000000"},
            _SEEN,
            {"kind": "attendance", "status": "32"},
            {"kind": "attendance", "status": "91"},
            {"kind": "attendance", "status": "11"},
            {"kind": "decision_to_treat"},
            {"kind": "treatment_started"},
        ),
    ),
    (
        4,
        (
            {"kind": "referral_received"},
            _SEEN,
            {"kind": "date_offered", "offered_for": 30},
            {"kind": "offer_declined", "offer": "e3"},
            {"kind": "date_offered", "offered_for": 35},
            {"kind": "offer_declined", "offer": "e5"},
            {
                "kind": "monitoring_started",
                "delay": True,
                "conversation": True,
                "agreed": True,
            },
            {"kind": "monitoring_reviewed"},
            {"kind": "patient_goes_ahead"},
        ),
    ),
    (
        6,
        (
            {"kind": "referral_received"},
            _SEEN,
            {"kind": "transfer_sent", "to": "R001"},
            {"kind": "transfer_received", "provider": "R001", "pathway_id": "A", "issuer": "R000"},
            {"kind": "admission"},
            {"kind": "cancellation", "by": "provider", "admission": "e5"},
        ),
    ),
    (
        2,
        (
            _BOOKED,
            {"kind": "treatment_started"},
            {"kind": "planned_listed", "due": 60, "planned_for": "test"},
            {"kind": "attendance", "status": "90"},
        ),
    ),
    (2, (_BOOKED, _SEEN, _SEEN | {"supersedes": "e2", "status": "30"}, {"kind": "death"})),
)


def make(folder: Path, pathways: int, seed: int = 1948) -> int:
    """Write plausible events of so many pathways, for the speed alone; returns how many events."""
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    for at, first in enumerate(range(0, pathways, _BLOCK)):
        chance = np.random.default_rng((seed, at))
        count = min(_BLOCK, pathways - first)
        block = pl.concat(_told(chance, first, count)).sort("pathway", "number")
        block.write_parquet(folder / f"part-{at:04}.parquet")
        made += len(block)
    return made


def _told(chance: Any, first: int, count: int) -> Iterator[pl.DataFrame]:
    shares = np.array([share for share, _ in _STORIES]) / sum(share for share, _ in _STORIES)
    story = chance.choice(len(_STORIES), size=count, p=shares)
    start = _FIRST + chance.integers(0, _DAYS, count)
    provider = _PROVIDERS[chance.integers(0, len(_PROVIDERS), count)]
    for number, (_, entries) in enumerate(_STORIES):
        here = np.flatnonzero(story == number)
        gaps = chance.exponential(30, (len(here), len(entries))).astype(np.int64)
        days = start[here, None] + np.cumsum(gaps, axis=1)
        for at, entry in enumerate(entries):
            yield _entries(first + here, at + 1, days[:, at], provider[here], entry)


def _entries(
    pathway: Any, number: int, days: Any, provider: Any, entry: dict[str, object]
) -> pl.DataFrame:
    day = pl.Series(days.astype(np.int32)).cast(pl.Date)
    given: dict[str, Any] = {"pathway": pathway, "day": day, "provider": provider}
    table = pl.DataFrame(given).with_columns(number=pl.lit(number))
    return table.select(
        (
            pl.col("day").dt.offset_by(f"{value}d")
            if kind == pl.Date() and (value := entry.get(name))
            else pl.lit(entry[name])
            if name in entry
            else pl.col(name)
            if name in table.columns
            else pl.lit(None)
        )
        .cast(kind)
        .alias(name)
        for name, kind in columns().items()
    )


def derive(folder: Path) -> None:
    """Every period of the files of a folder; prints how many."""
    found = derive_tables(pl.scan_parquet(folder / "*.parquet"), as_of=AS_OF)
    print(found.events, found.pathways, len(found.periods), found.by_hand)


def both_ways(folder: Path) -> dict[str, Callable[[], object]]:
    """The kernel and the engine for one patient on the same table, in memory."""
    table = pl.read_parquet(folder / "*.parquet")
    return {
        "Clockstop's kernel, checks included": partial(derive_tables, table, as_of=AS_OF),
        "Clockstop's engine, one pathway at a time": partial(derive_by_hand, table, as_of=AS_OF),
    }


if __name__ == "__main__":
    derive(Path(sys.argv[1]))
