"""What the lake holds, who is missing from it, and whether it agrees with what was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clockstop.analytics.published.catalogue import Catalogue, Entry
from clockstop.analytics.published.datasets import DATA_SETS
from clockstop.analytics.published.diagnostics import disagreements
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.submitters import MissingSubmitter, missing_submitters
from clockstop.core.types import Month

# What both an extract's facts and the published series hold.
PERCENTILES = (
    *("median_weeks", "p92_weeks", "admitted_median_weeks", "admitted_p95_weeks"),
    *("nonadmitted_median_weeks", "nonadmitted_p95_weeks"),
)
COUNTS = (
    *("incomplete_pathways", "within_18_weeks", "over_18_weeks", "over_52_weeks"),
    *("over_65_weeks", "over_78_weeks", "over_104_weeks"),
    *("admitted_stops", "nonadmitted_stops", "new_periods"),
)
EXACT = 1e-9  # published percentiles are printed in full
LARGE_CHANGE = 0.05  # a list grows or falls by less in any month on record without a lost submitter


@dataclass(frozen=True)
class MonthStatus:
    """One month of RTT returns against what else is known.

    ``published`` is the England list in the published series, None if the series is not held or
    has no such month; ``notes`` say in words what a reader should look at.
    """

    month: str
    incomplete_pathways: int
    published: int | None
    missing: tuple[MissingSubmitter, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DataSetStatus:
    """A data set, its source and what is held of it: an entry for each key, keys in order."""

    name: str
    title: str
    source: str
    keys: Mapping[str, Entry]


@dataclass(frozen=True)
class LakeStatus:
    """Everything the lake holds; ``notes`` say where two of its data sets disagree."""

    home: str
    data_sets: tuple[DataSetStatus, ...]
    months: tuple[MonthStatus, ...]
    notes: tuple[str, ...] = ()


def lake_status(lake: Lake) -> LakeStatus:
    """Data sets, months, rows, revisions, sources, and the submitters missing in each month."""
    catalogue = lake.catalogue()
    data_sets = tuple(
        DataSetStatus(each.name, each.title, each.licence, _in_order(catalogue, each.name))
        for each in DATA_SETS
    )
    months, notes = tuple(month_statuses(lake)), tuple(disagreements(lake))
    return LakeStatus(str(lake.home), data_sets, months, notes)


def _in_order(catalogue: Catalogue, data_set: str) -> dict[str, Entry]:
    return dict(sorted(catalogue.entries.get(data_set, {}).items()))


def month_statuses(lake: Lake) -> Iterator[MonthStatus]:
    """Each RTT month held, against the published series and the month before it."""
    series = _published_series(lake)
    before: tuple[str, int] | None = None
    for key, revision in lake.catalogue().current("rtt").items():
        size = int(revision.facts["incomplete_pathways"])
        published = series.get(key, {})
        missing = missing_submitters(lake, Month.parse(key))
        notes = tuple(_notes(revision.facts, published, bool(series), before, missing))
        listed = published.get("incomplete_pathways")
        yield MonthStatus(key, size, None if listed is None else int(listed), missing, notes)
        before = (key, size)


def _notes(
    facts: Mapping[str, int | float | str | bool],
    published: Mapping[str, float | None],
    series_held: bool,
    before: tuple[str, int] | None,
    missing: tuple[MissingSubmitter, ...],
) -> Iterator[str]:
    size = int(facts["incomplete_pathways"])
    off = [
        f"{name} {facts[name]:,} here, {n:,} there"
        for name, n in published.items()
        if n is not None and name in facts and abs(float(facts[name]) - n) > EXACT
    ]
    if off:
        yield (
            f"not as in the published England series: {'; '.join(off)}: "
            "one of the two is an older revision, or the file is not whole"
        )
    if series_held and not published:
        yield "the published England series that is held has no figures for this month"
    if before and abs(size - before[1]) > LARGE_CHANGE * before[1]:
        yield f"{size:,} pathways, against {before[1]:,} in {before[0]}: is the file whole?"
    late = [each for each in missing if each.succeeded_by is None]
    if late:
        first, plural = late[0], "s" if len(late) > 1 else ""
        yield (
            f"{len(late)} submitter{plural} missing that sent a return before, {first.name} with "
            f"{first.last_size:,} pathways in {first.last_month} the largest; not counted as zero"
        )


def _published_series(lake: Lake) -> dict[str, dict[str, float | None]]:
    """The published figures that an extract can be held against, by month."""
    revision = lake.catalogue().current("rtt_overview").get("england")
    if revision is None:
        return {}
    series = lake.scan(revision, "series").select("month", *COUNTS, *PERCENTILES).collect()
    return {row.pop("month"): row for row in series.rows(named=True)}
