"""A referral as a ReferralRequest, with its shortlist, appointment and files in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time

from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.ers import systems
from clockstop.service.ers.resources import appointments, criteria, documents
from clockstop.service.ers.resources.criteria import priority_display, specialties
from clockstop.service.ers.resources.reasons import reason_coding
from clockstop.service.fhir.building import (
    Json,
    coding,
    concept,
    extension,
    identifier,
    instant,
    logical,
    whole,
)
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.criteria import Limits, limits_read, read
from clockstop.service.referrals.models import Document, Referral
from clockstop.service.referrals.states import WITH_PROVIDER, State

_DISPLAYS = {
    State.REJECTED: "Rejected",
    State.CANCELLED_REFERRAL: "Cancelled Referral",
    State.DID_NOT_ATTEND: "Did Not Attend",
    State.ASSESSMENT_RESULT: "Assessment Result",
    State.TRIAGE_RESPONSE: "Triage Response",
    State.APPT_CANCELLED_BY_PROVIDER: "Appointment Cancelled By Provider",
    State.APPT_CANCELLED_BY_PATIENT: "Appointment Cancelled By Patient",
    State.AWAITING_TRIAGE: "Awaiting Triage",
    State.NOT_BOOKED: "Not Booked",
    State.DEFERRED_TO_PROVIDER: "Deferred To Provider",
    State.BOOKED: "Booked",
    State.TRIAGED_PROVIDER_TO_ACTION: "Triaged - Provider To Action",
}
_SHORTLIST = "shortlist"
_APPOINTMENT = "appointment"


def resource(referral: Referral, actor: Actor, base: str) -> Json:
    """The whole resource of a referral as it stands, for somebody who sees it."""
    held = appointments.current(referral)
    kept = Document.objects.visible_to(actor).filter(referral=referral)
    files = list(kept.defer("content").order_by("attached_at"))
    return whole(
        {
            "id": referral.ubrn,
            "meta": {
                "versionId": str(referral.version),
                "profile": [systems.profile("ReferralRequest")],
            },
            "resourceType": "ReferralRequest",
            "extension": list(_extensions(referral, held, files, base)),
            "contained": list(_contained(referral, held, files, base)),
            "status": "active" if referral.is_open else "cancelled",
            "specialty": _specialty(referral, base),
            "subject": logical(systems.NHS_NUMBER, referral.patient.nhs_number),
            "supportingInfo": list(_supporting(referral, files)),
            "intent": "plan",
            "identifier": [identifier(systems.REQUEST, f"r.{referral.pk}")],
        }
    )


def _extensions(
    referral: Referral,
    held: appointments.Current | None,
    files: list[Document],
    base: str,
) -> Iterator[Json]:
    if held:
        yield _pointing("Appointment", f"#{_APPOINTMENT}")
        yield _pointing("Appointment-Reference", f"Appointment/{held.key}")
    if files:
        first, last = instant(files[0].attached_at), instant(files[-1].attached_at)
        yield extension(systems.extends("ClinicalInfoFirstSubmitted"), valueDateTime=first)
        if last != first:
            yield extension(systems.extends("ClinicalInfoLastUpdated"), valueDateTime=last)
    started = pathway_start(referral)
    if started:
        yield extension(systems.extends("eReferralPathwayStart"), valueInstant=instant(started))
    yield priority(referral.priority)
    yield _pointing("ReferralShortlist", f"#{_SHORTLIST}")
    yield extension(
        systems.extends("Commissioning-Rule-Org"),
        valueIdentifier=identifier(systems.ODS, referral.icb_code),
    )
    yield extension(systems.extends("ReferralState"), extension=list(_state(referral, base)))
    for each in referral.additional_requirements:
        told = coding(systems.codes("AdditionalRequirementType"), each, each.capitalize())
        yield extension(systems.extends("PatientAdditionalRequirement"), valueCoding=told)


def _pointing(name: str, reference: str) -> Json:
    return extension(systems.extends(name), valueReference={"reference": reference})


def priority(value: str) -> Json:
    """The extension that says how urgent a request is."""
    code = value.upper()
    told = concept(systems.PRIORITY, code, priority_display(code))
    return extension(systems.extends("ReferralPriority"), valueCodeableConcept=told)


def pathway_start(referral: Referral) -> datetime | None:
    """When the pathway started: as the referrer said, else when the reference was first used."""
    if referral.supplied_moment:
        return referral.supplied_moment
    if referral.supplied_start:
        return timezone.make_aware(datetime.combine(referral.supplied_start, time()))
    used = [each for each in referral.steps.all() if each.after in WITH_PROVIDER]
    return min(each.at for each in used) if used else None


def state_display(state: State) -> str:
    """A state as it is displayed."""
    return _DISPLAYS[state]


def state_coding(state: State) -> Json:
    """The state of a referral."""
    return coding(systems.STATE, state.value, _DISPLAYS[state])


def _state(referral: Referral, base: str) -> Iterator[Json]:
    state = State(referral.state)
    yield {"url": "state", "valueCoding": state_coding(state)}
    reason = reason_coding(referral.reason, state, base)
    if reason:
        yield {"url": "reason", "valueCoding": reason}
    if referral.comment:
        yield {"url": "comments", "valueString": referral.comment}


def _contained(
    referral: Referral,
    held: appointments.Current | None,
    files: Iterable[Document],
    base: str,
) -> Iterator[Json]:
    yield criteria.resource(read(referral.criteria), base, _limits(referral))
    rows = referral.shortlist.filter(replaced=False).select_related("service")
    yield shortlist([(each.service_id, each.service.name) for each in rows])
    if held:
        yield appointments.resource(held, base, _APPOINTMENT)
    for each in files:
        yield documents.resource(each)


def _limits(referral: Referral) -> Limits:
    """How near and how soon the search looked, without where somebody lives if that is hidden."""
    limits = limits_read(referral.limits)
    hides = not shows_address(referral.patient)
    return replace(limits, postcode="", miles=None) if hides else limits


def shortlist(services: Iterable[tuple[int, str]]) -> Json:
    """A shortlist, in the patient's order."""
    said = {"reference": "#serviceSearchCriteria"}
    return {
        "id": _SHORTLIST,
        "meta": {"profile": [systems.profile("Shortlist-List")]},
        "resourceType": "List",
        "extension": [
            extension(systems.extends("Shortlist-SearchCriteria"), valueReference=said),
        ],
        "status": "current",
        "mode": "snapshot",
        "entry": [
            {"item": {"identifier": identifier(systems.SERVICE, str(key)), "display": name}}
            for key, name in services
        ],
    }


def _specialty(referral: Referral, base: str) -> Json | None:
    if referral.service is None:
        return None
    code = referral.service.specialty
    return concept(base + systems.SPECIALTY, code, specialties().get(code, ""))


def _supporting(referral: Referral, files: Iterable[Document]) -> Iterator[Json]:
    for each in files:
        yield {"reference": f"#{documents.key_of(each)}"}
    if referral.from_advice:
        yield {"reference": f"CommunicationRequest/{referral.from_advice.ubrn}"}
