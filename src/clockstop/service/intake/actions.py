"""Bringing in an extract of a hospital's system: read, check, match, write, audit.

Everything of an ICB is written in one transaction, so that whoever is killed leaves what was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from clockstop.analytics.records.faults import ExtractRefusedError
from clockstop.analytics.records.keys import ordered_keys
from clockstop.analytics.records.reading import Extract, of_icb, read_extract
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.intake import writing
from clockstop.service.intake.models import Import
from clockstop.service.registry.models import Organisation
from clockstop.service.tracking.refreshing import refresh_due

if TYPE_CHECKING:
    import polars as pl

ALL = "all"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an extract: the imports, one of each ICB, and all that was refused."""

    imports: tuple[Import, ...]
    faults: pl.DataFrame


def import_extract(
    actor: Actor | recording.Actor,
    extract: Path,
    *,
    provider: str,
    strict: bool = False,
    progress: Progress = lambda _: None,
) -> Imported:
    """Bring in the extract of a provider's system, or of ``all`` providers that it names.

    A pathway with a fault stays out as a whole; where it is ``strict``, so does everything. Raises
    PermissionDenied, ExtractRefusedError where the files are no extract, ValueError for a provider
    whose ICB nobody knows.
    """
    if isinstance(actor, Actor) and not rules.has_perm("intake.import", actor, provider):
        raise PermissionDenied
    by = actor.for_audit if isinstance(actor, Actor) else actor
    day = timezone.localdate()
    digest = _digest(extract)
    progress("Reading")
    read = read_extract(extract, provider=None if provider == ALL else provider, day=day)
    known = None if provider == ALL else _icb_of(provider, read)
    if strict and known is None and len(read.faults):
        raise ExtractRefusedError(read.faults)
    found = tuple(
        _import(part, icb, by, provider, digest, day, strict=strict, progress=progress)
        for icb, part in _parts(read, known)
    )
    progress("Refreshing the list")
    refresh_due(day)
    return Imported(found, read.faults)


def _digest(extract: Path) -> str:
    """A hash over the files, each with its name."""
    whole = hashlib.sha256()
    files = sorted(p for p in extract.rglob("*") if p.is_file()) if extract.is_dir() else [extract]
    for file in files:
        whole.update(file.name.encode())
        with file.open("rb") as content:
            whole.update(hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()


def _icb_of(provider: str, read: Extract) -> str:
    """By the register; a provider that it does not have says it itself, in one way."""
    registered = Organisation.objects.filter(pk=provider).values_list("icb_code", flat=True).first()
    told = read.pathways["icb"].unique().to_list()
    if registered:
        return str(registered)
    if len(told) == 1:
        return str(told[0])
    if not told and len(read.faults):
        raise ExtractRefusedError(read.faults)
    raise ValueError(f"the register does not say in which ICB {provider} lies; load it first")


def _parts(read: Extract, icb: str | None) -> Iterator[tuple[str, Extract]]:
    """Each ICB with its part; of several, nobody can say whose a row is that was refused."""
    told = [icb] if icb else sorted(read.pathways["icb"].unique().to_list())
    for each in told:
        yield each, read if len(told) == 1 else of_icb(read, each)


def _import(
    read: Extract,
    icb: str,
    by: recording.Actor,
    provider: str,
    digest: str,
    day: date,
    *,
    strict: bool,
    progress: Progress,
) -> Import:
    now = datetime.now(UTC)
    made = Import(
        id=UUID(ordered_keys(1, now)[0]),
        icb_code=icb,
        organisation_code="" if provider == ALL else provider,
        received_at=now,
        received_by=by.id,
        digest=digest,
        status=Import.Status.IN_PART if len(read.faults) else Import.Status.DONE,
        refused_pathways=read.refused,
        faults=len(read.faults),
    )
    with transaction.atomic():
        _alone(icb)
        if strict and len(read.faults):
            made.status = Import.Status.REFUSED
            writing.note(made, read.faults, by)
        else:
            writing.write(made, read, by, day, progress)
    return made


def _alone(icb: str) -> None:
    """One import of an ICB at a time; on SQLite there is one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {icb}"])
