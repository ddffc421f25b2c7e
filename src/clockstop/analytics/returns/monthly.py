"""The monthly RTT return from patients' records, for lists of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import polars as pl

from clockstop.analytics.clocks.checks import EventsRefusedError
from clockstop.analytics.clocks.deriving import derive_tables, parts_of
from clockstop.analytics.returns.entries import typed
from clockstop.analytics.returns.lines import counts_of, lines_of, unfiled
from clockstop.analytics.returns.parts import left_out
from clockstop.analytics.returns.revising import Candidates, candidates, to_revise
from clockstop.analytics.returns.tables import COUNTS, OWNERS, Return
from clockstop.core.rtt.policy import DEFAULT, Policy
from clockstop.core.types import Month

T = TypeVar("T")
ROWS = 1_000_000  # of events in a part
_WORKERS = 2  # each holds a part with all that is worked out from it
Table = pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True)
class Asked:
    """What is asked of each part of a list."""

    month: Month
    policy: Policy
    as_of: date

    @property
    def census(self) -> date:
        """The last day of the month."""
        return self.month.census


@dataclass(frozen=True)
class _Part:
    """What a part of a list adds to the return; see ``Return``."""

    counts: pl.DataFrame
    left_out: pl.DataFrame
    unfiled: pl.DataFrame
    candidates: Candidates
    owners: pl.DataFrame
    pathways: int
    by_hand: int


def monthly_return(
    pathways: Table,
    events: Table,
    month: Month,
    *,
    policy: Policy = DEFAULT,
    rows: int = ROWS,
) -> Return:
    """The return of a month, from all that is known now.

    ``pathways`` needs a column ``pathway``; ``events`` is a table of events (see
    ``clocks.events_table``), read in parts of about so many ``rows``. It says of each pathway what
    ``core.rtt.reporting.reported`` says of the derivation of all its events, looked at from the
    last day of any event, and at least from the day after the census, when care that was due on it
    counts as overdue. Raises EventsRefusedError for a table that is not one of events, and for
    events of a pathway that is not among the pathways.

    Source: RTT recording and reporting guidance 5.0, §10 and §11.
    """
    known = pathways.lazy().select(pl.col("pathway").cast(pl.UInt64)).unique().collect()

    def of(part: pl.DataFrame, asked: Asked) -> _Part:
        _check_known(part, known)
        return _part(part, asked)

    asked, parts = by_parts(events, month, of, policy=policy, rows=rows)
    revisions, cells = to_revise(
        [each.candidates for each in parts], asked.census, policy=policy, as_of=asked.as_of
    )
    return Return(
        month=month,
        counts=_summed([each.counts for each in parts]),
        left_out=pl.concat(each.left_out for each in parts),
        revisions=revisions,
        to_revise=cells,
        unfiled=pl.concat(each.unfiled for each in parts),
        pathways=len(known),
        silent=len(known) - sum(each.pathways for each in parts),
        by_hand=sum(each.by_hand for each in parts),
        owners=pl.concat(each.owners for each in parts),
    )


def _summed(counts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    keys = [name for name in COUNTS if name != "n"]
    return pl.concat(counts).group_by(keys).agg(pl.col("n").sum()).sort(keys)


def by_parts(
    events: Table,
    month: Month,
    of: Callable[[pl.DataFrame, Asked], T],
    *,
    policy: Policy,
    rows: int = ROWS,
) -> tuple[Asked, list[T]]:
    """What is asked, and what ``of`` says of each part: whole pathways; all problems at once.

    There is always a part, if an empty one. Raises EventsRefusedError.
    """
    lazy = events.lazy()
    parts = parts_of(lazy, rows) or [(0, 0)]
    latest = lazy.select(pl.col("day").cast(pl.Date, strict=False).max()).collect().item()
    after = month.census + timedelta(days=1)
    asked = Asked(month, policy, max(after, latest or after))

    def one(part: tuple[int, int]) -> T | EventsRefusedError:
        try:
            return of(lazy.slice(part[0], part[1] - part[0]).collect(), asked)
        except EventsRefusedError as error:
            return error

    with ThreadPoolExecutor(_WORKERS) as workers:
        answers = list(workers.map(one, parts))
    refused = [each for each in answers if isinstance(each, EventsRefusedError)]
    if refused:
        raise EventsRefusedError(problem for each in refused for problem in each.problems)
    return asked, [each for each in answers if not isinstance(each, EventsRefusedError)]


def _check_known(part: pl.DataFrame, known: pl.DataFrame) -> None:
    keys = part.select(pl.col("pathway").cast(pl.UInt64)).unique(maintain_order=True)
    strange = keys.join(known, on="pathway", how="anti", maintain_order="left")["pathway"]
    if len(strange):
        many = "" if len(strange) == 1 else f" ({len(strange):,} such)"
        words = f"column pathway: found {strange[0]}, expected one of the table of pathways{many}"
        raise EventsRefusedError([words])


def _part(part: pl.DataFrame, asked: Asked) -> _Part:
    found = derive_tables(part, policy=asked.policy, as_of=asked.as_of)
    events = typed(part)
    lines, by_hand = lines_of(
        found.periods, events, asked.census, policy=asked.policy, as_of=asked.as_of
    )
    left, without = left_out(found.periods, events, asked.census), unfiled(lines)
    return _Part(
        counts=counts_of(lines),
        left_out=left,
        unfiled=without,
        owners=_owners(found.periods, lines, left, without),
        candidates=candidates(found.periods, events, asked.census, policy=asked.policy),
        pathways=found.pathways,
        by_hand=found.by_hand + by_hand,
    )


def _owners(
    periods: pl.DataFrame, lines: pl.DataFrame, left: pl.DataFrame, without: pl.DataFrame
) -> pl.DataFrame:
    """Whose list each of some periods is on: the provider of its line, else the last one's."""
    keys = ["pathway", "period"]
    asked = pl.concat([left.select(keys), without.select(keys)]).unique(maintain_order=True)
    waiting = lines.sort("part").unique(keys, keep="first").select(*keys, "provider")
    listed = periods.select("pathway", "listed_by", period="number")
    return (
        asked.join(waiting.with_columns(has_line=True), on=keys, how="left", maintain_order="left")
        .join(listed, on=keys, how="left", maintain_order="left")
        .with_columns(provider=pl.when("has_line").then("provider").otherwise("listed_by"))
        .select(list(OWNERS))
    )
