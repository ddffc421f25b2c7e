"""“Your care”: everything of a patient on one page, and nothing of anybody else."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.messaging.made_up import Memory, reached
from tests.service.people import (
    PRACTICE,
    a_member,
    a_pathway,
    a_patient,
    an_event,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)
from tests.service.portal.made_up import a_hospital_date, online, referred

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.messaging import outbox, standing
from clockstop.service.messaging.models import Channel, Contact, Message
from clockstop.service.portal import telling
from clockstop.service.portal.presenters import waits as presenter
from clockstop.service.referrals.models import Appointment
from clockstop.service.ui import figures

pytestmark = pytest.mark.django_db
CARE = "/your-care/"


def text(response):
    return " ".join(response.content.decode().split())


def a_booking(referral, slot, **values):
    """An appointment of a referral, in three days unless told otherwise."""
    starts = values.pop("starts", timezone.now() + timedelta(days=3))
    service = referral.shortlist.first().service
    return Appointment.objects.create(
        icb_code=referral.icb_code,
        referral=referral,
        service=service,
        slot=slot,
        starts=starts,
        ends=starts + timedelta(minutes=30),
        created_at=timezone.now(),
        **values,
    )


def waiting(weeks=20, patient=None, **values):
    """A pathway whose clock has run for so many weeks."""
    pathway = a_pathway(patient, **values)
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=weeks))
    return pathway


class Ahead:
    """Says that half are treated within a tenth of a week more for each week waited."""

    class facts:  # noqa: N801
        weeks = 104

        class origin:  # noqa: N801
            census = date(2026, 9, 30)

    def expected(self, provider, function, waited):
        within = type("Within", (), {"p50": waited / 10, "p80": None})
        return type("Expected", (), {"within": {"all": within}})


def test_one_page_has_referrals_waits_dates_and_whom_to_call():
    client, referral, _ = referred()
    online()
    a_hospital_date(waiting(patient=referral.patient))
    page = text(client.get(CARE))
    for words in (
        "You can choose where to go",
        "You are still on the list. You have waited <strong>20 weeks</strong>",
        "Change, cancel or confirm",
        "Call 01632 960001, 8am to 6pm",
        "If you feel worse",
        "While you wait",
        "How care is arranged",
        "Do I still need this care?",
    ):
        assert words in page, words


def folded(page):
    """What stands under past and cancelled appointments, in its order."""
    found = re.search(r'<details[^>]*id="earlier">.*?</details>', page)
    return re.findall(r"<li>(.*?)</li>", found[0]) if found else None


def test_what_is_past_or_off_is_folded_after_what_is_to_come():
    client, referral, (first, second) = referred()
    now = timezone.now()
    a_booking(referral, first, starts=now - timedelta(days=30), status="fulfilled")
    a_booking(referral, None, starts=now - timedelta(days=60), status="noshow")
    for days, whom in ((1, "patient"), (2, "provider")):
        starts = now + timedelta(days=days)
        a_booking(referral, None, starts=starts, status="cancelled", cancelled_by=whom)
    a_booking(referral, second, starts=second.starts)
    page = text(client.get(CARE))
    ends = [each.rsplit(". ", 1)[1] for each in folded(page)]
    assert ends == [
        "Cancelled by the hospital.",
        "Cancelled by you or your practice.",
        "You came.",
        "The hospital recorded that you did not come.",
    ]
    coming = f"{figures.day(timezone.localdate(second.starts))} at"
    assert page.index(coming) < page.index('id="earlier"')
    assert not [each for each in folded(page) if coming in each]


def test_one_that_has_begun_is_no_more_to_come():
    client, referral, (slot, _) = referred()
    a_booking(referral, slot, starts=timezone.now() - timedelta(minutes=5))
    page = text(client.get(CARE))
    assert "has not recorded yet whether you came" in folded(page)[0]
    assert page.count("Hospital RAA") == 1


def test_nothing_is_folded_where_nothing_is_past():
    client, referral, (slot, _) = referred()
    assert folded(text(client.get(CARE))) is None
    a_booking(referral, slot)
    assert folded(text(client.get(CARE))) is None


def test_a_carer_reads_whose_past_appointment_it_was():
    _, referral, _ = referred()
    a_booking(referral, None, status="cancelled", cancelled_by="provider")
    [line] = folded(text(signed_in_carer(Client(), referral.patient).get(CARE)))
    assert f"for {referral.patient.name}. " in line


def test_it_says_how_much_longer_by_how_long_they_have_waited(monkeypatch):
    monkeypatch.setattr(presenter, "current_waits", Ahead)
    pathway = waiting(weeks=20)
    page = text(signed_in_patient(Client(), pathway.patient).get(CARE))
    assert "half are treated within 2 weeks more, and 8 in 10 within over 104 weeks more" in page
    assert "figures of 30 September 2026" in page


def test_nothing_is_foretold_under_suspicion_of_cancer(monkeypatch):
    monkeypatch.setattr(presenter, "current_waits", Ahead)
    pathway = waiting(priority="3")
    page = text(signed_in_patient(Client(), pathway.patient).get(CARE))
    assert "You are still on the list" in page
    assert "half are treated" not in page


def test_there_is_a_page_where_there_is_nothing():
    page = text(signed_in_patient(Client(), a_patient()).get(CARE))
    assert "There is nothing here yet" in page


def test_a_patient_sees_nobody_else():
    _, referral, _ = referred()
    other = waiting(patient=a_patient(family_name="Featherstonehaugh"))
    client = signed_in_patient(Client(), a_patient())
    page = text(client.get(CARE))
    for trace in (str(referral.pk), str(other.pk), "Featherstonehaugh"):
        assert trace not in page


def test_letters_and_messages_that_were_sent_can_be_read_again():
    client, referral, (slot, _) = referred()
    wanted = {"service": slot.service_id, "slot": slot.pk, "version": 1}
    client.post(f"/your-care/{referral.pk}/times/", wanted)
    assert "Your NHS appointment" not in text(client.get(CARE))
    outbox.send_due(Memory())
    assert "Your NHS appointment" in text(client.get(CARE))


def test_who_needs_easy_read_reads_letters_again_in_easy_read():
    client, referral, (slot, _) = referred()
    held = {"changed_at": timezone.now(), "changed_by": "test", "icb_code": referral.icb_code}
    Contact.objects.update_or_create(patient=referral.patient, defaults=held | {"easy_read": True})
    wanted = {"service": slot.service_id, "slot": slot.pk, "version": 1}
    client.post(f"/your-care/{referral.pk}/times/", wanted)
    outbox.send_due(Memory())
    assert "Then somebody else can have the time." in text(client.get(CARE))


def test_a_booking_that_ended_before_the_send_is_not_told():
    client, referral, (slot, _) = referred()
    wanted = {"service": slot.service_id, "slot": slot.pk, "version": 1}
    client.post(f"/your-care/{referral.pk}/times/", wanted)
    referral.appointments.update(status="cancelled")
    assert outbox.send_due(Memory()) == {"cancelled": 1}


def test_contact_and_needs_are_kept_and_audited():
    patient = waiting().patient
    client = signed_in_patient(Client(), patient)
    at = f"/your-care/reached/{patient.pk}/"
    assert client.get(at).status_code == 200
    assert client.post(at, {"mobile": "12", "email": "x"}).status_code == 400
    typed = {"mobile": "07700 900 123", "large_print": "on", "interpreter": "Polish"}
    assert client.post(at, typed).status_code == 302
    held = Contact.objects.get()
    assert (held.mobile, held.needs) == ("07700900123", ("Large print", "Interpreter: Polish"))
    assert standing.channel_for(patient) == Channel.LETTER
    assert Entry.objects.filter(action="changed how to be reached").count() == 1
    client.post(at, {"mobile": "07700900123", "no_messages": "on"})
    assert standing.has_opted_out(patient)
    assert 'value="07700900123"' in text(client.get(at))


def test_a_carer_keeps_it_for_them_and_nobody_else_does():
    patient = waiting().patient
    at = f"/your-care/reached/{patient.pk}/"
    assert signed_in_carer(Client(), patient).post(at, {"easy_read": "on"}).status_code == 302
    stranger = signed_in_patient(Client(), a_patient())
    assert stranger.post(at, {"large_print": "on"}).status_code == 404
    assert Contact.objects.get().needs == ("Easy read",)


def test_staff_read_the_needs_at_the_head_of_every_page_about_the_patient():
    _, referral, _ = referred()
    patient = referral.patient
    pathway = waiting(patient=patient)
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR))
    practice = signed_in(Client(), a_member(Role.REFERRER, PRACTICE))
    pages = (
        (office, reverse("pathway", args=(pathway.pk,))),
        (practice, reverse("referred", args=(referral.pk,))),
    )
    for client, at in pages:
        assert "<dt>Needs</dt>" not in text(client.get(at))
    reached(patient, sign_language=True)
    for client, at in pages:
        assert "British Sign Language interpreter" in text(client.get(at))


def test_asking_whether_care_is_needed_removes_nobody():
    from clockstop.service.audit.recording import SYSTEM

    pathway = waiting()
    pathway.refresh_from_db()
    length = pathway.length
    first = telling.ask_still_needed(pathway, SYSTEM)
    assert telling.ask_still_needed(pathway, SYSTEM).pk == first.pk
    outbox.send_due(Memory())
    pathway.refresh_from_db()
    assert pathway.length == length
    assert not pathway.reviews.exists()
    client = signed_in_patient(Client(), pathway.patient)
    client.post(f"/pathways/{pathway.pk}/not-needed/")
    assert pathway.reviews.get().kind == "no_longer_needed"
    assert telling.clock_runs(pathway)


def test_nobody_is_asked_who_does_not_wait():
    from clockstop.service.audit.recording import SYSTEM

    assert telling.ask_still_needed(a_pathway(), SYSTEM) is None
    assert not Message.objects.exists()
