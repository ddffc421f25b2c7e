"""Bringing in an extract of a hospital's system: read, check, match, write, audit.

Everything of an ICB is written in one transaction, so that whoever is killed leaves what was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BufferedIOBase, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from clockstop.analytics.records.faults import ExtractRefusedError
from clockstop.analytics.records.keys import ordered_keys
from clockstop.analytics.records.reading import Extract, nothing_read, of_icb, read_extract
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.intake import writing
from clockstop.service.intake.models import Import
from clockstop.service.intake.noting import Outcome, note
from clockstop.service.registry.models import Organisation
from clockstop.service.tracking.refreshing import refresh_due

if TYPE_CHECKING:
    import polars as pl

ALL = "all"
Progress = Callable[[str], None]
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an extract: the imports, one of each ICB, and all that was refused."""

    imports: tuple[Import, ...]
    faults: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """An extract as it was sent: by whom, of which provider, and how it is to be taken."""

    by: recording.Actor
    provider: str
    digest: str
    day: date
    strict: bool
    submission: UUID | None
    progress: Progress


def import_extract(
    actor: Actor | recording.Actor,
    extract: Path | Files,
    *,
    provider: str,
    strict: bool = False,
    submission: UUID | None = None,
    progress: Progress = lambda _: None,
) -> Imported:
    """Bring in the extract of a provider's system, or of ``all`` providers that it names.

    A pathway with a fault stays out as a whole; where it is ``strict``, so does everything. Files
    that are no extract are an import that was refused. The same ``submission`` twice is one
    import. Raises PermissionDenied; ExtractRefusedError for files that are no extract, ValueError
    otherwise, where nobody knows the provider's ICB.
    """
    if isinstance(actor, Actor) and not rules.has_perm("intake.import", actor, provider):
        raise PermissionDenied
    sent = _Sent(
        by=actor.for_audit if isinstance(actor, Actor) else actor,
        provider=provider,
        digest=_digest(extract),
        day=timezone.localdate(),
        strict=strict,
        submission=submission,
        progress=progress,
    )
    icb = _known_icb(actor, provider)
    progress("Reading")
    try:
        read = read_extract(extract, provider=None if provider == ALL else provider, day=sent.day)
    except ExtractRefusedError as error:
        if icb is None:
            raise
        read, sent = nothing_read(error.faults), replace(sent, strict=True)
    found = _imported(read, icb, sent)
    progress("Refreshing the list")
    refresh_due(sent.day)
    return Imported(found, read.faults)


def _digest(extract: Path | Files) -> str:
    """A hash over the files, each with its name."""
    whole = hashlib.sha256()
    for name, content in _contents(extract):
        whole.update(name.encode())
        with content as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _contents(extract: Path | Files) -> Iterator[tuple[str, BufferedIOBase]]:
    if not isinstance(extract, Path):
        yield from ((name, BytesIO(content)) for name, content in sorted(extract.items()))
        return
    files = sorted(p for p in extract.rglob("*") if p.is_file()) if extract.is_dir() else [extract]
    for file in files:
        yield file.name, file.open("rb")


def _known_icb(actor: Actor | recording.Actor, provider: str) -> str | None:
    """A provider's ICB by the register, else by the role in which its people act."""
    registered = Organisation.objects.filter(pk=provider).values_list("icb_code", flat=True).first()
    own = actor.icb_code if isinstance(actor, Actor) else ""
    return str(registered or own) or None


def _told_icb(provider: str, read: Extract) -> str:
    """That of a provider which the register does not have: it says it itself, in one way."""
    told = read.pathways["icb"].unique().to_list()
    if len(told) == 1:
        return str(told[0])
    if not told and len(read.faults):
        raise ExtractRefusedError(read.faults)
    raise ValueError(f"the register does not say in which ICB {provider} lies; load it first")


def _imported(read: Extract, icb: str | None, sent: _Sent) -> tuple[Import, ...]:
    if sent.provider != ALL:
        return (_import(read, icb or _told_icb(sent.provider, read), sent),)
    if sent.strict and len(read.faults):
        raise ExtractRefusedError(read.faults)
    return tuple(_import(part, each, sent) for each, part in _parts(read))


def _parts(read: Extract) -> Iterator[tuple[str, Extract]]:
    """Each ICB with its part of an extract of all providers."""
    told = sorted(read.pathways["icb"].unique().to_list())
    for each in told:
        yield each, read if len(told) == 1 else of_icb(read, each)


def _import(read: Extract, icb: str, sent: _Sent) -> Import:
    now = datetime.now(UTC)
    made = Import(
        id=sent.submission or UUID(ordered_keys(1, now)[0]),
        icb_code=icb,
        organisation_code="" if sent.provider == ALL else sent.provider,
        received_at=now,
        received_by=sent.by.id,
        digest=sent.digest,
        refused_pathways=read.refused,
    )
    with transaction.atomic():
        _alone(icb)
        before: Import | None = Import.objects.filter(pk=made.pk).first()
        if before:
            return before
        if sent.strict and len(read.faults):
            made.status = Import.Status.REFUSED
            taken = read.pathways["pathway"]
            note(made, read, Outcome(faults=read.faults, taken=taken), sent.by)
        else:
            writing.write(made, read, sent.by, sent.day, sent.progress)
    return made


def _alone(icb: str) -> None:
    """One import of an ICB at a time; on SQLite there is one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {icb}"])
