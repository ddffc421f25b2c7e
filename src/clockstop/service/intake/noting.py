"""What is kept of an import itself: what came of it, for each provider, its faults, the audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clockstop.analytics.engine.rows import with_constants
from clockstop.analytics.records.reading import Extract
from clockstop.analytics.records.shares import faults_of, of_nobody, shares, summed
from clockstop.service.audit.recording import Actor, record
from clockstop.service.intake.models import Import, ImportFault
from clockstop.service.pathways import bulk

if TYPE_CHECKING:
    import polars as pl

ACTION = "imported an extract"
_ALIKE = ("icb_code", "received_at", "received_by", "digest")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an extract; ``taken`` are pathways without a fault, by their keys in it."""

    faults: pl.DataFrame
    taken: pl.Series
    counts: pl.DataFrame = field(default_factory=lambda: summed([]))
    seal: str = ""


def note(made: Import, extract: Extract, outcome: Outcome, by: Actor) -> None:
    """Keep the import, its faults, and the audit's entry with the seal of its events.

    One of several providers has a part for each; a fault of which nobody can say whose it is
    stays with the whole.
    """
    if made.organisation_code:
        _keep(made, outcome.faults)
    else:
        _keep_parts(made, extract, outcome)
    record(
        ACTION,
        by,
        icb_code=made.icb_code,
        subject=("import", made.pk),
        detail={
            "provider": made.organisation_code,
            "files": made.digest,
            "status": str(made.status),
            "pathways": made.pathways,
            "events": made.events,
            "refused": made.refused_pathways,
            "seal": outcome.seal,
        },
    )


def _keep_parts(made: Import, extract: Extract, outcome: Outcome) -> None:
    faults = faults_of(outcome.faults, extract.told)
    _keep(made, of_nobody(faults), len(outcome.faults))
    alike = {name: getattr(made, name) for name in _ALIKE}
    for share in shares(extract.told, faults, outcome.taken, outcome.counts):
        part = Import(part_of=made, organisation_code=share.provider, **alike, **share.counts)
        _keep(part, share.faults)


def _keep(made: Import, faults: pl.DataFrame, total: int | None = None) -> None:
    """Keep an import with the faults that are its own, out of a ``total``."""
    made.faults = len(faults) if total is None else total
    if made.status != Import.Status.REFUSED:
        made.status = Import.Status.IN_PART if made.faults else Import.Status.DONE
    made.save(force_insert=True)
    if len(faults):
        rows = faults.select("file", "row", "column", "found", "expected")
        named = with_constants(rows, {"imported": made.pk.hex, "icb_code": made.icb_code})
        bulk.insert(ImportFault, named)
