"""The waits ahead, as they were worked out last: what pages and the command read.

They are kept beside the lake, in a file whose name tells what it was made of. It is no part of the
lake: it can be deleted at any time and made again, by ``expected_table``. Reading it needs neither
the engine nor its compiler.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.published.lake import Lake
from clockstop.core import rulebook
from clockstop.core.rtt.week_bands import OPEN_BAND
from clockstop.core.types import Month

FORMAT = 3  # raised whenever what is made, or how, changes
KINDS = ("all", "admitted", "nonadmitted")
PARTS = {"p50": 0.5, "p80": 0.8, "p92": 0.92}
SHORTEST, LONGEST = 0.08, 0.92  # between which a range lies where people are too few for more
TOO_FAR_OUT = 10.0  # points: where past estimates were out by more, none is given
_RESTS_ON = ("rtt", "successors", "provider_sectors")
_FACTS = "clockstop_expected_waits"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far past estimates were out, in points of the share still waiting, so long ahead.

    Averages over the people of all lists and week bands at so many past ``origins``: ``said`` of
    the estimate, ``as_listed`` and ``as_treated`` of two readings of the figures of the day
    (``expected_backtest``), ``by_function`` of the estimate for all lists of a treatment function.
    """

    months: int
    weeks: float
    origins: int
    said: float
    as_listed: float
    as_treated: float
    by_function: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for all of the table.

    ``weeks`` is how far ahead people were followed. ``unsure`` are the first week bands of those
    whose past estimates were out by more than ``TOO_FAR_OUT``, by treatment function, and
    ``groups`` those of all that were looked at.
    """

    origin: Month
    weeks: int
    accuracy: tuple[Accuracy, ...]
    groups: tuple[int, ...]
    unsure: tuple[int, ...]

    def is_unsure(self, waited: int) -> bool:
        """Whether past estimates were too far out for people who have waited so many weeks."""
        return max(first for first in self.groups if first <= waited) in self.unsure


@dataclass(frozen=True, slots=True)
class Within:
    """In how many more weeks 50, 80 and 92 in 100 waits have ended; None: later than is known."""

    p50: float | None
    p80: float | None
    p92: float | None


@dataclass(frozen=True, slots=True)
class ExpectedWait:
    """The wait ahead of somebody who has waited ``waited`` weeks, at the census of ``origin``.

    ``within`` tells it by kind of clock stop (``KINDS``), of those whose wait ends with one of the
    kind; a kind without figures has its reason in ``reasons``. Where fewer wait than the rules ask
    for there is a range alone, in whole weeks (None at its end: later than is known).
    ``ends_without_treatment`` is the chance to leave the list without a clock stop, ``borrowed``
    how much rests on what is usual in the treatment function (0 to 1), ``waiting`` the list.
    """

    provider: str
    function: str
    origin: Month
    waited: int
    waiting: int
    within: Mapping[str, Within]
    reasons: Mapping[str, str]
    range_weeks: tuple[int, int | None] | None
    ends_without_treatment: float | None
    borrowed: float


class ExpectedWaits:
    """The kept table of a lake, held in memory: England's is 40 MB, and a page asks for any list.

    Reading one list from the file takes hundreds of times as long as finding it here.
    """

    def __init__(self, file: Path) -> None:
        self.facts = _facts_from(json.loads(pl.read_parquet_metadata(file)[_FACTS]))
        self._least = rulebook.on(self.facts.origin.census)["percentile_minimum"].value
        self._table = pl.read_parquet(file).sort("provider", "function", "waited")
        starts = self._table.with_row_index("start").group_by("provider", "function")
        self._starts = {
            (provider, function): start
            for provider, function, start in starts.agg(pl.col("start").min()).iter_rows()
        }

    def expected(self, provider: str, function: str, waited: int = 0) -> ExpectedWait | None:
        """The wait ahead at a provider; of somebody who joins now, unless ``waited`` says else.

        None where the provider has nobody waiting in the treatment function. Raises ValueError for
        a wait below 0.
        """
        if waited < 0:
            raise ValueError(f"a wait of {waited} weeks; expected 0 or more")
        start = self._starts.get((provider, function))
        if start is None:
            return None
        row = self._table.row(start + min(waited, OPEN_BAND), named=True)
        reasons = self._reasons(row, waited)
        is_few, is_unsure = row["waiting"] < self._least, self.facts.is_unsure(waited)
        return ExpectedWait(
            provider=provider,
            function=function,
            origin=self.facts.origin,
            waited=waited,
            waiting=row["waiting"],
            within={kind: _within(row, kind) for kind in KINDS if kind not in reasons},
            reasons=reasons,
            range_weeks=_range(row) if is_few and not is_unsure else None,
            ends_without_treatment=None if is_few or is_unsure else row["ends_without_treatment"],
            borrowed=row["borrowed"],
        )

    def _reasons(self, row: Mapping[str, Any], waited: int) -> dict[str, str]:
        """Why there are no figures of a kind."""
        if self.facts.is_unsure(waited):
            out = f"out by more than {TOO_FAR_OUT:.0f} in 100 people"
            return dict.fromkeys(
                KINDS, f"Past estimates for people who had waited so long were {out}."
            )
        if row["waiting"] < self._least:
            return dict.fromkeys(KINDS, f"Fewer than {self._least} people wait here.")
        stops = {"admitted": row["admitted_stops"], "nonadmitted": row["nonadmitted_stops"]}
        stops["all"] = sum(stops.values())
        return {
            kind: f"Fewer than {self._least} people in 12 months {_ENDED[kind]}."
            for kind in KINDS
            if stops[kind] < self._least
        }


_ENDED = {
    "all": "finished their wait here",
    "admitted": "were admitted here",
    "nonadmitted": "finished their wait here without being admitted",
}


def expected_file(lake: Lake) -> Path:
    """Where the table of the lake as it stands is kept: the name tells what it is made of."""
    catalogue = lake.catalogue()
    revisions = [revision.id for name in _RESTS_ON for revision in catalogue.current(name).values()]
    made_of = f"{FORMAT} {Settings()} {' '.join(revisions)}"
    return lake.home / "expected" / f"{sha256(made_of.encode()).hexdigest()[:16]}.parquet"


def keep(file: Path, table: pl.DataFrame, facts: Facts) -> None:
    """Write the table in one step, and remove those of other states of the lake."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{uuid4().hex}.part")
    told = json.dumps(asdict(facts) | {"origin": str(facts.origin)})
    try:
        table.write_parquet(part, metadata={_FACTS: told})
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    for other in file.parent.glob("*.parquet"):
        if other != file:
            other.unlink(missing_ok=True)


def _facts_from(text: Mapping[str, Any]) -> Facts:
    return Facts(
        origin=Month.parse(text["origin"]),
        weeks=text["weeks"],
        accuracy=tuple(Accuracy(**each) for each in text["accuracy"]),
        groups=tuple(text["groups"]),
        unsure=tuple(text["unsure"]),
    )


def _within(row: Mapping[str, Any], kind: str) -> Within:
    return Within(*(row[f"{kind}_{part}"] for part in PARTS))


def _range(row: Mapping[str, Any]) -> tuple[int, int | None] | None:
    """Outward to whole weeks; none where not even its beginning is known."""
    shortest, longest = row["shortest"], row["all_p92"]
    if shortest is None:
        return None
    return int(shortest), None if longest is None else -int(-longest // 1)
