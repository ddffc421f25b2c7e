"""What a step of a referral enters on the patient's pathway: the clock is read from there alone."""

from datetime import date

from django.utils import timezone

from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import Service, SlotIssueListed, UbrnConverted
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.periods import Period
from clockstop.service.audit.recording import Actor, record
from clockstop.service.directory.choices import AppointmentType, Priority
from clockstop.service.directory.models import HealthcareService
from clockstop.service.pathways import handing
from clockstop.service.pathways.clock import clock_on, events_of
from clockstop.service.pathways.models import CareRelationship, Pathway
from clockstop.service.pathways.models import Priority as PathwayPriority
from clockstop.service.pathways.signals import pathway_changed, pathways_held
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.states import State

# Kinds of service that no consultant leads, or that assess before one does (§6, §7, §13); the rest
# are consultant-led. Which e-RS appointment types are which is a design choice.
_KINDS = {
    AppointmentType.DIAGNOSTIC: Service.DIRECT_ACCESS_TEST,
    AppointmentType.ASSESSMENT_SERVICE: Service.ASSESSMENT,
    AppointmentType.TELEPHONE_ASSESSMENT: Service.ASSESSMENT,
    AppointmentType.NURSE_CLINIC: Service.NOT_CONSULTANT_LED,
    AppointmentType.AHP_CLINIC: Service.NOT_CONSULTANT_LED,
    AppointmentType.GPSI: Service.NOT_CONSULTANT_LED,
}
_PRIORITIES = {
    Priority.ROUTINE: PathwayPriority.ROUTINE,
    Priority.URGENT: PathwayPriority.URGENT,
    Priority.TWO_WEEK_WAIT: PathwayPriority.SUSPECTED_CANCER,
}

# Where it is the practice that sends a referral on, so that one whose clock stopped is a new one.
_SENT_ANEW = {
    State.NOT_BOOKED,
    State.REJECTED,
    State.TRIAGE_RESPONSE,
    State.ASSESSMENT_RESULT,
}


def kind_of(service: HealthcareService) -> Service:
    """What the service is by the rules of the clock."""
    return _KINDS.get(AppointmentType(service.appointment_type), Service.CONSULTANT_LED)


def convert(referral: Referral, service: HealthcareService, by: Actor, *, deferred: bool) -> None:
    """The booking reference is used at a service: begin the pathway, or carry it there.

    ``deferred``: no slot could be booked, so that it goes on the slot issue list instead (§3.2). A
    test that a practice asks for directly has no pathway. Whoever had it before hands it over. One
    that the practice sends anew after its clock stopped, or that was nullified, starts another.
    """
    kind = kind_of(service)
    if kind is Service.DIRECT_ACCESS_TEST or not service.treatment_function:
        return
    provider, values = service.organisation_id, {"ubrn": referral.ubrn, "service": kind.value}
    if referral.pathway is None:
        referral.pathway = _begin(referral, service)
        if referral.supplied_start:
            values["original_start"] = referral.supplied_start.isoformat()
    elif referral.pathway.organisation_code == provider:
        last = _last_period(referral.pathway)
        if last and last.nullified:
            enter(referral, by, "rebook_requested")
        if last and (last.runs or last.nullified or referral.state not in _SENT_ANEW):
            return
    else:
        handing.hand_over(referral.pathway, provider)
    how = "slot_issue_listed" if deferred else "ubrn_converted"
    enter(referral, by, how, day=None, **values)


def enter(
    referral: Referral, by: Actor, kind: str, /, *, day: date | None = None, **values: object
) -> None:
    """Add an event to the referral's pathway, if it has one; who may was asked before."""
    if referral.pathway is None:
        return
    referral.pathway = handing.enter(referral.pathway, by, kind, day=day, **values)


def follow_priority(referral: Referral, before: Priority, by: Actor) -> None:
    """The pathway is as urgent as its referral, which was ``before`` and is something else now.

    A pathway whose priority the hospital has changed since stays as the hospital has it. No clock
    depends on it: the priority is no event.
    """
    if referral.pathway is None:
        return
    pathway = Pathway.objects.select_for_update().get(pk=referral.pathway.pk)
    if pathway.priority != _PRIORITIES[before]:
        return
    pathways_held.send(sender=Pathway, pathways=(pathway,), patients=())
    pathway.priority = _PRIORITIES[Priority(referral.priority)]
    pathway.save(update_fields=("priority",))
    referral.pathway = pathway
    detail = {"before": _PRIORITIES[before].value, "after": pathway.priority}
    subject = ("pathway", pathway.pk)
    record(
        "pathway: changed priority", by, icb_code=pathway.icb_code, subject=subject, detail=detail
    )
    pathway_changed.send(sender=Pathway, pathway=pathway)


def _last_period(pathway: Pathway) -> Period | None:
    """The clock that runs, or the one that ran last."""
    periods = clock_on(pathway.events.all(), timezone.localdate()).periods
    return periods[-1] if periods else None


def _begin(referral: Referral, service: HealthcareService) -> Pathway:
    identifier = PathwayId.from_ubrn(referral.ubrn)
    pathway = Pathway.objects.create(
        icb_code=referral.patient.icb_code,
        patient=referral.patient,
        identifier=identifier.number,
        issuer=identifier.issuer,
        organisation_code=service.organisation_id,
        treatment_function=service.treatment_function,
        condition=referral.condition,
        priority=_PRIORITIES[Priority(referral.priority)],
    )
    parts = CareRelationship.Part
    handing.relate(pathway, service.organisation_id, parts.PROVIDER)
    handing.relate(pathway, referral.organisation_code, parts.REFERRER)
    return pathway


def withdraw(referral: Referral, by: Actor) -> None:
    """Take back how a referral made in error began its pathway: the entries stay visible."""
    if referral.pathway is None:
        return
    counting = settle(events_of(referral.pathway.events.all())).counting
    for event in counting:
        if isinstance(event, UbrnConverted | SlotIssueListed):
            enter(referral, by, "entry_withdrawn", day=event.day, supersedes=event.id)
