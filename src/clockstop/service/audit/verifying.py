"""Whether the audit is as it was written: every seal, every number, every end.

Whoever can write to the store's files can put anything into a row. Nothing that is read here is
therefore taken to be of the right kind, or even to be text.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from clockstop.service.audit.models import Chain, Entry
from clockstop.service.audit.sealing import SEALED, seal

End = tuple[int, str]  # how long a chain is, and the seal of its last entry
_CHUNK = 2_000
_TEXTS = (*(name for name in SEALED if name != "number"), "seal")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written, and where."""

    icb_code: str
    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries were read, how each chain ends, and what is wrong."""

    entries: int
    ends: Mapping[str, End]
    faults: tuple[Fault, ...]


@contextmanager
def one_moment() -> Iterator[None]:
    """Read the store as it is at one moment, whatever is in it, while others go on writing."""
    snapshot = _of_sqlite if connection.vendor == "sqlite" else _of_postgresql
    with snapshot():
        yield


@contextmanager
def _of_postgresql() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _of_sqlite() -> Iterator[None]:
    """Not Django's own transaction: it would lock all writers out for as long as this takes."""
    outermost = not connection.in_atomic_block
    with connection.cursor() as cursor, _any_bytes(connection.connection):
        if outermost:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            if outermost:
                cursor.execute("ROLLBACK")


@contextmanager
def _any_bytes(raw: sqlite3.Connection) -> Iterator[None]:
    """Read text that is no UTF-8 as something else, so that it can be told where it stands."""
    before = raw.text_factory
    raw.text_factory = lambda read: read.decode(errors="replace")
    try:
        yield
    finally:
        raw.text_factory = before


def ends() -> dict[str, End]:
    """How each chain ends, as its own row says: to be kept elsewhere."""
    return {chain.icb_code: (chain.length, chain.seal) for chain in Chain.objects.all()}


def verify(
    noted: Mapping[str, End] | None = None, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Read every chain from its first entry; ``progress`` is told how many entries were read.

    ``noted`` are ends of chains that were kept elsewhere: a chain that was written anew from some
    entry on agrees with itself, but not with them.
    """
    noted = noted or {}
    with one_moment():
        chains = ends()
        held = set(Entry.objects.order_by().values_list("icb_code", flat=True).distinct())
        faults: list[Fault] = []
        total = 0
        for code in sorted(held | set(chains) | set(noted), key=str):
            reading = _Reading(code, noted.get(code))
            for row in _rows(code):
                reading.take(row)
                total += 1
                if not total % _CHUNK:
                    progress(total)
            reading.end(chains.get(code))
            faults += reading.faults
    return Verified(total, chains, tuple(faults))


def _rows(code: str) -> Iterator[Mapping[str, object]]:
    rows = Entry.objects.filter(icb_code=code).order_by("number", "id").values(*SEALED, "seal")
    yield from rows.iterator(chunk_size=_CHUNK)


class _Reading:
    """One chain, read entry by entry."""

    def __init__(self, code: str, noted: End | None) -> None:
        self.faults: list[Fault] = []
        self._code, self._noted = code, noted
        self._number, self._seal = 0, ""

    def take(self, row: Mapping[str, object]) -> None:
        due = self._number + 1
        number = row["number"] if isinstance(row["number"], int) else due
        for problem in _wrong(row, due, self._seal):
            self._blame(number, problem)
        if self._noted and number == self._noted[0] and row["seal"] != self._noted[1]:
            self._blame(number, "is not the entry that was noted elsewhere")
        self._number, self._seal = number, str(row["seal"])

    def end(self, chain: End | None) -> None:
        if self._noted and self._number < self._noted[0]:
            self._blame(
                self._number, f"ends before entry {self._noted[0]}, which was noted elsewhere"
            )
        if chain is None:
            self._blame(self._number, "the chain's own row is missing")
        elif chain != (self._number, self._seal):
            self._blame(self._number, f"the chain's own row says that it ends with {_named(chain)}")

    def _blame(self, number: int, problem: str) -> None:
        self.faults.append(Fault(str(self._code), number, problem))


def _wrong(row: Mapping[str, object], due: int, previous: str) -> Iterator[str]:
    if row["number"] != due:
        yield f"stands where entry {due} should"
    if row["previous"] != previous:
        yield "does not follow the entry before it"
    if not _is_whole(row) or row["seal"] != seal(row):
        yield "was altered: its seal does not fit"


def _is_whole(row: Mapping[str, object]) -> bool:
    texts = all(isinstance(row[name], str) for name in _TEXTS)
    return texts and isinstance(row["number"], int)


def _named(end: End) -> str:
    return f"entry {end[0]} and the seal {str(end[1])[:12]}"
