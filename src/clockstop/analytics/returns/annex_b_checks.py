"""The checks of Annex B, each over all providers at once: a function for each row of the table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from clockstop.analytics.returns.annex_b_rules import Check, Limits
from clockstop.analytics.returns.figures import Figures
from clockstop.core.types import Part

_MONTHS = ("this_month", "last_month")
_COMPLETED = (str(Part.ADMITTED), str(Part.NONADMITTED))


@dataclass(frozen=True)
class Finding:
    """What a check found at a provider: in which part, the numbers, and the thresholds it used."""

    check: Check
    provider: str
    part: Part | None
    numbers: Mapping[str, Any]
    thresholds: Mapping[str, float]

    @property
    def words(self) -> str:
        """What was found, as a sentence with its numbers."""
        limits = f" (threshold: {_listed(self.thresholds)})" if self.thresholds else ""
        return f"{self.check.words}: {_listed(self.numbers)}{limits}"


def _listed(numbers: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_shown(n)}" for name, n in numbers.items())


def _shown(number: Any) -> str:
    if isinstance(number, float):
        return f"{number:,.4g}" if number % 1 else f"{number:,.0f}"
    return f"{number:,}" if isinstance(number, int) else str(number)


@dataclass(frozen=True)
class Compared:
    """What the checks look at: this month and the one before, by provider and part.

    ``wide`` has a row for each provider of either month and each part; see ``totals.totals``.
    ``before`` is whether the month before is known.
    """

    current: Figures
    before: bool
    wide: pl.DataFrame
    codes: Collection[str] | None
    limits: Limits


def _each(
    check: Check, rows: pl.DataFrame, columns: Collection[str], thresholds: Mapping[str, str]
) -> Iterator[Finding]:
    """A finding for each row: the numbers in some columns, the thresholds in others."""
    for row in rows.iter_rows(named=True):
        part = row.get("part") or check.part
        yield Finding(
            check,
            row["provider"],
            Part(part) if part else None,
            {name: row[name] for name in columns},
            {name: row[column] for name, column in thresholds.items()},
        )


def _named(rows: pl.DataFrame, now: str = "n", before: str = "before") -> pl.DataFrame:
    return rows.rename({now: "this_month", before: "last_month"})


def _negative_or_decimal(check: Check, of: Compared) -> Iterator[Finding]:
    n = pl.col("n")
    cells = of.current.cells.filter((n < 0) | (n % 1 != 0))
    stated = of.current.stated.rename({"stated": "n"}).filter((n < 0) | (n % 1 != 0))
    every = pl.concat(
        [cells.select("provider", "part", "n"), stated.select("provider", "part", "n")]
    )
    rows = every.group_by("provider", "part").agg(cells=pl.len(), lowest=pl.col("n").min())
    yield from _each(check, rows, ("cells", "lowest"), {})


def _invalid_commissioner(check: Check, of: Compared) -> Iterator[Finding]:
    if of.codes is None:
        return
    strange = of.current.cells.filter(~pl.col("commissioner").is_in(list(of.codes)))
    rows = strange.group_by("provider").agg(
        codes=pl.col("commissioner").unique().sort().str.join(", "), patients=pl.col("n").sum()
    )
    yield from _each(check, rows, ("codes", "patients"), {})


def _missing_return(check: Check, of: Compared) -> Iterator[Finding]:
    rows = of.wide.group_by("provider").agg(pl.col("n", "before").sum())
    silent = rows.filter(pl.col("n") == 0, pl.col("before") > 0)
    yield from _each(check, _named(silent), _MONTHS, {})


def _missing_part(check: Check, of: Compared) -> Iterator[Finding]:
    whole = pl.col("n").sum().over("provider")
    rows = of.wide.filter(whole != 0, pl.col("n") == 0, pl.col("before") > 0)
    yield from _each(check, _named(rows), _MONTHS, {})


def _missing_incomplete(check: Check, of: Compared) -> Iterator[Finding]:
    completed = pl.col("n").filter(pl.col("part").is_in(_COMPLETED)).sum()
    waiting = pl.col("n").filter(pl.col("part") == str(Part.INCOMPLETE)).sum()
    rows = of.wide.group_by("provider").agg(completed=completed, waiting=waiting)
    wrong = rows.filter(pl.col("completed") > 0, pl.col("waiting") == 0)
    yield from _each(check, wrong, ("completed", "waiting"), {})


def _incorrect_total(check: Check, of: Compared) -> Iterator[Finding]:
    wrong = of.current.stated.filter(pl.col("stated") != pl.col("added"))
    rows = wrong.group_by("provider", "part", maintain_order=True).agg(
        totals=pl.len(), stated=pl.col("stated").first(), added_up=pl.col("added").first()
    )
    yield from _each(check, rows, ("totals", "stated", "added_up"), {})


def _with_limits(of: Compared, check: str, *names: str) -> pl.DataFrame:
    """The table with the thresholds of a check beside each row, by its part."""
    part = pl.col("part")
    return of.wide.with_columns(
        part.replace_strict(
            {str(p): of.limits.of(check, name, str(p)) for p in Part}, return_dtype=pl.Float64
        ).alias(name)
        for name in names
    )


def _changed(check: Check, rows: pl.DataFrame, now: str, before: str) -> Iterator[Finding]:
    """Rows in which a count moved by more than a share of what it was, above the least number."""
    moved = (pl.col(now) - pl.col(before)).abs()
    enough = pl.max_horizontal(now, before) >= pl.col("at_least")
    wrong = rows.filter(enough, moved > pl.col("share") * pl.col(before))
    limits = {"share": "share", "at_least": "at_least"}
    yield from _each(check, _named(wrong, now, before), _MONTHS, limits)


def _large_change(check: Check, of: Compared) -> Iterator[Finding]:
    rows = _with_limits(of, check.id, "share", "at_least").filter(pl.lit(of.before))
    yield from _changed(check, rows, "n", "before")


def _large_change_52(check: Check, of: Compared) -> Iterator[Finding]:
    rows = _with_limits(of, check.id, "share", "at_least").filter(
        pl.lit(of.before), part=check.part
    )
    yield from _changed(check, rows, "over_52", "over_52_before")


def _no_change(check: Check, of: Compared) -> Iterator[Finding]:
    rows = _with_limits(of, check.id, "at_least").filter(
        pl.lit(of.before), pl.col("n") >= pl.col("at_least"), pl.col("n") == pl.col("before")
    )
    yield from _each(check, _named(rows), _MONTHS, {"at_least": "at_least"})


def _large_incomplete(check: Check, of: Compared) -> Iterator[Finding]:
    names = ("months_of_new_periods", "at_least")
    rows = _with_limits(of, check.id, *names).filter(part=check.part)
    new = of.wide.filter(part=str(Part.NEW_PERIODS)).select("provider", new_periods="n")
    wrong = rows.join(new, on="provider").filter(
        pl.col("n") >= pl.col("at_least"),
        pl.col("n") > pl.col("months_of_new_periods") * pl.col("new_periods"),
    )
    yield from _each(
        check, wrong.rename({"n": "waiting"}), ("waiting", "new_periods"), {n: n for n in names}
    )


def _decided_over_waiting(check: Check, of: Compared) -> Iterator[Finding]:
    waiting = of.wide.filter(part=str(Part.INCOMPLETE)).select("provider", waiting="n")
    rows = of.wide.filter(part=check.part).join(waiting, on="provider").rename({"n": "decided"})
    wrong = rows.filter(pl.col("decided") > pl.col("waiting"))
    yield from _each(check, wrong, ("decided", "waiting"), {})


def _few_new_periods(check: Check, of: Compared) -> Iterator[Finding]:
    young = of.wide.filter(part=str(Part.INCOMPLETE)).select("provider", up_to_4_weeks="first_four")
    rows = of.wide.filter(part=check.part).join(young, on="provider").rename({"n": "new_periods"})
    wrong = rows.filter(pl.col("new_periods") < pl.col("up_to_4_weeks"))
    yield from _each(check, wrong, ("new_periods", "up_to_4_weeks"), {})


def _short_waits(check: Check, of: Compared) -> Iterator[Finding]:
    rows = _with_limits(of, check.id, "share", "at_least").filter(pl.col("part").is_in(_COMPLETED))
    wrong = rows.filter(
        pl.col("n") >= pl.col("at_least"), pl.col("first") > pl.col("share") * pl.col("n")
    ).rename({"first": "within_a_week", "n": "all"})
    limits = {"share": "share", "at_least": "at_least"}
    yield from _each(check, wrong, ("within_a_week", "all"), limits)


def _unknown_starts(check: Check, of: Compared) -> Iterator[Finding]:
    rows = _with_limits(of, check.id, "share", "at_least").filter(pl.col("part").is_in(_COMPLETED))
    wrong = rows.filter(
        pl.col("unknown") >= pl.col("at_least"), pl.col("unknown") > pl.col("share") * pl.col("n")
    ).rename({"n": "all"})
    limits = {"share": "share", "at_least": "at_least"}
    yield from _each(check, wrong, ("unknown", "all"), limits)


CHECKS: Mapping[str, Callable[[Check, Compared], Iterator[Finding]]] = {
    "negative_or_decimal": _negative_or_decimal,
    "invalid_commissioner": _invalid_commissioner,
    "missing_return": _missing_return,
    "missing_part": _missing_part,
    "missing_incomplete": _missing_incomplete,
    "incorrect_total": _incorrect_total,
    "large_change": _large_change,
    "no_change": _no_change,
    "large_incomplete": _large_incomplete,
    "large_change_52": _large_change_52,
    "decided_over_waiting": _decided_over_waiting,
    "few_new_periods": _few_new_periods,
    "short_waits": _short_waits,
    "unknown_starts": _unknown_starts,
}
