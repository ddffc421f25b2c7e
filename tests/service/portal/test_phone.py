"""Every function by phone: staff check who calls, then do what the patient could do."""

import re
from datetime import timedelta
from itertools import chain

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from tests.service.messaging.made_up import Memory
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    OTHER_PRACTICE,
    PRACTICE,
    a_member,
    a_pathway,
    an_event,
    signed_in,
    signed_in_patient,
)
from tests.service.portal.made_up import SOON, a_change_request, a_hospital_date, online, referred
from tests.service.referrals.made_up import booked
from tests.service.safety.routes import GUARDED
from tests.service.transfers.asking.asked import a_long_wait

from clockstop.service.accounts.models import CarerCode, Delegation, Person
from clockstop.service.accounts.policies import after_months
from clockstop.service.accounts.roles import BY_PHONE, Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Contact
from clockstop.service.portal import telling
from clockstop.service.portal.models import ChangeRequest, NeedSaid
from clockstop.service.referrals.models import Document
from clockstop.service.referrals.states import State
from clockstop.service.transfers.models import PatientRequest

pytestmark = pytest.mark.django_db
ENOUGH = ["name", "birth", "reference"]


def a_secretary(code=PRACTICE):
    return signed_in(Client(), a_member(Role.REFERRING_ADMINISTRATOR, code))


def test_once_they_know_who_calls_they_act_as_the_patient():
    _, referral, (slot, _) = referred()
    client = a_secretary()
    answer = client.post("/by-phone/", {"ubrn": referral.spaced_ubrn, "checks": ENOUGH})
    assert answer["Location"] == "/by-phone/referral/"
    assert "You act for" in client.get("/by-phone/referral/").content.decode()
    client.post("/by-phone/times/", {"service": slot.service_id, "slot": slot.pk, "version": 1})
    client.post("/by-phone/referral/", {"offered": "no"})
    referral.refresh_from_db()
    assert referral.state == State.BOOKED
    assert referral.steps.last().role == Role.REFERRING_ADMINISTRATOR
    assert referral.choice.patient_says == "no"
    client.post("/by-phone/cancel/", {"reason": "PATIENT_ILL", "version": 2})
    referral.refresh_from_db()
    assert referral.state == State.APPT_CANCELLED_BY_PATIENT
    told = Entry.objects.get(action="checked who was calling")
    assert told.detail == '{"birth":true,"name":true,"reference":true}'


@pytest.mark.parametrize("checks", [[], ["name"], ["name", "birth"]])
def test_too_few_checks_open_nothing(checks):
    _, referral, _ = referred()
    client = a_secretary()
    answer = client.post("/by-phone/", {"ubrn": referral.ubrn, "checks": checks})
    assert answer.status_code == 400
    assert client.get("/by-phone/referral/")["Location"] == "/by-phone/"


def test_another_practices_referral_is_not_found():
    _, referral, _ = referred()
    client = a_secretary(OTHER_PRACTICE)
    answer = client.post("/by-phone/", {"ubrn": referral.ubrn, "checks": ENOUGH})
    assert "No referral or patient that you can see" in answer.content.decode()


def test_a_booking_office_acts_for_those_sent_to_it():
    patient, referral, _ = referred(slots=0)
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    told = {"ubrn": referral.ubrn, "checks": ENOUGH}
    assert office.post("/by-phone/", told).status_code == 400
    service = referral.shortlist.get().service
    at = f"/your-care/{referral.pk}/times/"
    patient.post(at, {"service": service.pk, "step": "hand_on", "version": 1})
    assert office.post("/by-phone/", told).status_code == 302
    assert office.get("/by-phone/referral/").status_code == 200


def test_the_call_ends():
    _, referral, _ = referred()
    client = a_secretary()
    client.post("/by-phone/", {"ubrn": referral.ubrn, "checks": ENOUGH})
    client.post("/by-phone/end/")
    assert client.get("/by-phone/referral/")["Location"] == "/by-phone/"


def called(client, patient):
    """The pages of a patient whom staff know by their NHS number."""
    told = {"ubrn": str(patient.nhs_number), "checks": ["name", "birth", "address"]}
    return client.post("/by-phone/", told)


def acting_for_patient():
    """What the audit says that staff did for the patient."""
    found = Entry.objects.filter(detail__contains='"acting_for":"patient"')
    return set(found.values_list("action", flat=True))


@pytest.fixture
def waiting():
    """A patient whose hospital entered a day, and the office of that hospital on the phone."""
    pathway = a_hospital_date()
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=9))
    online()
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    assert called(office, pathway.patient)["Location"] == "/by-phone/care/"
    return office, pathway


def test_staff_ask_the_hospital_for_the_patient_and_take_it_back(waiting):
    office, pathway = waiting
    at = f"/by-phone/waits/{pathway.pk}/change/"
    page = office.get("/by-phone/care/").content.decode()
    assert f"{at}?day=" in page
    assert "You act for" in page
    typed = {"day": SOON.isoformat(), "wish": "cancel", "words": "Away"}
    assert office.post(at, typed).status_code == 302
    request = ChangeRequest.objects.get()
    assert request.steps.get().role == Role.PROVIDER_ADMINISTRATOR
    office.post(f"/by-phone/requests/{request.pk}/withdraw/")
    request.refresh_from_db()
    assert request.state == "WITHDRAWN"
    assert acting_for_patient() == {"change request: ask", "change request: withdraw"}


def test_a_practice_does_so_for_its_own_referral(waiting):
    _, pathway = waiting
    secretary = a_secretary()
    called(secretary, pathway.patient)
    typed = {"day": SOON.isoformat(), "wish": "confirm"}
    secretary.post(f"/by-phone/waits/{pathway.pk}/change/", typed)
    assert ChangeRequest.objects.get().wish == "confirm"
    assert "has not seen your request yet" in secretary.get("/by-phone/care/").content.decode()


def test_contact_needs_and_opt_out_are_kept_by_phone(waiting):
    office, pathway = waiting
    at = f"/by-phone/reached/{pathway.patient.pk}/"
    assert office.get(at).status_code == 200
    office.post(at, {"mobile": "07700 900123", "no_messages": "on", "large_print": "on"})
    held = Contact.objects.get(patient=pathway.patient)
    assert (held.mobile, held.no_messages, held.large_print) == ("07700900123", True, True)
    assert acting_for_patient() == {"changed how to be reached"}


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_whether_care_is_needed_is_written_down_and_a_no_goes_to_a_clinician(waiting, answer):
    office, pathway = waiting
    at = f"/by-phone/waits/{pathway.pk}/needed/"
    pathway.refresh_from_db()
    length = pathway.length
    assert office.post(at, {}).status_code == 400
    assert office.post(at, {"needed": answer})["Location"] == at
    page = office.get(at).content.decode()
    assert ("still need this care. Thank you" in page) == (answer == "yes")
    said = NeedSaid.objects.get()
    assert (said.is_needed, said.role) == (answer == "yes", Role.PROVIDER_ADMINISTRATOR)
    assert pathway.reviews.count() == (answer == "no")
    pathway.refresh_from_db()
    assert pathway.length == length
    assert len(acting_for_patient()) == 1


def test_a_patient_answers_too(waiting):
    _, pathway = waiting
    client = signed_in_patient(Client(), pathway.patient)
    at = f"/your-care/waits/{pathway.pk}/needed/"
    assert at in client.get("/your-care/").content.decode()
    client.post(at, {"needed": "yes"})
    assert NeedSaid.objects.get().role == Role.PATIENT
    assert not acting_for_patient()


def test_from_all_care_staff_go_on_to_a_referral():
    _, referral, _ = referred()
    client = a_secretary()
    called(client, referral.patient)
    assert client.get("/by-phone/referral/")["Location"] == "/by-phone/"
    client.post("/by-phone/choose/", {"referral": str(referral.pk)})
    assert client.get("/by-phone/referral/").status_code == 200
    client.post("/by-phone/referral/", {"offered": "no"})
    assert acting_for_patient() == {"patient said whether choice was offered"}
    client.post("/by-phone/choose/", {"referral": "nonsense"})
    client.post("/by-phone/end/")
    assert client.get("/by-phone/care/")["Location"] == "/by-phone/"


def test_only_the_caller_is_open_and_only_while_they_are_cared_for(waiting):
    office, pathway = waiting
    other = a_hospital_date()  # of the same hospital, and not on the phone
    for at in (f"waits/{other.pk}/change/", f"waits/{other.pk}/needed/"):
        assert office.get(f"/by-phone/{at}").status_code == 404
    assert office.get(f"/by-phone/reached/{other.patient.pk}/").status_code == 404
    request = a_change_request(other)
    assert office.post(f"/by-phone/requests/{request.pk}/withdraw/").status_code == 404
    yesterday = timezone.localdate() - timedelta(days=1)
    pathway.relationships.filter(part="provider").update(ends=yesterday)
    assert office.get("/by-phone/care/")["Location"] == "/by-phone/"


def test_somebody_elses_patient_is_not_found_by_number(waiting):
    _, pathway = waiting
    stranger = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, OTHER_HOSPITAL))
    assert called(stranger, pathway.patient).status_code == 400
    died = a_hospital_date()
    died.patient.died_on = timezone.localdate()
    died.patient.save()
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    assert called(office, died.patient).status_code == 400


# Every function that is open to a patient who is signed in, and where staff do the same on the
# phone. A new page for patients fails here until it has its twin.
TWINS = {
    "care": "phoned_care",
    "pathways": "phoned_care",
    "pathway": "phoned_wait",
    "pathway_access": "pathway_access",
    "not_needed": "phoned_needed",
    "own_needed": "phoned_needed",
    "own_contact": "phoned_contact",
    "own_change": "phoned_change",
    "own_withdraw": "phoned_withdraw",
    "own_document": "phoned_document",
    "own_referral": "phoned_referral",
    "own_times": "phoned_times",
    "own_cancel": "phoned_cancel",
    "carers": "phoned_carers",
    "carer_code": "phoned_carer_code",
    "carer_until": "phoned_carer_until",
    "end_carer": "phoned_end_carer",
    "sooner_start": "phoned_moves",
    "own_sooner_tracker": "phoned_sooner_tracker",
    "own_sooner_ask": "phoned_sooner_ask",
    "own_sooner_offer": "phoned_sooner_offer",
    "own_sooner_choose": "phoned_sooner_choose",
    "own_sooner_withdraw": "phoned_sooner_withdraw",
}
# The hospital alone is asked to treat somebody sooner elsewhere: a practice reads whom to call.
BY_HOSPITAL = frozenset({Role.PROVIDER_ADMINISTRATOR})


def test_every_function_of_a_patient_has_its_twin_on_the_phone():
    """And the other way round: nothing is done by phone that a patient could not do."""
    roles = {route.name: route.roles for route in GUARDED}
    assert set(TWINS) == {name for name, open_to in roles.items() if Role.PATIENT in open_to}
    for twin in TWINS.values():
        wanted = BY_HOSPITAL if "sooner" in twin else BY_PHONE
        assert wanted <= roles[twin], twin
    ways_of_calling = {"phoned_choose"}
    phoned = {name for name in roles if name.startswith("phoned_")}
    assert phoned == {name for name in TWINS.values() if name != "pathway_access"} | ways_of_calling


def names_on(client, at):
    """The names of the addresses that a page leads to, and where."""
    page = client.get(at, follow=True).content.decode()
    found = set(re.findall(r'(?:href|action)="(/[^"?#]*)', page))
    here = [each for each in found if not each.startswith("/static/")]
    return {resolve(each).url_name: each for each in here}


@pytest.fixture
def everything():
    """A patient with all that a page can show, and the booking office that they call."""
    pathway = a_long_wait()
    patient = pathway.patient
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(days=300))
    a_hospital_date(pathway)
    a_change_request(pathway)
    online()
    referral = booked()
    referral.patient = patient
    referral.save()
    file_shared_with(referral)
    a_carer_of(patient)
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    called(office, patient)
    return office, pathway, referral


def file_shared_with(referral, **values):
    plain = {
        "icb_code": referral.icb_code,
        "referral": referral,
        "title": "leaflet.pdf",
        "content_type": "application/pdf",
        "size": 5,
        "content": b"%PDF-",
        "attached_at": timezone.now(),
        "attached_as": "PROVIDER",
        "organisation_code": HOSPITAL,
        "shared_on": timezone.localdate(),
    }
    return Document.objects.create(**plain | values)


def a_carer_of(patient, name="Kim"):
    today = timezone.localdate()
    ends = after_months(today, 3)
    carer = Person.objects.create(name=name)
    return Delegation.objects.create(
        icb_code="-", carer=carer, nhs_number=patient.nhs_number, starts=today, ends=ends
    )


def name_after(posted):
    """The name of the page that a form leads to."""
    return resolve(posted["Location"]).url_name


def test_every_twin_is_reached_by_links_from_the_page_of_all_care(everything):
    office, _, referral = everything
    care = names_on(office, "/by-phone/care/")
    ChangeRequest.objects.update(state="WITHDRAWN")
    free = names_on(office, "/by-phone/care/")
    chosen = office.post("/by-phone/choose/", {"referral": str(referral.pk)})
    moved = office.post(free["phoned_moves"], {"begin": "yes"})
    pages = ("phoned_carers", "phoned_wait")
    reached = set(chain(care, free, *(names_on(office, care[page]) for page in pages)))
    reached |= {name_after(chosen), name_after(moved)}
    reached |= set(chain(*(names_on(office, each["Location"]) for each in (chosen, moved))))
    later = {"own_sooner_offer", "own_sooner_choose", "own_sooner_withdraw"}  # by the state
    wanted = {twin for name, twin in TWINS.items() if name not in later}
    assert wanted - reached == set()


def test_a_wait_is_read_out_as_the_patient_reads_it(everything):
    office, pathway, _ = everything
    page = office.get(reverse("phoned_wait", args=(pathway.pk,))).content.decode()
    patient = signed_in_patient(Client(), pathway.patient)
    own = patient.get(reverse("pathway", args=(pathway.pk,))).content.decode()
    for heading in ("What happens next", "Who to contact", "What has happened so far"):
        assert heading in page
        assert heading in own
    assert "You act for" in page
    assert Entry.objects.filter(subject=str(pathway.pk), action__contains="pathway").exists()


def test_a_shared_file_is_read_out_and_the_audit_says_for_whom(everything):
    office, _, referral = everything
    file = Document.objects.get()
    kept = file_shared_with(referral, shared_on=None)
    got = office.get(reverse("phoned_document", args=(file.pk,)))
    assert got.content == b"%PDF-"
    assert acting_for_patient() == {"read a shared file"}
    assert office.get(reverse("phoned_document", args=(kept.pk,))).status_code == 404
    other = file_shared_with(booked())  # of the same hospital, and not on the phone
    assert office.get(reverse("phoned_document", args=(other.pk,))).status_code == 404
    assert office.get(reverse("own_document", args=(file.pk,))).status_code == 403


def test_messages_are_read_out_of_the_care_that_staff_see_and_no_other(waiting):
    office, pathway = waiting
    for each in (pathway, a_hospital_date(None), elsewhere(pathway.patient)):
        telling.ask_still_needed(each, SYSTEM)
    care = office.get("/by-phone/care/").content.decode()
    assert "Do you still need" not in care  # nothing has been sent yet
    assert acting_for_patient() == set()
    outbox.send_due(Memory())
    care = office.get("/by-phone/care/").content.decode()
    assert care.count('<span class="nhsuk-details__summary-text">') == 1
    assert acting_for_patient() == {"read a patient's messages"}
    client = signed_in_patient(Client(), pathway.patient)
    own = client.get("/your-care/").content.decode()
    assert own.count('<span class="nhsuk-details__summary-text">') == 2
    assert acting_for_patient() == {"read a patient's messages"}


def elsewhere(patient):
    pathway = a_pathway(patient, OTHER_HOSPITAL, OTHER_PRACTICE)
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=9))
    return pathway


class TestCarersByPhone:
    """The same rules as online; done for the patient, and theirs alone."""

    AT = "/by-phone/carers/"

    @pytest.fixture
    def code(self):
        return CarerCode.make(Person.objects.create(name="Kim Carer"))

    @pytest.mark.parametrize("has_account", [True, False])
    def test_a_carer_is_let_in_until_a_day(self, waiting, code, has_account):
        office, pathway = waiting
        if has_account:
            signed_in_patient(Client(), pathway.patient)
        assert office.post(self.AT, {"code": code, "months": "3"})["Location"] == self.AT
        held = Delegation.objects.get()
        assert held.nhs_number == pathway.patient.nhs_number
        assert held.ends == after_months(timezone.localdate(), 3)
        assert "Kim Carer" in office.get(self.AT).content.decode()
        assert acting_for_patient() == {"let a carer see"}
        entry = Entry.objects.get(action="let a carer see")
        assert (entry.role, entry.organisation_code) == (Role.PROVIDER_ADMINISTRATOR, HOSPITAL)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({}, "Enter the code"),
            ({"months": "13"}, "Choose for how long"),
            ({"code": "ABCD EFGH", "months": "1"}, "not known or too old"),
        ],
    )
    def test_what_is_wrong_is_said(self, waiting, typed, words):
        office, _ = waiting
        answer = office.post(self.AT, typed)
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert not Delegation.objects.exists()

    def test_until_when_is_changed_and_it_is_ended(self, waiting):
        office, pathway = waiting
        held = a_carer_of(pathway.patient)
        at = f"{self.AT}{held.pk}/until/"
        assert office.get(at).status_code == 200
        assert office.post(at, {}).status_code == 400
        assert office.post(at, {"months": "12"})["Location"] == self.AT
        held.refresh_from_db()
        assert held.ends == after_months(timezone.localdate(), 12)
        office.post(f"{self.AT}{held.pk}/end/")
        held.refresh_from_db()
        assert held.ends == timezone.localdate()
        assert office.post(at, {"months": "1"}).status_code == 400  # it takes a new code
        told = {"changed until when a carer sees", "ended what a carer sees"}
        assert acting_for_patient() == told

    def test_a_caller_who_cares_for_somebody_gets_a_code(self, waiting):
        office, pathway = waiting
        answer = office.post(f"{self.AT}code/")
        assert answer.status_code == 400
        assert "no account yet" in answer.content.decode()
        signed_in_patient(Client(), pathway.patient)
        page = office.post(f"{self.AT}code/").content.decode()
        assert re.search(r"panel__heading[^>]*>\s*\w{4} \w{4}", page)
        assert CarerCode.objects.get().person.nhs_number == pathway.patient.nhs_number

    @pytest.mark.parametrize(
        "values", [{"sensitive": True}, {"birth_date": timezone.localdate() - timedelta(days=4000)}]
    )
    def test_whose_record_is_not_shown_online_has_none_let_in_and_may_end_it(
        self, waiting, code, values
    ):
        office, pathway = waiting
        held = a_carer_of(pathway.patient, "Lee")
        type(pathway.patient).objects.filter(pk=pathway.patient.pk).update(**values)
        assert "is not shown online" in office.get(self.AT).content.decode()
        typed = {"code": code, "months": "1"}
        assert office.post(self.AT, typed).status_code == 403
        assert office.post(f"{self.AT}{held.pk}/until/", typed).status_code == 403
        assert Delegation.objects.get() == held
        office.post(f"{self.AT}{held.pk}/end/")
        held.refresh_from_db()
        assert held.ends == timezone.localdate()

    def test_another_patients_carers_are_out_of_reach(self, waiting):
        office, pathway = waiting
        other = a_carer_of(a_hospital_date().patient)
        for page in ("until", "end"):
            assert office.post(f"{self.AT}{other.pk}/{page}/", {"months": "1"}).status_code == 404
        office.post("/by-phone/end/")
        own = a_carer_of(pathway.patient, "Lee")
        assert office.get(self.AT)["Location"] == "/by-phone/"
        for page in ("until", "end"):
            assert office.post(f"{self.AT}{own.pk}/{page}/", {"months": "1"}).status_code == 404
            assert office.post(f"/carers/{own.pk}/{page}/", {"months": "1"}).status_code == 403

    def test_neither_staff_nor_the_patient_is_their_own_carer(self, waiting):
        office, pathway = waiting
        staff = Person.objects.get(pk=office.session["person"])
        signed_in_patient(Client(), pathway.patient)
        patient = Person.objects.get(nhs_number=pathway.patient.nhs_number)
        for person in (staff, patient):
            typed = {"code": CarerCode.make(person), "months": "1"}
            assert "own code" in office.post(self.AT, typed).content.decode()
        assert not Delegation.objects.exists()


class TestTreatedSooner:
    """The request of a wait goes on by phone, or begins there."""

    def test_it_begins_from_the_page_of_all_care_and_is_gone_on_with(self, everything):
        office, pathway, _ = everything
        at = reverse("phoned_moves", args=(pathway.pk,))
        assert "Ask to be treated sooner" in office.get("/by-phone/care/").content.decode()
        assert office.post(at, {"begin": "yes"})["Location"] == "/treated-sooner/phone/"
        asked = PatientRequest.objects.get()
        assert asked.pathway == pathway
        assert pathway.patient.name in office.get("/treated-sooner/phone/").content.decode()
        assert office.post(at)["Location"] == "/treated-sooner/phone/"
        assert PatientRequest.objects.get() == asked
        office.post("/by-phone/end/")
        assert office.get("/treated-sooner/phone/").status_code == 302  # the call is over

    def test_who_may_not_ask_hears_why(self, waiting):
        office, pathway = waiting
        answer = office.post(reverse("phoned_moves", args=(pathway.pk,)), {"begin": "yes"})
        assert answer.status_code == 409
        assert not PatientRequest.objects.exists()

    def test_a_practice_reads_whom_to_call(self, waiting):
        _, pathway = waiting
        secretary = a_secretary()
        called(secretary, pathway.patient)
        page = " ".join(secretary.get("/by-phone/care/").content.decode().split())
        assert "treated sooner somewhere else, call 01632 960001" in page
        at = reverse("phoned_moves", args=(pathway.pk,))
        assert secretary.post(at, {"begin": "yes"}).status_code == 403
        assert secretary.get("/by-phone/carers/").status_code == 200
