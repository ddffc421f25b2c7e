"""Who sent a return in which month, and who did not though they had before."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import known_mergers
from clockstop.core.types import Month, Part

HOLE = 0.5  # share of a silent provider's list by which its area's must fall to have lost it


@dataclass(frozen=True, slots=True)
class MissingSubmitter:
    """A provider absent from a month though present before: unknown, never zero.

    ``last_size`` counts the incomplete pathways it last sent. ``succeeded_by`` is the organisation
    that took it over by then, if one is known.
    """

    provider: str
    name: str
    last_month: Month
    last_size: int
    succeeded_by: str | None = None


def missing_submitters(lake: Lake, month: Month) -> tuple[MissingSubmitter, ...]:
    """The providers that sent a return in an earlier month held but none for this one.

    Longest list first. Empty if the month itself is not held.
    """
    held = lake.catalogue().current("rtt")
    if str(month) not in held:
        return ()
    present = _providers(lake, str(month))
    last: dict[str, tuple[str, str]] = {}
    for key in (key for key in held if key < str(month)):
        last |= {code: (name, key) for code, name in _providers(lake, key).items()}
    absent = {code: seen for code, seen in last.items() if code not in present}
    sizes = {key: _sizes(lake, key) for key in {key for _, key in absent.values()}}
    successors = successors_by(lake, month)
    found = (
        MissingSubmitter(
            code, name, Month.parse(key), sizes[key].get(code, 0), successors.get(code)
        )
        for code, (name, key) in absent.items()
    )
    return tuple(sorted(found, key=lambda each: (-each.last_size, each.provider)))


def _providers(lake: Lake, month: str) -> dict[str, str]:
    """Code and name of the providers of a month."""
    table = lake.scan(lake.catalogue().current("rtt")[month], "organisations")
    providers = table.filter(pl.col("kind") == "provider").select("code", "name").collect()
    return dict(providers.rows())


def _sizes(lake: Lake, month: str) -> dict[str, int]:
    table = lake.scan(lake.catalogue().current("rtt")[month], "providers")
    waiting = table.filter(pl.col("part").cast(pl.String) == Part.INCOMPLETE)
    sizes = waiting.group_by(pl.col("provider").cast(pl.String)).agg(pl.col("n").sum())
    return dict(sizes.collect().rows())


def successors_by(lake: Lake, month: Month) -> dict[str, str]:
    """Old code → new code for every succession dated no later than the month's end.

    Of the official list of successors, if the lake holds it, and of the mergers that it lacks.
    """
    known = {each.old: each.new for each in known_mergers() if each.on <= month.census}
    revision = lake.catalogue().current("successors").get("ods")
    if revision is None:
        return known
    table = lake.scan(revision, "successors").filter(pl.col("date") <= month.census).sort("date")
    return known | dict(table.select("old_code", "new_code").collect().rows())
