"""A thousand spoilt files: each refused with its faults named, or harmless, or remarked upon."""

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published import extracts, small
from tests.analytics.published.helpers import said, take, tree
from tests.analytics.published.mutations import Mutation, mutation
from tests.analytics.published.sheets import Sheet
from tests.analytics.published.undetectable import reason_of

from clockstop.analytics.published.ingest import IngestReport, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.status import month_statuses

SOAK = os.environ.get("CLOCKSTOP_SOAK") == "1"
AUGUST, SEPTEMBER = extracts.rtt("2025-08"), extracts.rtt("2025-09")
TARGETS: dict[str, Sheet] = {
    "rtt": SEPTEMBER,
    **small.every(),
    "overview": small.overview(AUGUST, SEPTEMBER),
}
Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class World:
    """A lake that holds the originals, and for each target one that holds all but it."""

    home: Path
    whole: Lake
    warnings: set[str]  # of the originals
    without: dict[str, Lake]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("world")
    files = {name: sheet.save(home / "files") for name, sheet in TARGETS.items()}
    august = AUGUST.save(home / "files")
    without = {}
    for name in files:
        without[name] = Lake(home / "without" / name)
        take(without[name], august, *(path for other, path in files.items() if other != name))
    whole = Lake(home / "whole")
    report = take(whole, august, *files.values())
    return World(home, whole, set(said(report.files)), without)


def notes(lake: Lake) -> set[str]:
    return {f"{status.month} {note}" for status in month_statuses(lake) for note in status.notes}


def tables(lake: Lake) -> dict[tuple[str, str], Tables]:
    return {
        (name, key): {table: lake.scan(revision, table).collect() for table in revision.tables}
        for name, key, revision, is_current in lake.catalogue().revisions()
        if is_current
    }


def same(mine: Tables, theirs: Tables) -> bool:
    """Whether the tables hold the same rows, in any order."""
    return mine.keys() == theirs.keys() and all(
        text(mine[name]).equals(text(theirs[name])) for name in mine
    )


def text(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.all().cast(pl.String)).sort(pl.all())


def ingested(case: Mutation, start: Lake, folder: Path) -> tuple[IngestReport, Lake, str]:
    """Ingest the spoilt file into a copy of the lake: the report, the copy, what it came to."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(start.home, folder / "home")
    lake, file = Lake(folder / "home"), folder / case.name
    file.write_bytes(case.content)
    report = ingest([file], lake)
    return report, lake, verdict(case, report, lake, start)


def verdict(case: Mutation, report: IngestReport, lake: Lake, start: Lake) -> str:
    if not report.committed:
        check_refusal(case, report)
        assert tree(lake) == tree(start)
        return "refused"
    return "accepted"


# Faults of a file as a whole, which no row can be named for.
WHOLE = {"unknown", "header", "empty", "part", "shape", "broken archive", "too large", "locked", "unreadable", "mixed"}  # fmt: skip


def check_refusal(case: Mutation, report: IngestReport) -> None:
    problems = [problem for file in report.refused for problem in file.problems]
    assert problems
    for problem in problems:
        assert problem.file.startswith(case.name)
        assert problem.found
        assert problem.expected
        is_rest = problem.found.endswith("more like it")
        assert problem.row or problem.kind in WHOLE or is_rest, str(problem)


def outcome(case: Mutation, world: World, *, again: bool) -> str:
    """refused, harmless, remarked or silent."""
    start = world.whole if again else world.without[case.target]
    report, lake, found = ingested(case, start, world.home / "trial")
    if found == "refused":
        return found
    held, wanted = tables(lake), tables(world.whole)
    if held.keys() == wanted.keys() and all(same(held[key], wanted[key]) for key in held):
        return "harmless"
    warnings = {str(problem) for file in report.files for problem in file.problems}
    is_new = warnings - world.warnings or notes(lake) - notes(world.whole)
    return "remarked" if is_new else "silent"


def check(number: int, world: World) -> str:
    case = mutation(number, TARGETS)
    if case.content == TARGETS[case.target].bytes():
        return "no change"
    again = outcome(case, world, again=True)
    assert again != "silent", f"{number}: {case} replaced the original without a word"
    first = outcome(case, world, again=False)
    if first != "silent":
        return first
    assert reason_of(case), f"{number}: {case} was taken without a word"
    return "undetectable"


def test_some_spoilt_files(world: World) -> None:
    found = Counter(check(number, world) for number in range(33))
    assert found["refused"] > 20, found


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 1,000 spoilt files (5 minutes)")
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_spoilt_files(world: World, hundred: int) -> None:
    found = Counter(check(number, world) for number in range(100 * hundred, 100 * hundred + 100))
    assert found["refused"] > 60, found
