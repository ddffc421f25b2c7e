"""Pages for definers and booking offices."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.directory.made_up import a_service, a_slot, an_organisation
from tests.service.people import OTHER_HOSPITAL, a_member, signed_in

from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import SlotStatus, Status
from clockstop.service.directory.models import Draft, HealthcareService, Slot
from clockstop.service.registry.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(store_of_places):
    return a_service(site_code="RAA01", site_name="Main site", clinic_types=("HIP",))


@pytest.fixture
def store_of_places():
    Site.objects.create(
        code="RAA01",
        organisation=an_organisation(),
        name="Main site",
        latitude=51.5,
        longitude=-0.1,
    )


def client(role=Role.SERVICE_DEFINER):
    return signed_in(Client(), a_member(role))


def at(name, *args):
    return reverse(name, args=args)


def text(response):
    return response.content.decode()


FILLED = {
    "name": "Hips only",
    "site_code": "RAA01",
    "appointment_type": "FIRST_OUTPATIENT",
    "clinic_types": ["HIP"],
    "requests": "appointments",
    "takes_advice": "yes",
    "bookable": "DIRECTLY_BOOKABLE",
    "seen": ["FACE_TO_FACE", "TELEPHONE"],
    "opens-day": "1",
    "opens-month": "2",
    "opens-year": "2026",
    "sex_treated": "FEMALE",
    "min_age_months": "16",
    "max_age_months": "79",
    "priorities": ["routine", "two_week_wait"],
    "conditions_treated": "Osteoarthritis of the hip",
    "letter_required": "yes",
    "additional_requirements": ["TRANSPORT"],
    "clinicians": "999000000001 Dr One\n999000000002 Dr Two",
    "patient_phone": "01632 960000",
    "professional_email": "office@raa.example",
    "edits": "0",
}


def test_the_list_shows_ones_own_services_as_asked(service):
    a_service(OTHER_HOSPITAL, name="Elsewhere")
    a_service(name="Hearts", treatment_function="C_320", status=Status.WITHDRAWN)
    visitor = client()
    page = text(visitor.get(at("directory")))
    assert "Hips and knees" in page
    assert "Hearts" in page
    assert "Elsewhere" not in page
    for query, is_there in (("words=hips+main", True), ("words=hips+other", False)):
        page = text(visitor.get(f"{at('directory')}?{query}"))
        assert ("Hips and knees" in page) is is_there
    page = text(visitor.get(f"{at('directory')}?function=C_320&status=withdrawn"))
    assert "Hearts" in page
    assert "Hips and knees" not in page


def test_a_draft_is_written_previewed_and_published(service):
    visitor = client()
    page = text(visitor.get(at("edit_service", service.pk)))
    assert 'value="Hips and knees"' in page
    response = visitor.post(at("edit_service", service.pk), FILLED)
    assert response["Location"] == at("preview_service", service.pk)
    page = text(visitor.get(response["Location"]))
    assert "Publish version 2" in page
    assert "16 years to 79 years" in page
    assert "Dr One, Dr Two" in page
    assert visitor.post(at("publish_service", service.pk), {"edits": "1"}).status_code == 302
    service.refresh_from_db()
    assert (service.version, service.name) == (2, "Hips only")
    assert service.media == ("FACE_TO_FACE", "TELEPHONE")
    assert (service.min_age_months, service.max_age_months) == (192, 959)
    assert (service.latitude, service.longitude) == (51.5, -0.1)
    assert [each.value for each in service.priorities] == ["routine", "two_week_wait"]
    assert not service.takes_triage
    assert service.takes_advice
    page = text(visitor.get(at("service", service.pk)))
    assert at("service_version", service.pk, 1) in page
    former = text(visitor.get(at("service_version", service.pk, 1)))
    assert "Hips and knees" in former


def test_the_form_says_again_what_the_draft_says(service):
    visitor = client()
    visitor.post(at("edit_service", service.pk), FILLED)
    before = Draft.objects.get().content
    page = visitor.get(at("edit_service", service.pk))
    form = page.context["form"] if page.context else None
    assert form is None or form["clinicians"].value() == FILLED["clinicians"]
    for value in ('value="79"', 'value="16"', "999000000002 Dr Two", "Osteoarthritis of the hip"):
        assert value in text(page)
    visitor.post(at("edit_service", service.pk), FILLED | {"edits": "1"})
    assert Draft.objects.get().content == before


def test_an_unfinished_draft_is_kept_and_says_all_that_it_lacks(service):
    visitor = client()
    lacking = {"conditions_treated": "", "priorities": [], "professional_email": ""}
    visitor.post(at("edit_service", service.pk), FILLED | lacking)
    page = text(visitor.get(at("preview_service", service.pk)))
    for words in ("Choose at least one priority", "Say which conditions", "an email for referrers"):
        assert words in page
    assert "Publish version" not in page
    assert visitor.post(at("publish_service", service.pk), {"edits": "1"}).status_code == 302
    service.refresh_from_db()
    assert service.version == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"min_age_months": "sixteen"}, "Youngest age: enter an age"),
        ({"max_age_months": "999"}, "Oldest age: enter an age"),
        ({"clinicians": "Dr One"}, "a line for each"),
        ({"website": "not an address"}, "Website: enter an address"),
        ({"requests": ""}, "Choose which referrals"),
        ({"opens-day": "31"}, "First day: enter a real date"),
        ({"edits": "5"}, "Somebody else has changed this service"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_kept(service, values, words):
    response = client().post(at("edit_service", service.pk), FILLED | values)
    assert response.status_code == 400
    assert words in text(response)
    assert not Draft.objects.exists()


def test_a_new_service_is_begun_with_its_name_and_function(store_of_places):
    visitor = client()
    assert "Choose a treatment function" in text(visitor.post(at("new_service"), {"name": "x"}))
    response = visitor.post(at("new_service"), {"name": "MRI of the knee", "function": "MRI"})
    held = HealthcareService.objects.get()
    assert response["Location"] == at("edit_service", held.pk)
    assert (held.diagnostic_test, held.specialty) == ("MRI", "DIAGNOSTICS")
    assert "Clinic types" not in text(visitor.get(response["Location"]))


def test_a_service_is_withdrawn_with_a_reason(service):
    visitor = client()
    response = visitor.post(at("withdraw_service", service.pk), {"reason": ""})
    assert response.status_code == 400
    visitor.post(at("withdraw_service", service.pk), {"reason": "We have moved"})
    assert "Withdrawn: We have moved" in text(visitor.get(at("service", service.pk)))


def test_a_draft_is_discarded(service):
    visitor = client()
    visitor.post(at("edit_service", service.pk), FILLED)
    visitor.post(at("discard_draft", service.pk), {"edits": "1"})
    assert not Draft.objects.exists()
    assert visitor.get(at("preview_service", service.pk)).status_code == 404
    response = visitor.post(at("publish_service", service.pk), {"edits": "1"})
    assert response.status_code == 400
    assert "Somebody else has changed" in text(response)


def test_a_booking_office_reads_and_runs_clinics_but_describes_nothing(service):
    visitor = client(Role.PROVIDER_ADMINISTRATOR)
    page = text(visitor.get(at("service", service.pk)))
    assert at("service_slots", service.pk) in page
    assert at("edit_service", service.pk) not in page
    assert visitor.get(at("edit_service", service.pk)).status_code == 403
    assert visitor.get(at("service_slots", service.pk)).status_code == 200


def clinic(day, **values):
    typed = {"day-day": day.day, "day-month": day.month, "day-year": day.year}
    return {**typed, "begins": "9:30", "minutes": "20", "slots": "3", **values}


def test_a_clinic_is_added_once_and_its_free_slots_withdrawn(service):
    visitor = client(Role.PROVIDER_ADMINISTRATOR)
    day = timezone.localdate() + timedelta(days=20)
    response = visitor.post(at("service_slots", service.pk), clinic(day))
    assert response.status_code == 302
    times = [timezone.localtime(each) for each in Slot.objects.values_list("starts", flat=True)]
    assert [f"{each:%H:%M}" for each in times] == ["09:30", "09:50", "10:10"]
    again = visitor.post(at("service_slots", service.pk), clinic(day))
    assert again.status_code == 400
    assert "There are slots at that time already" in text(again)
    first, second, third = Slot.objects.all()
    Slot.objects.filter(pk=second.pk).update(status=SlotStatus.BOOKED)
    page = text(visitor.get(response["Location"]))
    assert page.count('name="slot"') == 2
    ticked = {"slot": [first.pk, second.pk], "week": day.isoformat()}
    answer = visitor.post(at("withdraw_slots", service.pk), ticked)
    assert "withdrawn=1" in answer["Location"]
    assert "Slots withdrawn: 1" in text(visitor.get(answer["Location"]))
    states = list(Slot.objects.values_list("status", flat=True))
    assert states == [SlotStatus.WITHDRAWN, SlotStatus.BOOKED, SlotStatus.FREE]
    assert third.status == SlotStatus.FREE


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day-year": "2020"}, "The clinic must begin in the future"),
        ({"begins": "nine"}, "Begins at: enter a time"),
        ({"minutes": "1"}, "Minutes: enter a number from 5 to 240"),
        ({"slots": "41"}, "Slots: enter a number from 1 to 40"),
    ],
)
def test_a_clinic_that_cannot_be(service, values, words):
    day = timezone.localdate() + timedelta(days=20)
    response = client().post(at("service_slots", service.pk), clinic(day, **values))
    assert response.status_code == 400
    assert words in text(response)
    assert not Slot.objects.exists()


def test_slots_of_another_service_are_not_withdrawn_here(service):
    other = a_slot(a_service(OTHER_HOSPITAL))
    visitor = client()
    visitor.post(at("withdraw_slots", service.pk), {"slot": [other.pk]})
    other.refresh_from_db()
    assert other.status == SlotStatus.FREE
    assert visitor.get(at("service_slots", other.service_id)).status_code == 404
