"""Take files into the lake: find, recognise, check, stage, then swap the catalogue once.

A run is all or nothing: if any file is refused, nothing of the run is kept, so that one more run
after mending it sees everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from clockstop.analytics.published.catalogue import Catalogue, Revision
from clockstop.analytics.published.containers import Source, find_sources, is_workbook
from clockstop.analytics.published.datasets import DATA_SETS, recognise, recognise_sheets
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.revisions import difference
from clockstop.analytics.published.workbook import Workbook

T = TypeVar("T")
WORKERS = 2  # reading, hashing and parsing release the interpreter lock; more would cost memory


class Outcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REVISED = "revised"
    RESTORED = "restored"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"


CHANGES = frozenset({Outcome.ADDED, Outcome.REVISED, Outcome.RESTORED})


@dataclass(frozen=True)
class FileResult:
    """One file of a run. ``problems`` are why it was refused, or its warnings if it was not."""

    file: str
    outcome: Outcome
    data_set: str | None = None
    key: str | None = None
    revision: str | None = None
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class IngestReport:
    """Every file of a run, and whether the lake now holds what they brought."""

    files: list[FileResult]
    committed: bool

    @property
    def refused(self) -> list[FileResult]:
        """The files that could not be taken."""
        return [f for f in self.files if f.outcome is Outcome.REFUSED]

    @property
    def changed(self) -> list[FileResult]:
        """The files that the lake is the richer for."""
        return [f for f in self.files if f.outcome in CHANGES]


@dataclass(frozen=True)
class _Checked:
    """A file after reading: refused, unknown, already held, or staged."""

    source: Source
    data_set: DataSet | None = None
    id: str = ""
    bytes: int = 0
    reading: Reading | None = None
    staged: Path | None = None
    problems: list[Problem] = field(default_factory=list)


def ingest(
    paths: Iterable[Path], lake: Lake, progress: Callable[[FileResult, int], None] | None = None
) -> IngestReport:
    """Ingest files, folders and zips, in any mix, into the lake.

    ``progress`` is called after each file with its result and how many files there are in all.
    Raises LakeBusyError if somebody else is writing, LakeBrokenError if the catalogue cannot be
    read, and OSError if the disk fails; in each case the lake stays as it was.
    """
    sources = list(find_sources(paths))
    with lake.writing():
        run = _Run(lake)
        for checked in _in_order(lambda source: _check(source, lake, run.known), sources):
            result = run.add(checked)
            if progress:
                progress(result, len(sources))
        return run.finish()


class _Run:
    """One ingest: the catalogue that it would make, and what is staged for it."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.old = lake.catalogue()
        self.known = {(name, revision.id) for name, _, revision, _ in self.old.revisions()}
        self.new = self.old
        self.staged: dict[str, Path] = {}
        self.results: list[FileResult] = []
        self.archives: dict[str, bool] = {}  # named by the user: whether any file in it is known

    def add(self, checked: _Checked) -> FileResult:
        """Enter a checked file; the last of a month in a run is the current one."""
        result = self._enter(checked)
        self.results.append(result)
        archive = checked.source.archive
        if archive and checked.source.named:
            is_known = result.outcome is not Outcome.SKIPPED
            self.archives[archive] = self.archives.get(archive, False) or is_known
        return result

    def _enter(self, checked: _Checked) -> FileResult:
        name = checked.source.name
        if checked.problems:
            return FileResult(name, Outcome.REFUSED, _name(checked), problems=checked.problems)
        if checked.data_set is None:
            return FileResult(name, Outcome.SKIPPED)
        held = _held(self.new, checked.data_set.name, checked.id)
        if held is not None:
            key, revision, is_current = held
            outcome = Outcome.UNCHANGED if is_current else Outcome.RESTORED
            self.new = self.new.with_revision(checked.data_set.name, key, revision)
            return FileResult(name, outcome, checked.data_set.name, key, revision.id, revision.rows)
        return self._keep(checked, checked.data_set)

    def _keep(self, checked: _Checked, data_set: DataSet) -> FileResult:
        reading, staged = checked.reading, checked.staged
        assert reading is not None and staged is not None  # noqa: PT018
        mixed = _mixes_synthetic(self.new, data_set, reading, checked.source.name)
        if mixed:
            return FileResult(checked.source.name, Outcome.REFUSED, data_set.name, problems=[mixed])
        replaced = self.new.entry(data_set.name, reading.key)
        changes = self._changes(replaced.current, reading, checked.source.name) if replaced else []
        warnings = [*changes, *reading.warnings]
        self.lake.keep_warnings(staged, warnings)
        revision = _revision(checked, data_set, reading, len(warnings))
        self.new = self.new.with_revision(data_set.name, reading.key, revision)
        self.staged[revision.folder] = staged
        return FileResult(
            checked.source.name,
            Outcome.REVISED if replaced else Outcome.ADDED,
            data_set.name,
            reading.key,
            revision.id,
            reading.rows,
            warnings,
        )

    def _changes(self, old: Revision, reading: Reading, file: str) -> list[Problem]:
        folder = self.staged.get(old.folder, self.lake.folder / old.folder)
        return difference(folder, reading.tables, file)

    def finish(self) -> IngestReport:
        """Publish the run, unless a file was refused."""
        self.results += [
            FileResult(
                archive, Outcome.REFUSED, problems=[_unknown(archive, "no file of a known layout")]
            )
            for archive, is_known in self.archives.items()
            if not is_known
        ]
        if IngestReport(self.results, committed=False).refused:
            return IngestReport(self.results, committed=False)
        if self.new != self.old:
            self.lake.publish(self.new, self.staged)
        return IngestReport(self.results, committed=True)


def _check(source: Source, lake: Lake, known: set[tuple[str, str]]) -> _Checked:
    data_set = None
    try:
        data_set = _recognised(source)
        if data_set is None:
            return _unrecognised(source)
        content = source.read()
        digest = sha256(content).hexdigest()
        if (data_set.name, digest) in known:
            return _Checked(source, data_set, digest)
        reading = data_set.read(content, source.name, source.stem)
    except FileRefusedError as refusal:
        return _Checked(source, data_set, problems=refusal.problems)
    staged = lake.stage(reading.tables)
    return _Checked(source, data_set, digest, len(content), reading, staged)


def _recognised(source: Source) -> DataSet | None:
    """The data set that the file's first bytes tell, or the names of its sheets."""
    head = source.head()
    if is_workbook(head):
        return recognise_sheets(Workbook(source.read(), source.name).names)
    return recognise(head)


def _unrecognised(source: Source) -> _Checked:
    """A file in a folder or an archive is passed over; one that the user named must be known."""
    if not source.named or source.archive:
        return _Checked(source)
    return _Checked(source, problems=[_unknown(source.name, "a file of no known layout")])


def _unknown(file: str, found: str) -> Problem:
    titles = "; ".join(data_set.title for data_set in DATA_SETS)
    return Problem(file, "unknown", found, f"one of: {titles}")


def _held(catalogue: Catalogue, data_set: str, digest: str) -> tuple[str, Revision, bool] | None:
    for name, key, revision, is_current in catalogue.revisions():
        if name == data_set and revision.id == digest:
            return key, revision, is_current
    return None


def _mixes_synthetic(
    catalogue: Catalogue, data_set: DataSet, reading: Reading, file: str
) -> Problem | None:
    kinds = {
        bool(revision.facts["synthetic"])
        for revision in catalogue.current(data_set.name).values()
        if "synthetic" in revision.facts
    }
    mine = reading.facts.get("synthetic")
    if mine is None or not kinds or kinds == {mine}:
        return None
    words = {True: "synthetic data", False: "published data"}
    expected = f"{words[not mine]}, as in this lake (use another CLOCKSTOP_HOME)"
    return Problem(file, "mixed", words[bool(mine)], expected)


def _revision(checked: _Checked, data_set: DataSet, reading: Reading, warnings: int) -> Revision:
    return Revision(
        id=checked.id,
        source=checked.source.name,
        bytes=checked.bytes,
        ingested_at=datetime.now(UTC).isoformat(timespec="seconds"),
        rows=reading.rows,
        tables=tuple(reading.tables),
        folder=f"{data_set.name}/{reading.key}/{checked.id[:16]}",
        warnings=warnings,
        facts=reading.facts,
    )


def _name(checked: _Checked) -> str | None:
    return checked.data_set.name if checked.data_set else None


def _in_order(work: Callable[[Source], T], sources: Iterable[Source]) -> Iterator[T]:
    """The results of the work in the order of the sources, two at a time and no more in memory."""
    with ThreadPoolExecutor(WORKERS) as pool:
        queue = iter(sources)
        under_way: list[Future[T]] = [pool.submit(work, s) for s in islice(queue, WORKERS)]
        try:
            while under_way:
                yield under_way.pop(0).result()
                under_way += [pool.submit(work, s) for s in islice(queue, 1)]
        finally:
            for future in under_way:
                future.cancel()


def restore(lake: Lake, data_set: str, key: str, prefix: str) -> Revision:
    """Make the kept revision whose id starts so the current one of its key.

    Raises ValueError, saying what there is, if no single revision is meant.
    """
    with lake.writing():
        catalogue = lake.catalogue()
        entry = catalogue.entry(data_set, key)
        if entry is None:
            raise ValueError(f"the lake holds no {data_set} for {key}")
        revision = entry.find(prefix)
        if revision is None:
            held = ", ".join(r.id[:12] for r in entry.revisions)
            raise ValueError(f"no single revision {prefix!r} of {data_set} {key}; there are {held}")
        lake.publish(catalogue.with_revision(data_set, key, revision), {})
        return revision
