"""What steps of other contexts write on a pathway: an event, and whose the pathway is.

Who may was asked before; each is part of the caller's transaction.
"""

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from clockstop.core.rtt.reading import read_event
from clockstop.service.audit.recording import Actor
from clockstop.service.pathways.clock import event_id
from clockstop.service.pathways.entries import append
from clockstop.service.pathways.models import CareRelationship, Pathway


def enter(
    pathway: Pathway, by: Actor, kind: str, /, *, day: date | None = None, **values: object
) -> Pathway:
    """Add an event to a pathway, of today and of its provider unless told; the locked row."""
    held: Pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    told = {
        "id": event_id(held.length + 1),
        "kind": kind,
        "day": (day or timezone.localdate()).isoformat(),
        "provider": held.organisation_code,
        **values,
    }
    problems: list[str] = []
    event = read_event(told, "", problems)
    if event is None:
        raise ValueError(f"{kind}: {'; '.join(problems)}")
    append(held, event, by, uuid4())
    return held


def hand_over(pathway: Pathway, provider: str) -> None:
    """Another provider has the pathway from today; the one before sees it until tonight."""
    held = pathway.relationships.filter(part=CareRelationship.Part.PROVIDER, ends=None)
    for each in held.exclude(organisation_code=provider).values_list(
        "organisation_code", flat=True
    ):
        part_with(pathway, each)
    relate(pathway, provider, CareRelationship.Part.PROVIDER)
    pathway.organisation_code = provider
    pathway.save(update_fields=("organisation_code",))


def relate(pathway: Pathway, organisation_code: str, part: CareRelationship.Part) -> None:
    """Let an organisation take part in a pathway from today, if it does not yet."""
    theirs = pathway.relationships.filter(organisation_code=organisation_code, part=part)
    if theirs.filter(ends=None).exists():
        return
    today = timezone.localdate()
    if theirs.filter(starts=today).update(ends=None):  # one that was to end today or tomorrow
        return
    CareRelationship.objects.create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        organisation_code=organisation_code,
        part=part,
        starts=today,
    )


def part_with(pathway: Pathway, provider: str) -> None:
    """A provider takes part no longer; it sees the pathway until tonight."""
    part = CareRelationship.Part.PROVIDER
    held = pathway.relationships.filter(part=part, organisation_code=provider, ends=None)
    held.update(ends=_tomorrow())


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)
