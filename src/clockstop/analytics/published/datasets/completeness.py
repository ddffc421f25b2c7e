"""Whether a list can be whole: held against the codes that our own lists know."""

from collections.abc import Collection, Iterator

import polars as pl

from clockstop.analytics.published.problems import Problem

FICTIONAL = "(fictional)"  # every organisation of the synthetic England carries it in its name
SHARE = 0.02  # of known codes may be absent: editions differ by less


def absences(
    known: Collection[str], found: Collection[str], file: str, what: str
) -> Iterator[Problem]:
    """A warning if more of the codes that we know are absent than editions differ by."""
    absent = set(known) - set(found)
    if len(absent) > SHARE * len(known):
        some = ", ".join(sorted(absent)[:3])
        words = f"{len(absent):,} of {len(known):,} {what} absent, {some} among them"
        yield Problem(file, "incomplete", words, "nearly all of them")


def are_fictional(names: pl.Series) -> bool:
    """Whether these are organisations of the synthetic England, which no list of ours knows."""
    return bool(names.str.to_lowercase().str.ends_with(FICTIONAL).any())
