"""Whatever stops an ingest, the lake reads as before, and the next ingest mends it.

Every step that touches the disk is made to fail in turn, at its first call, its second, and so on
until the run goes through; then real processes are killed, and real files hit a limit of size.
"""

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.analytics.published import extracts, small
from tests.analytics.published.helpers import current_tables, take, tree
from tests.analytics.published.test_ingest import revised

from clockstop.analytics.published import lake as lake_module
from clockstop.analytics.published.ingest import ingest, restore
from clockstop.analytics.published.lake import Lake

SOAK = os.environ.get("CLOCKSTOP_SOAK") == "1"
STEPS: dict[str, tuple[Any, str]] = {
    "write_parquet": (pl.DataFrame, "write_parquet"),
    "write": (lake_module, "_write_flushed"),
    "fsync": (os, "fsync"),
    "replace": (os, "replace"),
    "mkdir": (Path, "mkdir"),
}
# At least so many calls for three files, two of them with warnings, each in a folder of its own.
LEAST_CALLS = {"write_parquet": 3, "write": 6, "fsync": 13, "replace": 4, "mkdir": 4}
FAULTS = {
    "full disk": OSError(errno.ENOSPC, "No space left on device"),
    "interrupt": KeyboardInterrupt(),
    "no memory": MemoryError(),
}


@dataclass
class Trap:
    """Lets a step through until its n-th call, then fails before or after doing it."""

    step: Callable[..., Any]
    fault: BaseException
    at: int
    after: bool
    calls: int = 0

    @property
    def sprung(self) -> bool:
        return self.calls >= self.at

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls != self.at:
            return self.step(*args, **kwargs)
        if self.after:
            self.step(*args, **kwargs)
        raise self.fault

    def __get__(self, instance: object, _owner: type | None = None) -> Callable[..., Any]:
        return lambda *args, **kwargs: self(instance, *args, **kwargs)


@pytest.fixture
def old(inbox: Path) -> list[Path]:
    return [small.successors().save(inbox), small.directory().save(inbox)]


@pytest.fixture
def new(inbox: Path) -> list[Path]:
    """One file revised, one with warnings added, one new."""
    fewer = small.successors().drop([3])
    other = small.directory().put(2, "OrganisationName", "St James's")
    return [
        fewer.save(inbox, "successors-2.csv"),
        other.save(inbox, "Hospital_2014.csv"),
        small.directory().drop([2]).save(inbox, "Hospital_2018_2.csv"),
    ]


def seen(lake: Lake) -> tuple[str, dict[Any, Any]]:
    """What readers see: the catalogue to the letter, but for the clock, and every table."""
    entries = [
        (name, key, revision.id, is_current)
        for name, key, revision, is_current in lake.catalogue().revisions()
    ]
    return repr(entries), current_tables(lake)


def leftovers(lake: Lake) -> set[str]:
    known = {"catalogue.json"}
    for _, _, revision, _ in lake.catalogue().revisions():
        known |= {f"{revision.folder}/{table}.parquet" for table in revision.tables}
        known |= {f"{revision.folder}/warnings.json"} if revision.warnings else set()
    return set(tree(lake)) - known


def failing(
    patch: pytest.MonkeyPatch,
    step: str,
    fault: BaseException,
    *,
    after: bool,
    run: Callable[[], Any],
) -> Iterator[int]:
    """Run again and again, the step failing at a later call each time, until it is not reached."""
    owner, name = STEPS[step]
    at = 1
    while True:
        trap = Trap(getattr(owner, name), fault, at, after)
        with patch.context() as local:
            local.setattr(owner, name, trap)
            try:
                run()
            except type(fault):
                pass
        if not trap.sprung:
            return
        yield at
        at += 1


@pytest.mark.parametrize(
    ("name", "after"),
    [("full disk", False), ("no memory", False), ("interrupt", False), ("interrupt", True)],
)
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_call_of_any_step_leaves_the_old_lake(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: list[Path],
    new: list[Path],
    step: str,
    name: str,
    after: bool,
) -> None:
    first, last = Lake(tmp_path / "first"), Lake(tmp_path / "last")
    take(first, *old)
    before = seen(first)
    shutil.copytree(first.home, last.home)
    take(last, *new)
    wanted = seen(last)
    trials = 0
    home = tmp_path / "trial"

    def run() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(first.home, home)
        ingest(new, Lake(home))

    for _ in failing(monkeypatch, step, FAULTS[name], after=after, run=run):
        trials += 1
        lake = Lake(home)
        # Once the catalogue is swapped the run is done, even if what follows fails.
        assert seen(lake) in (before, wanted)
        assert seen(lake) == before or step in {"replace", "fsync"}, step
        take(lake, *new)
        assert seen(lake) == wanted
        assert leftovers(lake) == set()
    assert trials >= LEAST_CALLS[step]
    assert seen(Lake(home)) == wanted


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failed_restore_leaves_the_current_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inbox: Path, step: str
) -> None:
    lake = Lake(tmp_path / "home")
    take(lake, small.successors().save(inbox))
    first = lake.catalogue().current("successors")["ods"]
    second = small.successors().drop([2]).save(inbox, "2.csv")
    take(lake, second)
    before = seen(lake)

    def run() -> None:
        take(lake, second)
        restore(lake, "successors", "ods", first.id)

    for number, _ in enumerate(
        failing(monkeypatch, step, FAULTS["full disk"], after=False, run=run)
    ):
        is_swapped = lake.catalogue().current("successors")["ods"] == first
        assert is_swapped or seen(lake) == before
        assert number < 10
    assert lake.catalogue().current("successors")["ods"] == first


KILLED = """
import sys
from pathlib import Path
from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
print("ready", flush=True)
ingest(map(Path, sys.argv[2:]), Lake(Path(sys.argv[1])))
"""


@pytest.fixture
def months(inbox: Path) -> tuple[list[Path], list[Path]]:
    """What the lake holds, and what is then ingested: a revision and two more months."""
    may = extracts.rtt("2025-05")
    later = [extracts.rtt("2025-06").save(inbox), extracts.rtt("2025-07").save(inbox)]
    return [may.save(inbox)], [revised(may).save(inbox, "again.csv"), *later]


def check_killed(tmp_path: Path, months: tuple[list[Path], list[Path]], times: int) -> None:
    first, last = Lake(tmp_path / "first"), Lake(tmp_path / "last")
    old, new = months
    take(first, *old)
    shutil.copytree(first.home, last.home)
    started = time.monotonic()
    take(last, *new)
    lasts = time.monotonic() - started
    before, wanted, killed = seen(first), seen(last), 0
    rng = random.Random(7)
    for _ in range(times):
        home = tmp_path / "trial"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(first.home, home)
        command = [sys.executable, "-c", KILLED, str(home), *map(str, new)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0, lasts * 1.2))
            process.kill()
        killed += process.returncode == -signal.SIGKILL
        assert seen(Lake(home)) in (before, wanted)
        take(Lake(home), *new)
        assert seen(Lake(home)) == wanted
        assert leftovers(Lake(home)) == set()
    assert killed


def test_a_killed_process_leaves_the_old_lake_or_the_new(
    tmp_path: Path, months: tuple[list[Path], list[Path]]
) -> None:
    check_killed(tmp_path, months, 2)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 150 kills (about 5 minutes)")
def test_many_killed_processes(tmp_path: Path, months: tuple[list[Path], list[Path]]) -> None:
    check_killed(tmp_path, months, 150)


@pytest.mark.parametrize("limit", [300, 10_000])
def test_a_disk_that_fills_is_said_plainly_and_changes_nothing(
    tmp_path: Path, months: tuple[list[Path], list[Path]], limit: int
) -> None:
    """A limit on the size of files stands for the disk: the system refuses the write alike."""
    lake, (old, new) = Lake(tmp_path / "home"), months
    take(lake, *old)
    before = tree(lake)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = subprocess.run(
        [Path(sys.executable).with_name("clockstop"), "data", "ingest", *new],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "CLOCKSTOP_HOME": str(lake.home), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=limited,
    )
    assert result.returncode == 1, result
    assert "File too large" in result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert tree(lake) == before
    take(lake, *new)
    assert leftovers(lake) == set()
