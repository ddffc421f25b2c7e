"""A request for help from its making to its going out: need, consent, sign-offs, submission."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.transfers import policies, states
from clockstop.service.transfers.actions.aid.shared import (
    against_other_hub,
    against_standing,
    taken_up,
)
from clockstop.service.transfers.actions.stepping import (
    Hand,
    check,
    hand_of,
    note,
    refuse_if,
)
from clockstop.service.transfers.facts import facts_of, patients_facts, standing_of
from clockstop.service.transfers.models import AidRequest, Cohort, PatientRequest
from clockstop.service.transfers.models.aid import Kind, Reporter, Stage
from clockstop.service.transfers.references import new_reference
from clockstop.service.transfers.states import AID_ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What staff say of a need; None leaves what the records know, or what was said before.

    The names are those of the request's fields; ``cleared`` names those that are blank again.
    """

    cleared: frozenset[str] = frozenset()
    kind: Kind | None = None
    stage: Stage | None = None
    procedure: str | None = None
    diagnostic_test: str | None = None
    needed_by: date | None = None
    contrast: bool | None = None
    sedation: bool | None = None
    protocol: str | None = None
    result_within: int | None = None
    asa: int | None = None
    bmi: int | None = None
    comorbidities: tuple[str, ...] | None = None
    anaesthetic: str | None = None
    expected_stay: int | None = None
    critical_care: bool | None = None
    distance: int | None = None
    needs: tuple[str, ...] | None = None
    travel_support: bool | None = None
    asked_provider: str | None = None
    reported_by: Reporter | None = None
    commissioner_agreed: str | None = None
    shown_safe: str | None = None
    funding: str | None = None

    def said(self) -> dict[str, object]:
        """What was said, by field."""
        told = {name: getattr(self, name) for name in _SAID}
        return {name: value for name, value in told.items() if value is not None}


_SAID = tuple(each.name for each in fields(Needs) if each.name != "cleared")
NOTHING_MORE = Needs()
_BLANK = AidRequest()


@transaction.atomic
def create(
    *,
    actor: Actor,
    pathway_id: UUID,
    needs: Needs = NOTHING_MORE,
    cohort: Cohort | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """Draft a request from a pathway of the actor's provider, with what the records know.

    Raises Pathway.DoesNotExist and StepRefusedError.
    """
    pathway = Pathway.objects.visible_to(actor).select_related("patient").get(pk=pathway_id)
    request = _drafted(pathway.patient, pathway, pathway.organisation_code)
    request.cohort = cohort
    hand = hand_of(actor, request, minutes=minutes)
    return create_by(hand, request, needs)


@transaction.atomic
def create_direct(
    *,
    actor: Actor,
    patient_id: UUID,
    waiting_since: date,
    treatment_function: str = "",
    needs: Needs,
    minutes: int | None = None,
) -> AidRequest:
    """Draft a request for a direct-access test: no pathway, only its own diagnostic wait.

    Raises Patient.DoesNotExist and StepRefusedError.
    """
    patient = Patient.objects.visible_to(actor).get(pk=patient_id)
    if not patient.birth_date <= waiting_since <= timezone.localdate():
        words = "The day must lie between the day of birth and today"
        refuse_if([Refusal("DAY_OUT_OF_RANGE", words, "waiting_since")])
    request = _drafted(patient, None, actor.organisation_code)
    request.kind, request.stage = Kind.DIAGNOSTIC, Stage.DIAGNOSTIC
    request.waiting_since = waiting_since
    request.treatment_function = treatment_function
    hand = hand_of(actor, request, minutes=minutes)
    return create_by(hand, request, needs)


def create_by(hand: Hand, request: AidRequest, needs: Needs) -> AidRequest:
    """The same, of a request that is filled from the records and not saved yet."""
    _say(request, needs)
    refusals = [*_against_need(request), *_against_another(request)]
    check("create", hand, None, refusals, table=states.aid_requests())
    note("create", hand, request)
    return request


def open_for(
    hand: Hand, asked: PatientRequest, *, clinically_by: str, socially_by: str
) -> AidRequest:
    """Open the request for help that a patient's own request leads to, found suitable by two.

    The patient's asking is the consent. ``hand`` is whoever searches; the request is its ICB's
    alone until somebody widens it. Raises StepRefusedError.
    """
    pathway = asked.pathway
    request = _drafted(asked.patient, pathway, asked.organisation_code)
    request.patient_request = asked
    request.consent_at, request.consent_by = asked.asked_at or timezone.now(), "patient"
    request.suitable_clinically_by, request.suitable_socially_by = clinically_by, socially_by
    request.distance = None if asked.anywhere else asked.distance
    request.asked_provider = asked.chosen_provider
    said = Needs(needs=tuple(asked.needs), travel_support=asked.travel_support)
    create_by(hand, request, said)
    submit_by(hand, request)
    return request


@transaction.atomic
def change(
    *,
    actor: Actor,
    request_id: UUID,
    needs: Needs,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """Change a draft. Raises AidRequest.DoesNotExist, StaleError, BusyError, StepRefusedError."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    _say(request, needs)
    check("change", hand, request, _against_need(request))
    note("change", hand, request)
    return request


@transaction.atomic
def record_consent(
    *,
    actor: Actor,
    request_id: UUID,
    agrees: bool,
    distance: int | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """The patient was spoken with, and agrees to be seen elsewhere: how far is asked too."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    further = [] if agrees else [Refusal("NO_CONSENT", "Without their agreement nothing is asked")]
    check("record_consent", hand, request, further)
    request.consent_at, request.consent_by = timezone.now(), hand.by.id
    request.distance = distance
    check("record_consent", hand, request, _against_need(request))
    note("record_consent", hand, request)
    return request


@transaction.atomic
def sign_clinical(
    *,
    actor: Actor,
    request_id: UUID,
    acting_for: UUID | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """A clinician signs, or somebody for one, that the patient can safely be treated elsewhere."""
    hand, request = taken_up(actor, request_id, version, acting_for=acting_for, minutes=minutes)
    check("sign_clinical", hand, request)
    request.suitable_clinically_by = hand.clinician
    note("sign_clinical", hand, request)
    return request


@transaction.atomic
def sign_social(
    *,
    actor: Actor,
    request_id: UUID,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """Somebody signs that the patient can get there and home, and has what they need."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    check("sign_social", hand, request)
    request.suitable_socially_by = hand.by.id
    note("sign_social", hand, request)
    return request


@transaction.atomic
def submit(
    *, actor: Actor, request_id: UUID, version: int | None = None, minutes: int | None = None
) -> AidRequest:
    """Show the request to others. All that is missing is said at once."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    return submit_by(hand, request)


def submit_by(hand: Hand, request: AidRequest) -> AidRequest:
    """The same, of a request that is locked for this transaction."""
    today = timezone.localdate()
    standing = standing_of(request, today)
    ready = policies.Readiness(
        consent=request.consent_at is not None,
        clinical=bool(request.suitable_clinically_by),
        social=bool(request.suitable_socially_by),
        waiting=standing.waiting,
        review_due=standing.review_due,
        diagnostic=request.is_diagnostic,
        protocol=request.protocol,
        result_within=request.result_within,
        sender_reports=not request.is_diagnostic and request.reported_by == Reporter.SENDER,
        commissioner_agreed=request.commissioner_agreed,
        shown_safe=request.shown_safe,
    )
    check("submit", hand, request, policies.against_submitting(ready))
    request.expires_on = policies.open_until(today)
    note("submit", hand, request)
    return request


@transaction.atomic
def widen(
    *, actor: Actor, request_id: UUID, version: int | None = None, minutes: int | None = None
) -> AidRequest:
    """Show the request to the whole country's providers; one of cancer never."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    return widen_by(hand, request)


def widen_by(hand: Hand, request: AidRequest) -> AidRequest:
    """The same, of a request that is locked for this transaction."""
    further = [*against_other_hub(hand, request), *against_standing(request)]
    if request.is_cancer:
        words = "Cancer goes from clinician to clinician, never on the national board"
        further.append(Refusal("CANCER", words))
    if request.national:
        further.append(Refusal("NATIONAL_ALREADY", "The whole country sees it already"))
    check("widen", hand, request, further)
    request.national = True
    note("widen", hand, request)
    return request


def _drafted(patient: Patient, pathway: Pathway | None, organisation_code: str) -> AidRequest:
    now, today = timezone.now(), timezone.localdate()
    known = facts_of(pathway, today) if pathway else patients_facts(patient, today)
    return AidRequest(
        icb_code=pathway.icb_code if pathway else patient.icb_code,
        reference=new_reference("MA"),
        patient=patient,
        pathway=pathway,
        organisation_code=organisation_code,
        state_since=now,
        created_at=now,
        changed_at=now,
        **known,
    )


def _say(request: AidRequest, needs: Needs) -> None:
    for name in needs.cleared & set(_SAID):
        setattr(request, name, getattr(_BLANK, name))
    for name, value in needs.said().items():
        setattr(request, name, value)
    if request.is_diagnostic:
        request.stage = Stage.DIAGNOSTIC
        # A test, or an opinion: the sender keeps the clock, and reports (RTT guidance §11).
        request.reported_by = Reporter.SENDER
        if request.result_within is None:
            agreed = rulebook.on(timezone.localdate())["aid_result_within"]
            request.result_within = agreed.value
    elif request.is_cancer:
        request.stage = Stage.CANCER


def _against_need(request: AidRequest) -> list[Refusal]:
    values = {name: getattr(request, name) for name in _SAID}
    return [
        *policies.against_kind(
            diagnostic=request.is_diagnostic,
            test=request.diagnostic_test,
            function=request.treatment_function,
        ),
        *policies.against_numbers(values),
        *policies.against_lengths(values),
        *policies.against_codes(values),
    ]


def _against_another(request: AidRequest) -> list[Refusal]:
    """One live request for the treatment of a pathway, one for each of its tests."""
    if request.pathway is None:
        same = AidRequest.objects.filter(patient=request.patient, pathway=None)
    else:
        Pathway.objects.select_for_update().get(pk=request.pathway.pk)
        same = AidRequest.objects.filter(pathway=request.pathway)
    same = same.filter(kind=request.kind, diagnostic_test=request.diagnostic_test)
    found = same.exclude(state__in=AID_ENDED).first()
    if found is None:
        return []
    words = f"Help is asked for this already: {found.reference}"
    return [Refusal("ASKED_ALREADY", words)]
