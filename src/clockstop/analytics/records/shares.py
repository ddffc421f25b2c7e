"""What of an extract of several hospitals is each one's: the faults, and what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from clockstop.analytics.records.reading import LONGEST

COUNTED = ("pathways", "new_pathways", "changed_pathways", "events", "corrections")
COUNTS: Mapping[str, Any] = {"provider": pl.String(), **dict.fromkeys(COUNTED, pl.Int64())}


@dataclass(frozen=True)
class Share:
    """What of an extract is one provider's: its faults, and how many of what.

    ``counts`` are of COUNTED, ``new_patients`` and ``refused_pathways``, as far as there are any.
    """

    provider: str
    counts: Mapping[str, int]
    faults: pl.DataFrame


def shares(
    told: pl.DataFrame, faults: pl.DataFrame, taken: pl.Series, counts: pl.DataFrame
) -> Iterator[Share]:
    """Each provider's share, by code.

    ``told`` are all pathways (``reading.TOLD``), ``taken`` the keys of those without a fault;
    ``faults`` are as ``faults_of`` gives them, ``counts`` as ``summed`` does.
    """
    is_taken = pl.col("pathway").is_in(taken.implode()).fill_null(value=False)
    left_out = told.filter(~is_taken)
    refused = left_out.group_by("provider").agg(refused_pathways=pl.col("pathway").n_unique())
    each = pl.DataFrame({"provider": _providers(told)}, schema={"provider": pl.String()})
    table = each.join(counts, on="provider", how="left").join(refused, on="provider", how="left")
    for row in table.with_columns(pl.exclude("provider").fill_null(0)).iter_rows(named=True):
        provider = row.pop("provider")
        yield Share(provider, row, faults.filter(provider=provider))


def _providers(told: pl.DataFrame) -> pl.Series:
    """The codes that the rows name, as far as they can be codes, in order."""
    codes = told["provider"].drop_nulls().unique()
    return codes.filter(codes.str.len_chars() <= LONGEST["provider"]).sort()


def faults_of(faults: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Each fault with the ``provider`` of its pathway, else of its person's pathways.

    One of a person with pathways at two providers is there twice; one of which nobody can say
    whose it is has no provider. ``told`` are all pathways, as ``reading.TOLD``.
    """
    of_pathway = pl.col("pathway").is_not_null()
    parts = [
        faults.filter(mask).join(
            told.select(key, "provider").drop_nulls().unique(), on=key, how="left"
        )
        for key, mask in (("pathway", of_pathway), ("person", ~of_pathway))
    ]
    return pl.concat(parts).sort("file", "row", "column", "provider", nulls_last=False)


def of_nobody(faults: pl.DataFrame) -> pl.DataFrame:
    """Those of which nobody can say whose they are; ``faults`` are as ``faults_of`` gives them."""
    return faults.filter(pl.col("provider").is_null())


def counts_of(pathways: pl.DataFrame, new: pl.DataFrame, touched: pl.Series) -> pl.DataFrame:
    """COUNTS of what is written: one row for each provider that told of ``pathways``.

    ``new`` are the entries to append, with ``why`` for those that correct; ``touched`` are the
    pathways whose row of the list is another now.
    """
    entries = new.group_by("pathway").agg(events=pl.len(), corrections=(pl.col("why") != "").sum())
    is_changed = pl.col("pathway").is_in(touched.implode()) & ~pl.col("is_new")
    told = pathways.select("provider", "pathway", "is_new").join(entries, on="pathway", how="left")
    found = told.group_by("provider").agg(
        pathways=pl.len(),
        new_pathways=pl.col("is_new").sum(),
        changed_pathways=is_changed.sum(),
        events=pl.col("events").sum(),
        corrections=pl.col("corrections").sum(),
    )
    return found.select(pl.col(name).cast(kind) for name, kind in COUNTS.items())


def summed(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """COUNTS of the parts of an extract as one table, a row for each provider."""
    parts = [pl.DataFrame(schema=dict(COUNTS)), *counts]
    return pl.concat(parts).group_by("provider").agg(pl.col(COUNTED).sum())


def with_new_patients(
    counts: pl.DataFrame, people: pl.DataFrame, pathways: pl.DataFrame
) -> pl.DataFrame:
    """COUNTS, and how many people who are new each provider told of as ``new_patients``."""
    new = people.filter("is_new")["person"]
    told = pathways.filter(pl.col("person").is_in(new.implode()))
    found = told.group_by("provider").agg(new_patients=pl.col("person").n_unique())
    return counts.join(found, on="provider", how="left")
