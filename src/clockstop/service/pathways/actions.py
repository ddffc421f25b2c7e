"""The only writers of pathways: permission, policy, write, audit, in one transaction."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.core.rtt.events import Event
from clockstop.core.rtt.reading import read_event
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.audit import recording
from clockstop.service.pathways import deaths, policies, protections, reviews
from clockstop.service.pathways.clock import Effect, effect_of, event_id, events_of
from clockstop.service.pathways.entries import append
from clockstop.service.pathways.models import CareRelationship, Pathway, PathwayEvent, Patient
from clockstop.service.pathways.persons import locked_for_a_death
from clockstop.service.pathways.policies import Refusal
from clockstop.service.pathways.signals import pathway_changed, pathways_held


class EntryRefusedError(ValueError):
    """An entry that cannot be made; ``refusals`` are all the reasons. Nothing was written."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(each.words for each in refusals))
        self.refusals = refusals


def preview(
    *, actor: Actor, pathway: Pathway, values: Mapping[str, object], reason: str = ""
) -> Effect:
    """What an entry would do to the clock. Raises as ``record_event`` does; writes nothing."""
    entries = tuple(pathway.events.all())
    event = _checked(actor, pathway, entries, values, reason)
    return effect_of(entries, event, timezone.localdate())


@transaction.atomic
def record_event(
    *,
    actor: Actor,
    pathway: Pathway,
    values: Mapping[str, object],
    submission: UUID,
    reason: str = "",
    acting_for: UUID | None = None,
) -> PathwayEvent:
    """Enter what happened, or correct an earlier entry, on a pathway that the actor sees.

    ``values`` are the event as JSON, without ``id``; ``supersedes`` names the entry that it
    corrects and ``reason`` says why. A decision about care names the clinician of the same
    organisation who took it (``acting_for``), unless a clinician enters it. The same
    ``submission`` twice is one entry. Raises PermissionDenied and EntryRefusedError.
    """
    others = locked_for_a_death(pathway.patient) if protections.may_concern_a_death(values) else ()
    locked = Pathway.objects.select_for_update().get(pk=pathway.pk)
    if not others:
        pathways_held.send(sender=Pathway, pathways=(locked,), patients=())
    entries: tuple[PathwayEvent, ...] = tuple(locked.events.all())
    for entry in entries:
        if entry.submission == submission:
            return entry
    event = _checked(actor, locked, entries, values, reason)
    clinician = _clinician(actor, event, acting_for)
    entry = append(locked, event, actor.for_audit, submission, reason=reason, acting_for=clinician)
    _relate(locked, event, actor)
    if others:
        deaths.follow(locked, others, entries, actor.for_audit)
    reviews.open_if_not_brought(locked, event, entry, actor.for_audit)
    return entry


@transaction.atomic
def record_death(*, actor: Actor | recording.Actor, patient: Patient, day: date) -> None:
    """Note that a patient has died: on the person's records, and on each of their pathways.

    Another day than the one noted before corrects it. Without an account acts the system, which
    hears of deaths from the demographics service. Raises PermissionDenied, EntryRefusedError.
    """
    if isinstance(actor, Actor) and not rules.has_perm("pathways.record_death", actor, patient):
        raise PermissionDenied
    if not patient.birth_date <= day <= timezone.localdate():
        words = "The day must lie between the day of birth and today"
        raise EntryRefusedError((Refusal("day", words),))
    by = actor.for_audit if isinstance(actor, Actor) else actor
    deaths.tell(patient, locked_for_a_death(patient), day, by)


def _checked(
    actor: Actor,
    pathway: Pathway,
    entries: tuple[PathwayEvent, ...],
    values: Mapping[str, object],
    reason: str,
) -> Event:
    if not rules.has_perm("pathways.record", actor, pathway):
        raise PermissionDenied
    named = {"provider": actor.organisation_code, **values, "id": event_id(len(entries) + 1)}
    problems: list[str] = []
    event = read_event(named, "", problems)
    if event is None:
        raise EntryRefusedError(tuple(Refusal(*_parted(problem)) for problem in problems))
    earlier = {each.id: each for each in events_of(entries)}
    born = pathway.patient.birth_date
    against = (
        *policies.refusals(event, earlier, reason=reason, today=timezone.localdate()),
        *protections.about_children(event, values, born),
    )
    if against:
        raise EntryRefusedError(against)
    return protections.with_child_protected(event, born)


def _parted(problem: str) -> tuple[str, str]:
    field, _, words = problem.removeprefix(".").partition(": ")
    return field, words


def _clinician(actor: Actor, event: Event, acting_for: UUID | None) -> str:
    """The clinician whose decision it is. Raises EntryRefusedError where nobody is named."""
    if not policies.needs_a_clinician(event) or rules.has_perm("pathways.decide", actor):
        return ""
    clinicians = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=actor.organisation_code, role=Role.PROVIDER_CLINICIAN, person=acting_for
    )
    if acting_for is None or not clinicians.exists():
        raise EntryRefusedError((policies.nobody_named(event),))
    return str(acting_for)


def _relate(pathway: Pathway, event: Event, actor: Actor) -> None:
    """Bring in the organisation that the patient is handed to; it sees the pathway from now on."""
    joining = policies.joins(event)
    if joining:
        _begin(pathway, joining, timezone.localdate())
    if policies.takes_over(event) and pathway.organisation_code != actor.organisation_code:
        pathway.organisation_code = actor.organisation_code
        pathway.save(update_fields=("organisation_code",))
        pathway_changed.send(sender=Pathway, pathway=pathway)


def _begin(pathway: Pathway, organisation_code: str, day: date) -> None:
    CareRelationship.objects.get_or_create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        organisation_code=organisation_code,
        part=CareRelationship.Part.PROVIDER,
        ends=None,
        defaults={"starts": day},
    )
