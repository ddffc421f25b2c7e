"""Make lists that agree disagree in known ways: for demonstrations and for tests of scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

import polars as pl

from clockstop.analytics.reconcile.columns import PROVIDER, START

_WEEK = "week_ending_date"
Tables = Mapping[str, pl.DataFrame]  # open pathways of each provider, by its code


def disagree(
    now: Tables, before: Tables, *, each: int, seed: int
) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    """The lists of this week with ``each`` disagreements of each case put in, and how many of each.

    The pathways are drawn from those that were open at a provider the week before and still are,
    as far as there are enough; each is touched once. Cases as in ``cases.CASES``; the same seed
    draws the same. There must be two providers.
    """
    chance = Random(seed)
    codes = sorted(now)
    sizes = [now[code].height for code in codes]
    drawn = {code: _drawn(now[code], before.get(code), chance, 4 * each) for code in codes}
    taken: dict[str, list[int]] = {code: [] for code in codes}
    added: dict[str, list[pl.DataFrame]] = {code: [] for code in codes}
    counts: dict[str, int] = {}
    for case in ("same_pathway", "on_both", "gone", "received"):
        for _ in range(each):
            (sender,) = chance.choices(codes, sizes)
            if not drawn[sender]:
                continue
            at = drawn[sender].pop()
            _touch(case, at, sender, _other(codes, sender, chance), now, taken, added)
            counts[case] = counts.get(case, 0) + 1
    return {code: _with(now[code], taken[code], added[code]) for code in codes}, counts


def _drawn(now: pl.DataFrame, before: pl.DataFrame | None, chance: Random, count: int) -> list[int]:
    if before is None:
        return []
    key = ["organisation_code_patient_pathway_identifier_issuer", "patient_pathway_identifier"]
    both = now.with_row_index("at").join(before, on=key, how="semi").drop_nulls([START, *key])
    rows = both["at"].to_list()
    return chance.sample(rows, min(count, len(rows)))


def _other(codes: Sequence[str], sender: str, chance: Random) -> str:
    return chance.choice([code for code in codes if code != sender])


def _touch(
    case: str,
    at: int,
    sender: str,
    receiver: str,
    now: Tables,
    taken: dict[str, list[int]],
    added: dict[str, list[pl.DataFrame]],
) -> None:
    """One pathway: dropped by its provider, listed by another, or both."""
    if case in ("gone", "received"):
        taken[sender].append(at)
    if case == "gone":
        return
    row = now[sender][at].with_columns(pl.lit(receiver).alias(PROVIDER))
    if case == "on_both":
        row = row.with_columns(pl.col(START) + pl.duration(days=35))
    added[receiver].append(row)


def _with(table: pl.DataFrame, taken: list[int], added: list[pl.DataFrame]) -> pl.DataFrame:
    kept = table.with_row_index("at").filter(~pl.col("at").is_in(taken)).drop("at")
    return pl.concat([kept, *added])


def week_before(opened: pl.DataFrame, stops: pl.DataFrame, ended: date) -> pl.DataFrame:
    """Who was open on the Sunday ``ended``, by the open pathways and the stops of the week after.

    Near enough for a demonstration: what else changed within the week is not undone.
    """
    had_begun = pl.col(START).is_null() | (pl.col(START) <= ended)
    stopped = stops.select(each for each in opened.columns if each in stops.columns)
    both = pl.concat([opened, stopped], how="diagonal").filter(had_begun)
    return both.with_columns(pl.lit(ended).alias(_WEEK)).select(opened.columns)
