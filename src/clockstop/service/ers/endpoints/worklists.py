"""A008, A023: what a practice and a provider have to do, by the rules that their pages use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.roles import PROVIDING, REFERRING
from clockstop.service.directory.models import HealthcareService
from clockstop.service.ers import systems
from clockstop.service.ers.endpoints.asking import number
from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.people import user_id_of
from clockstop.service.ers.resources.criteria import specialties
from clockstop.service.ers.resources.reasons import reason_coding
from clockstop.service.ers.resources.referrals import pathway_start, state_display
from clockstop.service.ers.unattended import count_worklist
from clockstop.service.fhir.building import Json, coding, concept, extension, instant, logical
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals.criteria import read as searched
from clockstop.service.referrals.models import Advice, Appointment, Document, Referral
from clockstop.service.referrals.provider import worklists as provider
from clockstop.service.referrals.referrer import worklists as referrer
from clockstop.service.referrals.states import State

_REQUEST = systems.profile("FetchWorklist-Parameters")
_ASSIGNED = ("ASSIGNED", "NOT_ASSIGNED")
_INDICATOR = systems.codes("AssignedIndicator")
_ADVICE = "ADVICE_AND_GUIDANCE_REQUESTS"
_FILTERS = (
    Named("service", "valueIdentifier", systems.SERVICE),
    Named("specialtyAssignedIndicator", "valueCodeableConcept", _INDICATOR, _ASSIGNED),
    Named("specialty", "valueCodeableConcept", systems.SPECIALTY),
    Named("location", "valueIdentifier", systems.PLACE),
    Named("clinicianAssignedIndicator", "valueCodeableConcept", _INDICATOR, _ASSIGNED),
    Named("clinician", "valueIdentifier", systems.USER_ID),
)
_DEFERRALS = {"NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM"}
# What a provider does who has looked at a referral, and what the list says of changes since.
_REVIEWS = {"accept", "reject", "accept_book_later", "return_with_advice", "cancel_action_later"}
_SINCE_REVIEW = {
    "NEVER_REVIEWED": "Never Reviewed",
    "LETTER_CHANGED": "Letter Changed",
    "PRIORITY_CHANGED": "Priority Changed",
    "PRIORITY_AND_LETTER_CHANGED": "Priority and Letter Changed",
}
_FILES = "letter_files"
_SCHEDULE = "appointments__slot__schedule__clinician_id"


@dataclass(frozen=True, slots=True)
class _List:
    """A published list: the rule of ours that finds it, and how a line of it is told."""

    extension: str
    rule: str
    is_providers: bool
    line: Callable[[Referral, str], Iterator[Json]]


@operation("A008")
def referrals(call: Call) -> Answer:
    """Referrals of one list, the most urgent first."""
    told = read(call.body, _REQUEST, (_list_type("ReferralListSelector", tuple(_LISTS)), *_FILTERS))
    wanted = _LISTS[told.pop("listType")]
    if call.actor.role not in (PROVIDING if wanted.is_providers else REFERRING):
        raise refuse("FORBIDDEN", "This list is the other side's", HTTPStatus.FORBIDDEN)
    if told and not wanted.is_providers:
        words = "Filters are for the lists of providers"
        raise ErsError(*(Refusal("UNEXPECTED_FIELD", f"'{name}': {words}") for name in told))
    if call.actor.is_application:
        _count(call, wanted, told.get("service"))
    rows = _rows(call, wanted).filter(_filtered(told)).distinct()
    found = rows.select_related("patient", "service").prefetch_related("steps", _letters(call))
    people: dict[str, Json] = {}
    return _answer([_entry(wanted, each, call.base, people) for each in found], people)


@operation("A023")
def advice(call: Call) -> Answer:
    """Questions that wait for the provider's answer."""
    told = read(
        call.body, _REQUEST, (_list_type("CommunicationListSelector", (_ADVICE,)), *_FILTERS)
    )
    told.pop("listType")
    if "clinicianAssignedIndicator" in told or "clinician" in told:
        raise refuse("INAPPROPRIATE_VALUE", "No clinician is named in a request for advice")
    rows = provider.advice_waiting(call.actor).filter(_filtered(told))
    return _answer(
        [_question(each, call.base) for each in rows.select_related("patient", "service")]
    )


def _letters(call: Call) -> Prefetch[str]:
    """What the practice sent with each referral, the earliest first."""
    files = Document.objects.visible_to(call.actor).filter(attached_as="REFERRER")
    return Prefetch("documents", files.defer("content").order_by("attached_at"), to_attr=_FILES)


def _count(call: Call, wanted: _List, service: str | None) -> None:
    """An application asks for a service of its organisation, and twice a day."""
    key = number(service)
    of = HealthcareService.objects.visible_to(call.actor)
    is_its = not call.actor.services or key in call.actor.services
    if service is not None and not (is_its and of.filter(pk=key or 0).exists()):
        raise refuse("NO_RELATIONSHIP", "'service' is none that the application is for")
    count_worklist(call.actor, wanted.extension, key)


def _list_type(system: str, codes: tuple[str, ...]) -> Named:
    name = "valueCodeableConcept"
    return Named("listType", name, systems.codes(system), codes, required=True)


def _rows(call: Call, wanted: _List) -> Any:
    if wanted.is_providers:
        return provider.found(provider.WORKLISTS[wanted.rule], call.actor, timezone.now())
    return referrer.found(referrer.WORKLISTS[wanted.rule], call.actor)


def _filtered(told: dict[str, Any]) -> Q:
    """The filters of a provider; a service always has a specialty."""
    wanted = Q()
    if "service" in told:
        wanted &= Q(service=number(told["service"]) or 0)
    if "location" in told:
        wanted &= Q(service__site_code=told["location"])
    if "specialty" in told:
        wanted &= Q(service__specialty=told["specialty"])
    if told.get("specialtyAssignedIndicator") == "NOT_ASSIGNED":
        wanted &= Q(service__specialty="")
    if "clinician" in told:
        wanted &= _named() & Q(**{_SCHEDULE: told["clinician"]})
    if "clinicianAssignedIndicator" in told:
        is_named = _named() & ~Q(**{_SCHEDULE: ""}) & Q(**{f"{_SCHEDULE}__isnull": False})
        wanted &= is_named if told["clinicianAssignedIndicator"] == "ASSIGNED" else ~is_named
    return wanted


def _named() -> Q:
    return Q(appointments__status=Appointment.Status.BOOKED)


def _answer(entries: list[Json], people: dict[str, Json] | None = None) -> Answer:
    return Answer(
        {
            "meta": {"profile": [systems.profile("FetchWorklist-List")]},
            "resourceType": "List",
            **({"contained": list(people.values())} if people else {}),
            "status": "current",
            "mode": "snapshot",
            "entry": entries,
        }
    )


def _entry(wanted: _List, row: Referral, base: str, people: dict[str, Json]) -> Json:
    lines = list(wanted.line(row, base))
    if wanted.rule == "to-review":  # this list alone contains its patients
        key = f"Patient-{row.patient.nhs_number}"
        people[key] = _patient(key, row.patient.nhs_number)
        lines.append({"url": "patient", "valueReference": {"reference": f"#{key}"}})
    else:
        lines.append(_who(row.patient.nhs_number))
    url = systems.extends(f"{wanted.extension}-WorkListItem")
    return {
        "extension": [extension(url, extension=lines)],
        "item": {"reference": f"ReferralRequest/{row.ubrn}"},
    }


def _patient(key: str, nhs_number: str) -> Json:
    return {
        "id": key,
        "meta": {"profile": [systems.profile("Patient")]},
        "resourceType": "Patient",
        "identifier": [{"system": systems.NHS_NUMBER, "value": nhs_number}],
    }


def _who(nhs_number: str) -> Json:
    return {"url": "patient", "valueReference": logical(systems.NHS_NUMBER, nhs_number)}


def _priority(value: str) -> Json:
    return _coded("priority", systems.PRIORITY, value.upper())


def _coded(url: str, system: str, code: str, display: str = "") -> Json:
    return {"url": url, "valueCodeableConcept": concept(system, code, display)}


def _provided(row: Referral | Advice, base: str) -> Iterator[Json]:
    yield _priority(row.priority)
    if row.service is not None:
        yield _coded("specialty", base + systems.SPECIALTY, row.service.specialty)
        service = logical(systems.SERVICE, str(row.service.pk), row.service.name)
        yield {"url": "service", "valueReference": service}


def _review(row: Referral, base: str) -> Iterator[Json]:
    yield from _provided(row, base)
    yield from _started(row)
    yield {"url": "clinicalInfoPrinted", "valueBoolean": False}  # nothing here prints it
    status = _since_review(row)
    system = systems.codes("RequestContextStatus")
    yield _coded("requestContextStatus", system, status, _SINCE_REVIEW[status])
    files = getattr(row, _FILES)
    if files:
        first, last = (instant(files[each].attached_at) for each in (0, -1))
        yield {"url": "clinicalInfoFirstSubmitted", "valueDateTime": first}
        if last != first:
            yield {"url": "clinicalInfoLastUpdated", "valueDateTime": last}
    kind = "TRIAGE_DEFERRAL" if row.state == State.AWAITING_TRIAGE else "APPOINTMENT"
    yield _coded("referralType", systems.codes("ReferralType"), kind)
    starts = getattr(row, "appointment_at", None)
    if starts:
        yield {"url": "appointmentStart", "valueDateTime": instant(starts)}
    yield {"url": "referralRequestVersion", "valueInteger": row.version}


def _since_review(row: Referral) -> str:
    """What changed since the provider reviewed the referral, if it did before.

    Where nothing changed it is to be reviewed for another appointment: never reviewed for that.
    """
    steps = [each for each in row.steps.all() if each.provider_code == row.provider_code]
    reviews = [each.at for each in steps if each.action in _REVIEWS]
    if not reviews:
        return "NEVER_REVIEWED"
    since = max(reviews)
    has_letter = any(each.attached_at > since for each in getattr(row, _FILES))
    has_priority = any(each.priority_was and each.at > since for each in row.steps.all())
    if has_letter and has_priority:
        return "PRIORITY_AND_LETTER_CHANGED"
    if has_letter:
        return "LETTER_CHANGED"
    return "PRIORITY_CHANGED" if has_priority else "NEVER_REVIEWED"


def _slot_issue(row: Referral, base: str) -> Iterator[Json]:
    yield from _provided(row, base)
    yield from _started(row)
    yield {"url": "clinicalInfoPrinted", "valueBoolean": False}
    yield {"url": "ubrnReceived", "valueDateTime": instant(row.changed_at)}
    if row.contact_by:
        yield {"url": "patientContactExpected", "valueDate": row.contact_by.isoformat()}
    is_there = bool(getattr(row, _FILES)) or bool(row.clinical_information.strip())
    status = "PRESENT" if is_there else "NOT_DUE" if row.letter_due else "NOT_APPLICABLE"
    yield _coded("clinicalInformationStatus", systems.codes("ClinicalInformationStatus"), status)
    if row.reason in _DEFERRALS:
        yield _coded("reason", systems.REVIEW_REASON, row.reason)


def _started(row: Referral) -> Iterator[Json]:
    start = pathway_start(row)
    if start:
        yield {"url": "eReferralPathwayStart", "valueDateTime": instant(start)}


def _practice(row: Referral, _base: str) -> Iterator[Json]:
    yield _priority(row.priority)
    yield {"url": "referralCreated", "valueDateTime": instant(row.created_at)}
    if context := _context(row):
        yield {"url": "clinicalContext", "valueString": context}
    referrer_id = logical(systems.USER_ID, user_id_of(row.referrer))
    yield {"url": "referrer", "valueReference": referrer_id}


def _context(row: Referral) -> str:
    """What it is about, as the lists have it: the specialty."""
    code = row.service.specialty if row.service else searched(row.criteria).specialty
    return specialties().get(code, code)


def _moved(row: Referral, base: str) -> Iterator[Json]:
    yield from _practice(row, base)
    yield {"url": "referralLastUpdated", "valueDateTime": instant(row.changed_at)}
    state = State(row.state)
    display = state_display(state)
    said = display if state is State.TRIAGE_RESPONSE else display.capitalize()
    code = state.value.replace("APPT_", "APP_")  # the lists spell both in their own way
    yield _coded("status", systems.STATE, code, said)


def _rejected(row: Referral, base: str) -> Iterator[Json]:
    yield from _moved(row, base)
    told = reason_coding(row.reason, State(row.state), base)
    if told and told["system"].endswith(systems.CANCELLATION):
        yield {"url": "reason", "valueCodeableConcept": {"coding": [told]}}


_LISTS = {
    "REFERRALS_FOR_REVIEW": _List("ReferralsforReview", "to-review", True, _review),
    "APPOINTMENT_SLOT_ISSUES": _List("AppointmentSlotIssues", "slot-issues", True, _slot_issue),
    "REJECTED_TRIAGE_RESPONSE": _List("RejectedTriageResponse", "returned", False, _rejected),
    "ASSESSMENT_RETURNED_CANCELLED_DNA": _List(
        "AssessmentReturnedCancelledDna", "missed", False, _moved
    ),
    "AWAITING_BOOKING": _List("AwaitingBooking", "awaiting-booking", False, _moved),
    "LETTERS_OUTSTANDING": _List("LettersOutstanding", "letters", False, _practice),
}


def _question(row: Advice, base: str) -> Json:
    status = coding(systems.codes("AdviceAndGuidanceStatus"), row.status)
    lines = [
        *_provided(row, base),
        _who(row.patient.nhs_number),
        {"url": "category", "valueCodeableConcept": {"coding": [status]}},
        {"url": "adviceFirstRequested", "valueDateTime": instant(row.created_at)},
        {"url": "adviceLastUpdated", "valueDateTime": instant(row.changed_at)},
        {"url": "referrer", "valueReference": logical(systems.USER_ID, user_id_of(row.referrer))},
        {"url": "communicationRequestVersion", "valueInteger": row.version},
    ]
    url = systems.extends("AdviceAndGuidanceRequests-WorkListItem")
    return {
        "extension": [extension(url, extension=lines)],
        "item": {"reference": f"CommunicationRequest/{row.ubrn}"},
    }
