"""Our records as UK Core: valid resources, nobody else's, searched and paged, refused with reasons."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from fhir.resources.R4B import get_fhir_model_class
from tests.service.people import (
    OTHER_HOSPITAL,
    OTHER_PRACTICE,
    PRACTICE,
    a_member,
    a_pathway,
    a_patient,
)
from tests.service.personal import personal_in_the_audit
from tests.service.referrals.made_up import a_referral, a_service, a_slot, booked

from clockstop.service.accounts import tokens
from clockstop.service.accounts.models import Person
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope
from clockstop.service.audit.models import Entry
from clockstop.service.registry.models import Site
from clockstop.service.ui.limits import Limit
from clockstop.service.ukcore.kinds import KINDS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def headers_of(role=Role.REFERRER, organisation=PRACTICE, scopes=(Scope.FHIR_READ,)):
    _, token = tokens.make(
        owner=a_member(role, organisation), name="test", scopes=scopes, lasts=DAY
    )
    return {"Authorization": f"Bearer {token}"}


def of_patient(patient):
    person = Person.objects.create(name=patient.name, nhs_number=patient.nhs_number)
    _, token = tokens.make(owner=person, name="test", scopes=[Scope.FHIR_READ], lasts=DAY)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def ask(client):
    def asked(path, headers=None, form=None):
        address = f"/fhir/R4/{path}"
        if form is None:
            response = client.get(address, headers=headers)
        else:
            response = client.post(address, form, headers=headers)
        assert response["Content-Type"] == "application/fhir+json"
        return response.status_code, response.json()

    return asked


def valid(resource):
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    return resource


def keys(bundle):
    return [each["resource"]["id"] for each in bundle["entry"]]


@pytest.fixture
def everything():
    """One of each kind, around a booked referral."""
    referral = booked(site_code="RAA01", site_name="North wing")
    service = referral.service
    Site.objects.create(
        code="RAA01", organisation=service.organisation, name="North wing", postcode="ZZ99 3VZ"
    )
    return referral


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_valid_by_the_model_of_fhir(ask, everything, kind):
    status, bundle = ask(kind, headers_of())
    assert status == 200
    valid(bundle)
    assert bundle["entry"], kind
    for entry in bundle["entry"]:
        resource = valid(entry["resource"])
        assert resource["meta"]["profile"] == [
            f"https://fhir.hl7.org.uk/StructureDefinition/UKCore-{kind}"
        ]
        status, alone = ask(f"{kind}/{resource['id']}", headers_of())
        assert (status, alone) == (200, resource)


def test_what_it_says_of_itself_is_valid_and_true(ask):
    status, statement = ask("metadata")
    assert status == 200
    valid(statement)
    told = {each["type"]: each for each in statement["rest"][0]["resource"]}
    assert set(told) == set(KINDS)
    for name, kind in KINDS.items():
        assert {each["name"] for each in told[name]["searchParam"]} == {"_id", *kind.parameters}


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.is_open])
def test_what_concerns_patients_needs_a_token_with_the_scope(ask, everything, kind):
    assert ask(kind)[0] == 401
    assert ask(kind, {"Authorization": "Bearer nonsense"})[0] == 401
    status, refused = ask(kind, headers_of(scopes=[Scope.ERS_READ]))
    assert (status, refused["resourceType"]) == (403, "OperationOutcome")
    valid(refused)


@pytest.mark.parametrize("kind", ["Patient", "ServiceRequest", "Appointment", "Task"])
def test_another_organisations_are_as_if_they_were_not_there(ask, everything, kind):
    (key,) = keys(ask(kind, headers_of())[1])
    for role, organisation in (
        (Role.REFERRER, OTHER_PRACTICE),
        (Role.PROVIDER_ADMINISTRATOR, OTHER_HOSPITAL),
        (Role.COMMISSIONER, "QAA"),
    ):
        headers = headers_of(role, organisation)
        assert ask(kind, headers)[1]["total"] == 0
        assert ask(f"{kind}/{key}", headers)[0] == 404


def test_a_patient_sees_their_own(ask, everything):
    other = booked()
    headers = of_patient(everything.patient)
    assert keys(ask("ServiceRequest", headers)[1]) == [str(everything.pk)]
    assert ask(f"ServiceRequest/{other.pk}", headers)[0] == 404


def test_a_record_marked_sensitive_has_no_address_and_no_portal(ask):
    patient = a_patient(sensitive=True)
    a_referral(a_service(), patient=patient)
    status, resource = ask(f"Patient/{patient.pk}", headers_of())
    assert status == 200
    assert "address" not in resource
    assert ask("ServiceRequest", of_patient(patient))[1]["total"] == 0


def test_a_person_is_named_by_a_form_and_never_in_an_address(ask):
    patient = a_patient()
    a_pathway(patient)
    status, refused = ask(f"Patient?identifier={patient.nhs_number}", headers_of())
    assert status == 400
    assert "_search" in refused["issue"][0]["diagnostics"]
    system = "https://fhir.nhs.uk/Id/nhs-number"
    form = {"identifier": f"{system}|{patient.nhs_number}"}
    status, bundle = ask("Patient/_search", headers_of(), form)
    assert (status, keys(bundle)) == (200, [str(patient.pk)])
    assert patient.nhs_number not in json.dumps(bundle["link"])


def test_opening_a_record_is_audited(ask, everything):
    before = Entry.objects.filter(action="read by a program").count()
    ask(f"ServiceRequest/{everything.pk}", headers_of())
    assert Entry.objects.filter(action="read by a program").count() == before + 1


def searches():
    entries = Entry.objects.filter(action="searched by a program").order_by("pk")
    return [(each.subject_kind, json.loads(each.detail)) for each in entries]


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.is_open])
def test_each_search_is_audited_once_with_what_was_asked_and_how_many_were_told(
    ask, everything, kind
):
    ask(f"{kind}?_count=100", headers_of())
    assert searches() == [(kind, {"asked": "_count=100", "told": 1})]
    ask(f"{kind}?_count=100", headers_of(Role.REFERRER, OTHER_PRACTICE))
    assert len(searches()) == 2


def test_the_audit_keeps_references_that_were_asked_for_and_no_names(ask, everything):
    patient = everything.patient
    ask(f"ServiceRequest?patient=Patient/{patient.pk}", headers_of())
    form = {"family": patient.family_name, "identifier": patient.nhs_number}
    ask("Patient/_search", headers_of(), form)
    assert searches() == [
        ("ServiceRequest", {"asked": f"patient=Patient%2F{patient.pk}", "told": 1}),
        ("Patient", {"asked": "family=&identifier=", "told": 1}),
    ]
    assert personal_in_the_audit() == []


@pytest.mark.parametrize("path", ["Organization", "Patient?_count=0", "Patient?family=A"])
def test_what_tells_nothing_of_patients_is_no_entry(ask, everything, path):
    ask(path, headers_of())
    assert searches() == []


def test_pages_follow_each_other_and_lose_nobody(ask):
    made = {str(a_referral(a_service()).pk) for _ in range(5)}
    headers, path, seen = headers_of(), "ServiceRequest?_count=2", []
    while path:
        _, bundle = ask(path, headers)
        assert bundle["total"] == 5
        seen += keys(bundle)
        links = {each["relation"]: each["url"] for each in bundle["link"]}
        path = links.get("next", "").partition("/fhir/R4/")[2]
    assert len(seen) == 5
    assert set(seen) == made


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Slot?status=free", 1),
        ("Slot?status=busy", 1),
        ("Slot?status=free,busy", 2),
        ("Slot?start=ge2020-01-01", 2),
        ("Slot?start=lt2020-01-01", 0),
        ("Appointment?status=booked", 1),
        ("Appointment?status=cancelled", 0),
        ("ServiceRequest?status=active", 1),
        ("ServiceRequest?status=revoked", 0),
        ("Task?owner=Organization/RAA", 1),
        ("Task?owner=RBB", 0),
        ("HealthcareService?specialty=110", 1),
        ("HealthcareService?specialty=120", 0),
        ("HealthcareService?organization=RAA&name=hip", 1),
    ],
)
def test_searching(ask, everything, path, found):
    a_slot(everything.service)
    assert ask(path, headers_of())[1]["total"] == found


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Slot?status=gone", "status: 'gone' is none of free, busy"),
        ("Slot?start=tomorrow", "start: 'tomorrow' is no day or moment"),
        ("Slot?start=9999-12-31", "start: '9999-12-31' is no day or moment"),
        ("Slot?colour=red", "colour: is no search parameter here"),
        ("Slot?_count=0", "_count: must be from 1 to 100"),
        ("Appointment?patient=Group/1", "patient: 'Group/1' is no Patient"),
        ("Appointment?patient=1", "patient: '1' is no UUID"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_the_reason(ask, path, words):
    status, refused = ask(path, headers_of())
    assert status == 400
    valid(refused)
    assert [each["diagnostics"] for each in refused["issue"]] == [words]


def test_all_that_is_wrong_is_said_at_once(ask):
    _, refused = ask("Slot?status=gone&colour=red&_count=1000", headers_of())
    assert len(refused["issue"]) == 3


def test_what_is_not_served_is_said(ask):
    assert ask("Observation", headers_of())[0] == 404
    assert ask("Slot/abc", headers_of())[0] == 404


def test_too_many_requests_are_told_as_an_outcome(ask, settings):
    settings.CLOCKSTOP_LIMITS = {"fhir": Limit(address=1, session=1)}
    cache.clear()
    assert ask("Organization")[0] == 200
    status, refused = ask("Organization")
    assert (status, refused["issue"][0]["code"]) == (429, "throttled")
    valid(refused)
