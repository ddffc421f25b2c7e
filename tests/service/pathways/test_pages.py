"""Lists, one pathway, and who has seen it: for each kind of person who may look."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    a_member,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
    roles_at,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)

from clockstop.service.accounts.roles import PUBLIC, STAFF, Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways.actions import record_event
from clockstop.service.pathways.models import Patient
from clockstop.service.registry.models import Kind, Organisation

pytestmark = pytest.mark.django_db
SEES = {
    Role.WAITING_LIST_MANAGER,
    Role.PROVIDER_ADMINISTRATOR,
    Role.PROVIDER_CLINICIAN,
    Role.REFERRER,
    Role.REFERRING_ADMINISTRATOR,
    Role.ICB_HUB,
}
RECORDS = {Role.WAITING_LIST_MANAGER, Role.PROVIDER_ADMINISTRATOR, Role.PROVIDER_CLINICIAN}


def text(response) -> str:
    return response.content.decode()


def words(response) -> str:
    """What is read on the page, without its tags."""
    main = re.search(r"<main.*</main>", text(response), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def page_of(pathway, part: str = "pathway") -> str:
    return reverse(part, kwargs={"pathway_id": pathway.pk})


def a_client(role: Role = Role.WAITING_LIST_MANAGER, organisation_code: str = "") -> Client:
    return signed_in(Client(), a_member(role, organisation_code or roles_at(role)[0]))


def a_wait(weeks: int = 20, **patient):
    pathway = a_pathway(a_patient(**patient))
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=weeks))
    return pathway


@pytest.mark.parametrize("role", sorted(STAFF))
def test_each_role_of_staff_finds_its_list_or_is_told_that_it_has_none(role):
    pathway = a_wait()
    page = words(a_client(role).get("/pathways/"))
    assert (pathway.patient.family_name in page) is (role in SEES)
    assert ("No patients' records are open to your role" in page) is (role not in SEES)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_pathway_opens_to_the_roles_that_see_it_and_to_nobody_elsewhere(role):
    pathway = a_wait()
    own, other = roles_at(role)
    response = a_client(role, own).get(page_of(pathway))
    assert response.status_code == (200 if role in SEES else 403)
    if role in SEES:
        assert ("Record what happened" in text(response)) is (role in RECORDS)
        elsewhere = signed_in(Client(), a_member(role, other, "QBB"))
        for part in ("pathway", "pathway_access"):
            assert elsewhere.get(page_of(pathway, part)).status_code == 404


@pytest.mark.parametrize("part", ["pathway", "pathway_access", "choose_event"])
def test_visitors_are_asked_to_sign_in_and_no_page_is_kept(part):
    pathway = a_wait()
    response = Client().get(page_of(pathway, part))
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")
    assert a_client().get(page_of(pathway, part))["Cache-Control"] == "no-store"


def test_the_page_says_who_waits_how_long_and_until_when():
    Organisation.objects.create(code=HOSPITAL, name="Riverside Hospital", kind=Kind.PROVIDER)
    pathway = a_wait(20, nhs_number="9990000018", given_name="Ada", family_name="Brown")
    page = words(a_client().get(page_of(pathway)))
    start = timezone.localdate() - timedelta(weeks=20)
    over = start + timedelta(days=127)
    for expected in (
        "Ada Brown",
        "999 000 0018",
        "17 May 1960",
        "1 Nowhere Street, ZZ99 3VZ",
        "Waiting for 20 weeks",
        "Over 18 weeks",
        f"Since {over.day} {over:%B %Y}",
        "Trauma and orthopaedics: Hip pain",
        "Riverside Hospital",
        "Rule 1a, §3.2",
    ):
        assert expected in page


def test_no_name_or_number_stands_in_title_or_address():
    pathway = a_wait(nhs_number="9990000018", family_name="Brown")
    client = a_client()
    for part in ("pathway", "pathway_access", "choose_event"):
        page = text(client.get(page_of(pathway, part)))
        title = re.search(r"<title[^>]*>(.*?)</title>", page, re.DOTALL)[1]
        assert "Brown" not in title
        for address in re.findall(r'(?:href|action)="([^"]*)"', page):
            assert "9990000018" not in address
            assert "Brown" not in address


def test_a_sensitive_record_shows_no_address_and_has_no_portal():
    pathway = a_wait(sensitive=True, address="7 Hidden Lane")
    page = words(a_client().get(page_of(pathway)))
    assert "Sensitive record" in page
    assert "Hidden Lane" not in page
    assert "ZZ99" not in page
    own = signed_in_patient(Client(), pathway.patient)
    assert own.get(page_of(pathway)).status_code == 404


def test_a_page_of_sixty_entries_takes_as_few_questions_as_one_of_two():
    pathway, client, manager = a_wait(50), a_client(), an_actor()
    counted = []
    for more in (1, 58):
        for each in range(more):
            day = timezone.localdate() - timedelta(days=100 - each)
            values = {"kind": "attendance", "day": day.isoformat(), "status": "20"}
            record_event(actor=manager, pathway=pathway, values=values, submission=uuid4())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(pathway)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 20


def test_a_list_of_many_takes_as_few_questions_as_a_short_one(django_assert_max_num_queries):
    for _ in range(12):
        a_wait()
    client = a_client()
    with django_assert_max_num_queries(8):
        client.get("/pathways/")


def test_the_list_is_in_order_of_name_and_paged(monkeypatch):
    monkeypatch.setattr("clockstop.service.pathways.views.PAGE", 2)
    for name in ("Zeta", "Alpha", "Mid"):
        a_wait(family_name=name)
    client = a_client()
    first, second = words(client.get("/pathways/")), words(client.get("/pathways/?page=2"))
    assert first.index("Alpha") < first.index("Mid")
    assert "Zeta" not in first
    assert "Zeta" in second
    assert "1 to 2 of 3, in order of family name" in first
    assert "Zeta" in words(client.get("/pathways/?page=nonsense&page=99"))


def test_an_empty_list_says_so():
    assert "There are none yet" in words(a_client().get("/pathways/"))
    patient = a_patient()
    assert "There is nothing here" in words(signed_in_patient(Client(), patient).get("/pathways/"))


def test_a_pathway_without_entries_leads_to_the_first_one():
    page = words(a_client().get(page_of(a_pathway())))
    assert "No clock has started" in page
    assert "Nothing has been entered yet. Record the referral" in page


def find(client, **data):
    return client.post("/pathways/find/", data)


def test_a_patient_is_found_by_number_or_by_name_and_birth():
    pathway = a_wait(nhs_number="9990000018", family_name="Brown")
    client = a_client()
    by_number = find(client, nhs_number="999 000 0018")
    born = {"birth_date-day": "17", "birth_date-month": "5", "birth_date-year": "1960"}
    by_name = find(client, family_name="brown", **born)
    for response in (by_number, by_name):
        assert response.status_code == 200
        assert page_of(pathway) in text(response)
        assert response["Cache-Control"] == "no-store"


def test_a_joined_record_is_found_by_either_number():
    kept = a_wait(nhs_number="9990000018")
    gone = a_wait(nhs_number="9990000026")
    Patient.objects.filter(pk=gone.patient.pk).update(merged_into=kept.patient)
    for number in ("9990000018", "9990000026"):
        found = text(find(a_client(), nhs_number=number))
        assert page_of(kept) in found
        assert page_of(gone) in found


def test_a_patient_of_another_organisation_is_not_found():
    a_wait(nhs_number="9990000018")
    client = a_client(organisation_code=OTHER_HOSPITAL)
    assert "No patient that you can see fits" in words(find(client, nhs_number="9990000018"))


def test_a_search_that_is_refused_keeps_what_was_typed():
    response = find(a_client(), nhs_number="999 000 0019")
    assert "<title>Error: Find a patient" in re.sub(r"\s+", " ", text(response)).replace(" >", ">")
    assert 'value="999 000 0019"' in text(response)
    assert 'href="#nhs_number"' in text(response)


def test_the_address_of_the_search_alone_leads_to_the_list():
    assert a_client().get("/pathways/find/")["Location"] == "/pathways/"
    assert signed_in_patient(Client(), a_patient()).get("/pathways/find/").status_code == 403


def test_opening_a_record_is_in_the_audit_whoever_opens_it():
    pathway = a_wait()
    for client in (
        a_client(),
        a_client(Role.REFERRER),
        signed_in_patient(Client(), pathway.patient),
    ):
        client.get(page_of(pathway))
    viewed = Entry.objects.filter(subject=str(pathway.pk), action="viewed a pathway")
    assert [entry.role for entry in viewed] == ["waiting_list_manager", "referrer", "patient"]
    assert {entry.icb_code for entry in viewed} == {ICB}
    assert verify().faults == ()


def test_looking_in_vain_opens_nothing():
    pathway = a_wait()
    a_client(organisation_code=OTHER_HOSPITAL).get(page_of(pathway))
    assert not Entry.objects.filter(action="viewed a pathway").exists()


def test_staff_read_who_has_seen_a_record_by_name():
    Organisation.objects.create(code=HOSPITAL, name="Riverside Hospital", kind=Kind.PROVIDER)
    pathway, client = a_wait(), a_client()
    client.get(page_of(pathway))
    page = words(client.get(page_of(pathway, "pathway_access")))
    assert "Waiting-list manager of RAA, Waiting-list manager, Riverside Hospital" in page
    assert "Looked at the record, 2 times" in page
    assert "Clinician of RAA, Clinician, Riverside Hospital" in page
    assert "Entered something that happened" in page


def test_patients_read_roles_and_organisations_and_no_names():
    pathway = a_wait()
    a_client().get(page_of(pathway))
    own = signed_in_patient(Client(), pathway.patient)
    page = words(own.get(page_of(pathway, "pathway_access")))
    assert "Waiting-list manager, RAA" in page
    assert "manager of RAA" not in page
    assert "Clinician of RAA" not in page


@pytest.mark.parametrize("role", sorted(PUBLIC))
def test_patients_and_carers_read_their_wait_in_plain_words(role):
    pathway = a_wait(20)
    sign_in = signed_in_patient if role is Role.PATIENT else signed_in_carer
    client = sign_in(Client(), pathway.patient)
    assert page_of(pathway) in text(client.get("/pathways/"))
    page = words(client.get(page_of(pathway)))
    assert "You are waiting for your first appointment" in page
    assert "20 weeks" in page
    assert "you have the right to ask to be treated sooner somewhere else" in page
    assert "The hospital received your referral" in page
    assert (f"You are reading this for {pathway.patient.name}" in page) is (role is Role.CARER)
    for hidden in ("RTT", "clock", "§", "Clinician", "999", "Record what happened", "Entry"):
        assert hidden not in page.replace("call 999", "")


def test_patients_do_not_see_each_other():
    pathway, other = a_wait(), a_patient()
    client = signed_in_patient(Client(), other)
    assert client.get(page_of(pathway)).status_code == 404
    assert client.get(page_of(pathway, "choose_event")).status_code == 403


def test_what_waits_for_a_review_is_named_on_top():
    pathway = a_pathway(a_patient(birth_date=timezone.localdate() - timedelta(days=3000)))
    an_event(pathway, "referral_received", date(2025, 1, 6))
    missed = {"appointment": "first", "communicated": True, "not_brought": True}
    an_event(pathway, "did_not_attend", date(2025, 2, 3), **missed)
    page = words(a_client().get(page_of(pathway)))
    assert "Child or adult at risk was not brought Safeguarding" in page
    assert "Under 18" in page
