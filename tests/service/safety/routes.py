"""Every address of the site, and somebody else's record behind each kind of parameter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, get_resolver
from django.utils import timezone
from tests.service.directory.made_up import a_service
from tests.service.intake.extracts import an_import
from tests.service.people import (
    LONG_AGO,
    OTHER_HOSPITAL,
    OTHER_ICB,
    OTHER_PRACTICE,
    a_member,
    a_pathway,
    a_patient,
    an_event,
)
from tests.service.portal.made_up import a_change_request
from tests.service.referrals.made_up import a_referral, a_referrer
from tests.service.returns.made_up import a_return
from tests.service.transfers import made_up as aid
from tests.service.transfers.asking.asked import an_asked_request

from clockstop.service.accounts.models import Delegation, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.models import Pathway, Patient, Review
from clockstop.service.pathways.reviews import open_review
from clockstop.service.portal.models import Campaign
from clockstop.service.referrals.actions import ask
from clockstop.service.referrals.models import Document
from clockstop.service.tracking.models import SavedView
from clockstop.service.transfers.actions import matching
from clockstop.service.transfers.models import TransferDocument
from clockstop.service.transfers.states import Asked

# Pages for everybody: what is not named here must be behind a guard. A trailing star stands for
# whatever follows.
PUBLIC = (
    "",
    "compare/",
    "about-the-data/",
    "providers/*",
    "organisations/",
    "organisations/<str:code>/",
    "figures/*",
    "^figures/*",
    "england/",
    "api/",
    "api/v1/*",
    "api/mutual-aid/v1/*",  # behind tokens: tests/service/transfers/aid/test_api.py
    "aggregator/FHIR/R4/*",  # by tokens of NHS login, which tests of its own hold to the same
    "fhir/R4/*",  # by tokens, which tests of its own hold to the same
    "referrals/patient-care/*",  # behind tokens of patients: tests/service/ers/test_patient_care.py
    "referrals/FHIR/*",  # behind tokens of programs: see tests/service/ers/test_gate.py
    "check-message/",  # says of a code whether a message with it came from here
    "treated-sooner/",  # opens one request, by the code of its invitation and date of birth
    "treated-sooner/close/",
    "treated-sooner/open/*",
    "mutual-aid/open-data/*",  # counts under the small-number rule: tests/service/transfers/measures
    "mutual-aid/FHIR/*",  # behind tokens of programs: tests/service/transfers/moving/test_messages.py
    "booking/*",  # opens one referral, by its reference, access code and date of birth
    "healthz",
    "readyz",
    "sign-in/",
    "sign-in/role/",
    "sign-in/demo/",
    "sign-in/<way:way>/",
    "sign-in/<way:way>/back/",
    "sign-out/",
    "signed-out/",
)


@dataclass(frozen=True)
class Route:
    """One address of the site; ``roles`` is None where it is for everybody."""

    pattern: str
    name: str
    parameters: frozenset[str]
    roles: frozenset[Role] | None

    @property
    def is_named_public(self) -> bool:
        return any(
            self.pattern.startswith(each[:-1]) if each.endswith("*") else self.pattern == each
            for each in PUBLIC
        )


def every_route(resolver: Any = None, before: str = "", known: Any = None) -> Iterator[Route]:
    for each in (resolver or get_resolver()).url_patterns:
        pattern = before + str(each.pattern)
        parameters = (known or frozenset()) | frozenset(each.pattern.converters)
        if isinstance(each, URLPattern):
            named = frozenset(each.pattern.regex.groupindex) if "(?P<" in pattern else frozenset()
            roles = getattr(each.callback, "guarded_for", None)
            yield Route(pattern, each.name or "", parameters | named, roles)
        else:
            yield from every_route(each, pattern, parameters)


GUARDED = [route for route in every_route() if route.roles is not None]


@dataclass(frozen=True)
class Elsewhere:
    """A patient of another hospital, practice and ICB, and what hangs on them."""

    patient: Patient
    pathway: Pathway
    review: Review
    delegation: Delegation
    membership: Any
    view: SavedView

    @property
    def traces(self) -> tuple[str, ...]:
        """What must stand on no page of anybody else."""
        patient = self.patient
        return (
            patient.family_name,
            patient.nhs_number,
            patient.number.spaced,
            patient.address,
            patient.postcode,
            self.pathway.identifier,
            self.pathway.condition,
        )


def somebody_elsewhere() -> Elsewhere:
    patient = a_patient(
        OTHER_ICB,
        family_name="Featherstonehaugh",
        address="7 Hidden Lane",
        postcode="ZZ99 7ZZ",
        practice_code=OTHER_PRACTICE,
    )
    pathway = a_pathway(patient, OTHER_HOSPITAL, OTHER_PRACTICE, condition="Zebra stripes")
    an_event(pathway, "referral_received", date(2025, 1, 6))
    delegation = Delegation.objects.create(
        icb_code=OTHER_ICB,
        carer=Person.objects.create(name="Carer Featherstonehaugh"),
        nhs_number=patient.nhs_number,
        starts=LONG_AGO,
        ends=date(2099, 1, 1),
    )
    return Elsewhere(
        patient,
        pathway,
        open_review(pathway, Review.Kind.NOT_BROUGHT, SYSTEM, about="e1", safeguarding=True),
        delegation,
        a_member(Role.ADMINISTRATOR, OTHER_HOSPITAL, OTHER_ICB),
        SavedView.objects.create(
            person=str(uuid4()), organisation_code=OTHER_HOSPITAL, name="Zebra view"
        ),
    )


def somebody_else() -> Patient:
    """A patient of a third practice, with the same name."""
    return a_patient("QCC", family_name="Featherstonehaugh", practice_code="A81003")


def waits_elsewhere() -> Pathway:
    """A pathway of a third practice at a third hospital."""
    return aid.waits(somebody_else(), organisation_code="RCC", practice="A81003")


def a_referral_elsewhere() -> Any:
    """One of a third practice to a third hospital."""
    patient = somebody_else()
    service = a_service("RCC", takes_triage=True)
    return a_referral(service, patient=patient, actor=a_referrer("A81003"), triage=True)


def advice_elsewhere() -> Any:
    """A question of a third practice to a third hospital."""
    return ask(
        actor=a_referrer("A81003"),
        patient=somebody_else(),
        service_id=a_service("RCC", takes_advice=True).pk,
        question="Zebra stripes?",
    )


def a_document_elsewhere() -> Any:
    referral = a_referral_elsewhere()
    return Document.objects.create(
        icb_code=referral.icb_code,
        referral=referral,
        title="Zebra letter",
        content_type="application/pdf",
        size=1,
        content=b"%",
        attached_at=referral.created_at,
        attached_by=referral.referrer,
        organisation_code=referral.organisation_code,
        attached_as="REFERRER",
    )


def an_offer_elsewhere() -> Any:
    """A place of a fourth hospital for the patient of a third."""
    request = aid.an_open_request(waits_elsewhere())
    return aid.an_offer(
        request, aid.a_capacity("RDD", aid.a_manager("RDD", "QCC")), aid.a_clinician("RDD", "QCC")
    )


def a_campaign_elsewhere() -> Any:
    """One of a third ICB."""
    return Campaign.objects.create(
        icb_code="QCC",
        name="Zebra campaign",
        right="first_appointment",
        reached=1,
        begun_at=timezone.now(),
        begun_by="test",
    )


def asked_elsewhere() -> Any:
    """A request of a patient of a third hospital."""
    return an_asked_request(Asked.REQUESTED, waits_elsewhere())


def a_match_elsewhere() -> Any:
    """A place that was proposed to the hub of a third ICB."""
    request = aid.an_open_request(waits_elsewhere())
    aid.a_capacity("RDD", aid.a_manager("RDD", "QCC"))
    return matching.run("QCC", SYSTEM).matches.get(request=request)


def a_transfer_elsewhere() -> Any:
    """One from a third hospital to a fourth, as far as their practice is told of it."""
    return aid.transferred(an_offer_taken_elsewhere())


def an_offer_taken_elsewhere() -> Any:
    request = aid.an_open_request(waits_elsewhere())
    capacity = aid.a_capacity("RDD", aid.a_manager("RDD", "QCC"))
    return aid.accepted(request, capacity, by=aid.a_clinician("RDD", "QCC"))


def a_notice_elsewhere() -> Any:
    return a_transfer_elsewhere().notices.get()


def a_sheet_elsewhere() -> Any:
    transfer = a_transfer_elsewhere().transfer
    return TransferDocument.objects.create(
        icb_code=transfer.icb_code,
        transfer=transfer,
        title="Zebra letter",
        content_type="application/pdf",
        size=1,
        content=b"%",
        organisation_code=transfer.sender_code,
        attached_at=transfer.started_at,
        attached_by="test",
    )


# Somebody else's record for each parameter of an address. A parameter that is not here fails the
# tests: a new kind of address is tested from its first day.
MAKERS: Mapping[str, Any] = {
    "pathway_id": lambda other: other.pathway.pk,
    "patient_id": lambda other: other.patient.pk,
    "review_id": lambda other: other.review.pk,
    "membership_id": lambda other: other.membership.pk,
    "delegation_id": lambda other: other.delegation.pk,
    "import_id": lambda _: an_import("RCC", "QCC").pk,
    "return_id": lambda _: a_return("RCC", "QCC").pk,
    "service_id": lambda _: a_service("RCC").pk,
    "referral_id": lambda _: a_referral_elsewhere().pk,
    "advice_id": lambda _: advice_elsewhere().pk,
    "document_id": lambda _: a_document_elsewhere().pk,
    "act": lambda _: "accept-book-later",
    "name": lambda _: "faults.csv",
    "number": lambda _: 1,
    "kind": lambda _: "death",
    "campaign_id": lambda _: a_campaign_elsewhere().pk,
    "request_id": lambda other: a_change_request(other.pathway).pk,
    "asked_id": lambda _: asked_elsewhere().pk,
    "view_id": lambda other: other.view.pk,
    "aid_id": lambda _: an_offer_elsewhere().request.pk,
    "offer_id": lambda _: an_offer_elsewhere().pk,
    "match_id": lambda _: a_match_elsewhere().pk,
    "capacity_id": lambda _: an_offer_elsewhere().capacity.pk,
    "notice_id": lambda _: a_notice_elsewhere().pk,
    "sheet_id": lambda _: a_sheet_elsewhere().pk,
    "sheet": lambda _: "no-such-sheet",
    "worklist": lambda _: "no-such-list",
    "extension": lambda _: "pdf",
}


def sent() -> dict[str, str]:
    """A form with something in every field that the pages ask for."""
    day = {"day": "3", "month": "2", "year": "2025"}
    return {
        "submission": str(uuid4()),
        "length": "1",
        "kind": "death",
        "outcome": "decided",
        "why": "Typing error",
        "reason": "Typing error",
        "confirm": "yes",
        "text": "A note",
        "save": "yes",
        "ends": "2025-02-03",
        **{f"{name}-{part}": text for name in ("day", "ends") for part, text in day.items()},
        **{f"{name}_{part}": text for name in ("day", "ends") for part, text in day.items()},
    }
