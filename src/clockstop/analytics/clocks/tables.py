"""What comes out: RTT periods, findings and diagnostic waits as tables, one row for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from clockstop.analytics.clocks.events_table import KEYS
from clockstop.analytics.clocks.kernel.layout import NONE
from clockstop.analytics.clocks.words import RULES
from clockstop.core.rtt.clock import Derivation
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.periods import Ending, Standing

_ENTRY = KEYS["number"]
_RULE = pl.Enum(RULES)
_ENDING = pl.Enum([each.value for each in Ending])
_PROBLEM = pl.Enum([each.value for each in Problem])

PERIODS: Mapping[str, Any] = {
    "pathway": KEYS["pathway"],
    "number": pl.UInt16(),
    "start": pl.Date(),
    "start_rule": _RULE,
    "opened_by": _ENTRY,
    "opened_on": pl.Date(),
    "end": pl.Date(),
    "ending": _ENDING,
    "stop_rule": _RULE,
    "closed_by": _ENTRY,
    "provisional": pl.Boolean(),
    "in_returns": pl.Boolean(),
    "decided_to_admit": pl.Date(),
    "since": pl.Date(),
    "days_brought": pl.Int32(),
    "listed_by": pl.String(),
}
FINDINGS: Mapping[str, Any] = {
    "pathway": KEYS["pathway"],
    "number": _ENTRY,
    "problem": _PROBLEM,
    "day": pl.Date(),
}
TESTS: Mapping[str, Any] = {
    "pathway": KEYS["pathway"],
    "start": pl.Date(),
    "opened_by": _ENTRY,
    "end": pl.Date(),
}
STANDINGS: Mapping[str, Any] = {
    "pathway": KEYS["pathway"],
    "died": pl.Boolean(),
    "monitoring_since": pl.Date(),
    "monitoring_reviewed": pl.Date(),
    "planned_due": pl.Date(),
}


@dataclass(frozen=True)
class Derived:
    """What the events of many pathways come to, each table in the order of the pathways.

    ``periods`` has for each RTT period what ``core.rtt.periods.Period`` says; entries are named by
    their number; ``since`` and ``days_brought`` are the place in the queue. ``findings`` has entry
    and problem, ``tests`` the diagnostic waits, ``standings`` what goes on beside the periods, for
    the pathways where anything does. Of ``pathways`` with ``events``, so many were
    read ``by_hand``: by the readable engine, since the kernel cannot decide about them.
    """

    periods: pl.DataFrame
    findings: pl.DataFrame
    tests: pl.DataFrame
    standings: pl.DataFrame
    pathways: int
    events: int
    by_hand: int


def together(parts: Iterable[Derived]) -> Derived:
    """Several parts of a list as one, in their order."""
    held = list(parts)
    return Derived(
        periods=_stacked([each.periods for each in held], PERIODS),
        findings=_stacked([each.findings for each in held], FINDINGS),
        tests=_stacked([each.tests for each in held], TESTS),
        standings=_stacked([each.standings for each in held], STANDINGS),
        pathways=sum(each.pathways for each in held),
        events=sum(each.events for each in held),
        by_hand=sum(each.by_hand for each in held),
    )


def _stacked(tables: Sequence[pl.DataFrame], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=dict(schema)), *tables], rechunk=False)


def periods_of(found: Any, keys: pl.Series, providers: Sequence[str]) -> pl.DataFrame:
    """The periods that the kernel put down, as a table."""
    columns = {
        "pathway": keys.gather(_whole(found, "pathway")),
        "number": _counted(found["pathway"]),
        **{name: _day(found, name) for name in ("start", "opened_on", "end", "decided_to_admit")},
        "opened_by": _whole(found, "opened_by"),
        "closed_by": _numbered(found, "closed_by"),
        "start_rule": _word(found, "start_rule", _RULE),
        "stop_rule": _word(found, "stop_rule", _RULE),
        "ending": _word(found, "ending", _ENDING),
        "provisional": _whole(found, "provisional"),
        "in_returns": _whole(found, "in_returns"),
        "since": _day(found, "since"),
        "days_brought": _if(_whole(found, "days_brought"), found["since"] != NONE),
        "listed_by": _provider(_whole(found, "listed_by"), providers),
    }
    return pl.DataFrame(columns).select(_typed(PERIODS))


def findings_of(found: Any, keys: pl.Series) -> pl.DataFrame:
    """The findings that the kernel put down, as a table."""
    columns = {
        "pathway": keys.gather(_whole(found, "pathway")),
        "number": _whole(found, "number"),
        "problem": _word(found, "problem", _PROBLEM),
        "day": _day(found, "day"),
    }
    return pl.DataFrame(columns).select(_typed(FINDINGS))


def tests_of(found: Any, keys: pl.Series) -> pl.DataFrame:
    """The diagnostic waits that the kernel put down, as a table."""
    columns = {
        "pathway": keys.gather(_whole(found, "pathway")),
        "start": _day(found, "start"),
        "opened_by": _whole(found, "opened_by"),
        "end": _day(found, "end"),
    }
    return pl.DataFrame(columns).select(_typed(TESTS))


def standings_of(found: Any, keys: pl.Series) -> pl.DataFrame:
    """What the kernel put down of monitoring, planned care and deaths, as a table."""
    days = ("monitoring_since", "monitoring_reviewed", "planned_due")
    is_any = found["died"] | (found["monitoring_since"] != NONE) | (found["planned_due"] != NONE)
    some = found[is_any]
    columns = {
        "pathway": keys.gather(_whole(some, "pathway")),
        "died": _whole(some, "died"),
        **{name: _day(some, name) for name in days},
    }
    return pl.DataFrame(columns).select(_typed(STANDINGS))


def _typed(schema: Mapping[str, Any]) -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in schema.items()]


def _whole(found: Any, name: str) -> pl.Series:
    return pl.Series(name, np.ascontiguousarray(found[name]))


def _if(values: pl.Series, known: Any) -> pl.Series:
    return values.zip_with(
        pl.Series(np.ascontiguousarray(known)), pl.Series([None], dtype=values.dtype)
    )


def _counted(pathway: Any) -> Any:
    """1, 2, 3 … within each run of the same pathway."""
    at = np.arange(len(pathway))
    is_first = np.append(True, pathway[1:] != pathway[:-1])[: len(pathway)]
    return at - np.maximum.accumulate(np.where(is_first, at, 0)) + 1


def _numbered(found: Any, name: str) -> pl.Series:
    return _if(_whole(found, name), found[name] != 0)


def _day(found: Any, name: str) -> pl.Series:
    return _if(_whole(found, name), found[name] != NONE).cast(pl.Date)


def _word(found: Any, name: str, words: Any) -> pl.Series:
    codes = _numbered(found, name) - 1
    return codes.cast(_physical(words)).cat.to(words)


def _physical(words: pl.Enum) -> Any:
    return pl.Series(dtype=words).to_physical().dtype


def _provider(codes: pl.Series, providers: Sequence[str]) -> pl.Series:
    named = pl.Series(providers, dtype=pl.String)
    return named.gather(_if(codes, codes.to_numpy() >= 0))


def rows_of(pathway: int, found: Derivation) -> dict[str, list[dict[str, object]]]:
    """What the readable engine found of one pathway, as rows of the same tables."""
    periods: list[dict[str, object]] = [
        {
            "pathway": pathway,
            "number": each.number,
            "start": each.start,
            "start_rule": each.start_rule,
            "opened_by": _entry(each.opened_by),
            "opened_on": each.opened_on,
            "end": each.end,
            "ending": each.ending and each.ending.value,
            "stop_rule": each.stop_rule,
            "closed_by": each.closed_by and _entry(each.closed_by),
            "provisional": each.provisional,
            "in_returns": each.in_returns,
            "decided_to_admit": each.decided_to_admit,
            "since": each.place and each.place.since,
            "days_brought": each.place and each.place.days_brought,
            "listed_by": each.listed_by,
        }
        for each in found.periods
    ]
    findings: list[dict[str, object]] = [
        {
            "pathway": pathway,
            "number": _entry(each.event),
            "problem": each.problem.value,
            "day": each.day,
        }
        for each in found.findings
    ]
    tests: list[dict[str, object]] = [
        {
            "pathway": pathway,
            "start": each.start,
            "opened_by": _entry(each.opened_by),
            "end": each.end,
        }
        for each in found.diagnostic_waits
    ]
    standings = _standing(pathway, found.standing)
    return {"periods": periods, "findings": findings, "tests": tests, "standings": standings}


def _standing(pathway: int, found: Standing) -> list[dict[str, object]]:
    return [{"pathway": pathway, **asdict(found)}] if found != Standing() else []


def _entry(name: str) -> int:
    return int(name.removeprefix("e"))
