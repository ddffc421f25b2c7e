"""How an entry is added to a pathway: the row, the pathway's length, the audit."""

from datetime import UTC
from uuid import UUID

from django.utils import timezone

from clockstop.core.rtt.events import Event
from clockstop.core.rtt.reading import written
from clockstop.service.audit.recording import Actor, record
from clockstop.service.audit.sealing import canonical, digest
from clockstop.service.pathways.models import Pathway, PathwayEvent
from clockstop.service.pathways.signals import pathway_changed


def append(
    pathway: Pathway,
    event: Event,
    by: Actor,
    submission: UUID,
    *,
    reason: str = "",
    acting_for: str = "",
) -> PathwayEvent:
    """Add an event to a pathway that is locked; whether it may be was asked before."""
    entry = PathwayEvent.objects.create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        number=pathway.length + 1,
        kind=event.kind,
        day=event.day,
        values=canonical(written(event)),
        reason=reason.strip(),
        acting_for=acting_for,
        recorded_at=timezone.now(),
        recorded_by=by.id,
        recorded_role=by.role,
        organisation_code=by.organisation_code,
        submission=submission,
    )
    pathway.length = entry.number
    pathway.save(update_fields=("length",))
    record(
        "corrected an entry" if event.supersedes else "recorded an event",
        by,
        icb_code=pathway.icb_code,
        subject=("pathway", pathway.pk),
        detail={"entry": str(entry.pk), "number": entry.number, "holds": fingerprint(entry)},
    )
    pathway_changed.send(sender=Pathway, pathway=pathway)
    return entry


def fingerprint(entry: PathwayEvent) -> str:
    """A hash of all that an entry says: the audit keeps it, and so finds an altered entry."""
    said: dict[str, object] = {
        "pathway": str(entry.pathway_id),
        "number": entry.number,
        "kind": entry.kind,
        "day": entry.day.isoformat(),
        "values": entry.values,
        "reason": entry.reason,
        "acting_for": entry.acting_for,
        "at": entry.recorded_at.astimezone(UTC).isoformat(),
        "submission": str(entry.submission),
        "by": [entry.recorded_by, entry.recorded_role, entry.organisation_code],
    }
    if entry.batch:
        said |= {"batch": str(entry.batch), "source_number": entry.source_number}
    return digest(canonical(said))
