"""Entering, correcting and withdrawing: the form, its effect, and what is kept."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.pathways.test_pages import a_client, page_of, text, words
from tests.service.people import (
    OTHER_HOSPITAL,
    a_member,
    a_pathway,
    an_event,
    signed_in,
    signed_in_patient,
)

from clockstop.core.rtt.events import KINDS
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.pathways import kinds
from clockstop.service.registry.models import Kind, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def pathway():
    made = a_pathway()
    an_event(made, "referral_received", date(2025, 1, 6))
    an_event(made, "attendance", date(2025, 2, 3), status="20")
    return made


def the_form(pathway, kind: str) -> str:
    return reverse("record_event", kwargs={"pathway_id": pathway.pk, "kind": kind})


def of_entry(part: str, pathway, number: int) -> str:
    return reverse(part, kwargs={"pathway_id": pathway.pk, "number": number})


def hidden(response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text(response))
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def on(day: date, field: str = "day") -> dict[str, str]:
    return {f"{field}-day": day.day, f"{field}-month": day.month, f"{field}-year": day.year}


def checked(client, address: str, **answers):
    """The effect page of these answers."""
    form = client.get(address)
    assert form.status_code == 200
    return client.post(address, hidden(form) | answers | {"step": "check"})


def saved(client, address: str, effect):
    return client.post(address, hidden(effect) | {"step": "save"})


TREATED = {"setting": "outpatient"} | on(date(2025, 3, 3))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kinds.is_entered(kind)])
def test_every_kind_has_its_form(pathway, kind):
    response = a_client().get(the_form(pathway, kind))
    assert response.status_code == 200
    assert 'id="day-day"' in text(response)
    assert hidden(response).keys() == {"submission", "length"}


@pytest.mark.parametrize("kind", ["nothing", "entry_withdrawn", "decision"])
def test_what_is_no_kind_is_not_found(pathway, kind):
    assert a_client().get(the_form(pathway, kind)).status_code == 404


def test_the_chooser_leads_to_every_kind_that_can_be_entered(pathway):
    page = text(a_client().get(page_of(pathway, "choose_event")))
    linked = set(re.findall(r'/record/([a-z_]+)/"', page))
    waiting = {"offer_declined", "decision_communicated", "admission_outcome", "planned_removed"}
    assert linked == set(KINDS) - waiting - {"referral_ratified"} - kinds.BY_ITS_OWN_PAGE
    assert "First enter the admission" in page


def test_an_entry_is_checked_then_saved_then_shown(pathway):
    client = a_client(Role.PROVIDER_CLINICIAN)
    address = the_form(pathway, "treatment_started")
    effect = checked(client, address, **TREATED)
    page = words(effect)
    assert "Treatment started without admission, 3 March 2025" in page
    assert "Clock stopped Changes" in page
    assert "First definitive treatment began in outpatients" in page
    assert pathway.events.count() == 2

    response = saved(client, address, effect)
    assert response.status_code == 302
    assert response["Location"] == f"{page_of(pathway)}?entered=3"
    entry = pathway.events.get(number=3)
    assert (entry.kind, entry.day) == ("treatment_started", date(2025, 3, 3))
    page = words(client.get(response["Location"]))
    assert "The entry is saved. See entry 3 in the timeline" in page
    assert "Just saved" in page


def test_the_banner_is_for_whoever_made_the_entry(pathway):
    page = words(a_client().get(f"{page_of(pathway)}?entered=2"))
    assert "is saved" not in page
    assert "is saved" not in words(a_client().get(f"{page_of(pathway)}?entered=<script>"))


def test_saving_twice_makes_one_entry(pathway):
    client = a_client(Role.PROVIDER_CLINICIAN)
    address = the_form(pathway, "treatment_started")
    effect = checked(client, address, **TREATED)
    first, second = saved(client, address, effect), saved(client, address, effect)
    assert first["Location"] == second["Location"]
    assert pathway.events.count() == 3


def test_going_back_and_checking_again_after_saving_leads_to_what_was_saved(pathway):
    client = a_client(Role.PROVIDER_CLINICIAN)
    address = the_form(pathway, "treatment_started")
    effect = checked(client, address, **TREATED)
    saved(client, address, effect)
    again = client.post(address, hidden(effect) | {"step": "check"})
    assert again["Location"].endswith("?entered=3")
    assert pathway.events.count() == 3


def test_what_others_entered_meanwhile_is_shown_before_anything_is_saved(pathway):
    client = a_client(Role.PROVIDER_CLINICIAN)
    address = the_form(pathway, "treatment_started")
    effect = checked(client, address, **TREATED)
    an_event(pathway, "treatment_declined", date(2025, 2, 17))
    again = saved(client, address, effect)
    assert again.status_code == 200
    assert "Somebody entered something else on this pathway meanwhile" in words(again)
    assert pathway.events.count() == 3
    assert not Entry.objects.filter(actor__isnull=False, detail__contains='"number":4').exists()

    assert saved(client, address, again).status_code == 302
    assert pathway.events.count() == 4


def test_the_answers_can_be_changed_on_the_way(pathway):
    client = a_client(Role.PROVIDER_CLINICIAN)
    address = the_form(pathway, "treatment_started")
    effect = checked(client, address, **TREATED)
    form = client.post(address, hidden(effect) | {"step": "change"})
    assert 'value="2025"' in text(form)
    assert "There is a problem" not in text(form)
    assert hidden(form)["submission"] == hidden(effect)["submission"]


def test_every_error_stands_at_its_field_and_nothing_is_lost(pathway):
    page = text(checked(a_client(), the_form(pathway, "date_offered"), **on(date(2025, 3, 3))))
    assert "There is a problem" in page
    assert 'href="#offered_for-day"' in page
    assert 'id="offered_for-day"' in page
    assert 'value="2025"' in page


def test_what_the_policy_refuses_stands_at_its_field(pathway):
    page = checked(a_client(), the_form(pathway, "rebook_requested"), **on(date(2099, 3, 3)))
    assert 'href="#day-day"' in text(page)
    assert "The day must be today or in the past" in words(page)
    assert pathway.events.count() == 2


def test_a_manager_names_the_clinician_who_decided(pathway):
    clinician = a_member(Role.PROVIDER_CLINICIAN).person
    elsewhere = a_member(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL).person
    client, address = a_client(), the_form(pathway, "treatment_started")
    assert str(elsewhere.pk) not in text(client.get(address))
    refused = checked(client, address, **TREATED)
    assert 'href="#acting_for"' in text(refused)
    effect = checked(client, address, **TREATED, acting_for=str(clinician.pk))
    assert f"Decided by {clinician.name}" in words(effect)
    saved(client, address, effect)
    assert pathway.events.get(number=3).acting_for == str(clinician.pk)
    assert f"Decided by {clinician.name}" in words(client.get(page_of(pathway)))


def test_a_record_is_handed_to_nobody_who_is_not_in_the_register(pathway):
    client, address = a_client(), the_form(pathway, "transfer_sent")
    answers = {"handover": "responsibility", "to": "rbb"} | on(date(2025, 3, 3))
    refused = checked(client, address, **answers)
    assert 'href="#to"' in text(refused)
    assert "no organisation in the register has this code" in words(refused)
    Organisation.objects.create(code="RBB", name="Northmoor Hospitals", kind=Kind.PROVIDER)
    effect = checked(client, address, **answers)
    assert "Sent to Northmoor Hospitals (RBB)" in words(effect)
    saved(client, address, effect)
    assert "Sent to Northmoor Hospitals (RBB)" in words(client.get(page_of(pathway)))


def test_new_findings_are_told_before_saving(pathway):
    client, address = a_client(), the_form(pathway, "attendance")
    answers = on(date(2025, 3, 3)) | {"is_test": "no"}
    assert 'href="#status"' in text(checked(client, address, **answers))
    effect = checked(client, address, **answers, status="99")
    assert "To look at" in words(effect)
    assert "No status code was recorded" in words(effect)


def test_a_wrong_entry_is_corrected_with_a_reason_and_stays(pathway):
    client, address = a_client(), of_entry("correct_entry", pathway, 2)
    form = client.get(address)
    assert 'value="2025"' in text(form)
    refused = checked(client, address, **on(date(2025, 2, 4)), is_test="no", status="20")
    assert 'href="#why"' in text(refused)
    effect = checked(
        client, address, **on(date(2025, 2, 4)), is_test="no", status="20", why="Wrong day"
    )
    assert "Replaces Entry 2: Appointment attended, 3 February 2025" in words(effect)
    response = saved(client, address, effect)
    entry = pathway.events.get(number=3)
    assert (entry.day, entry.reason) == (date(2025, 2, 4), "Wrong day")
    page = client.get(response["Location"])
    assert "The correction is saved" in words(page)
    assert "<del>Appointment attended</del>" in text(page)
    assert "which was wrong. Reason: Wrong day" in words(page)
    assert 'href="#entry-3"' in text(page)


def test_a_wrong_entry_is_withdrawn_with_a_reason_and_stays(pathway):
    client, address = a_client(), of_entry("withdraw_entry", pathway, 2)
    effect = checked(client, address, why="Another patient")
    assert "Withdraw Appointment attended, 3 February 2025" in words(effect)
    saved(client, address, effect)
    assert pathway.events.get(number=3).kind == "entry_withdrawn"
    page = words(client.get(page_of(pathway)))
    assert "Withdrawn by entry 3" in page
    assert "Withdraws entry 2" in page


def test_an_entry_that_was_corrected_already_is_not_corrected_again(pathway):
    client, address = a_client(), of_entry("withdraw_entry", pathway, 2)
    saved(client, address, checked(client, address, why="Another patient"))
    again = checked(client, address, why="Once more")
    assert "This entry has been corrected already" in words(again)
    assert 'href="#entry"' in text(again)
    assert client.get(of_entry("correct_entry", pathway, 3)).status_code == 404
    assert client.get(of_entry("correct_entry", pathway, 9)).status_code == 404
    assert pathway.events.count() == 3


@pytest.mark.parametrize("step", ["check", "save", "change", "nonsense"])
def test_nobody_else_enters_anything(pathway, step):
    data = TREATED | {"submission": str(uuid4()), "length": "2", "step": step}
    for client, status in (
        (a_client(Role.REFERRER), 403),
        (a_client(Role.ICB_HUB), 403),
        (a_client(Role.WAITING_LIST_MANAGER, OTHER_HOSPITAL), 404),
        (signed_in_patient(Client(), pathway.patient), 403),
        (Client(), 302),
    ):
        address = the_form(pathway, "treatment_started")
        assert client.post(address, data).status_code == status
    assert pathway.events.count() == 2


@pytest.mark.parametrize("submission", ["", "nonsense"])
def test_a_form_without_its_number_is_refused(pathway, submission):
    data = TREATED | {"submission": submission, "length": "2", "step": "save"}
    assert a_client().post(the_form(pathway, "treatment_started"), data).status_code == 400


def test_a_form_without_a_known_length_is_checked_again(pathway):
    client = a_client(Role.PROVIDER_CLINICIAN)
    data = TREATED | {"submission": str(uuid4()), "length": "0", "step": "save"}
    response = client.post(the_form(pathway, "treatment_started"), data)
    assert "Somebody entered something else" in words(response)
    assert pathway.events.count() == 2


def test_only_the_page_of_the_csrf_cookie_can_send_the_form(pathway):
    client = signed_in(Client(enforce_csrf_checks=True), a_member(Role.PROVIDER_CLINICIAN))
    data = TREATED | {"submission": str(uuid4()), "length": "2", "step": "save"}
    assert client.post(the_form(pathway, "treatment_started"), data).status_code == 403
    assert pathway.events.count() == 2


def test_opening_the_form_is_opening_the_record_and_sending_it_on_is_not(pathway):
    client, address = a_client(), the_form(pathway, "rebook_requested")
    viewed = Entry.objects.filter(action="viewed a pathway")
    checked(client, address, **on(date(2025, 3, 3)))
    assert viewed.count() == 1
