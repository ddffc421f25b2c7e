"""A transfer ends with the wait, whoever enters it and however; wherever it breaks, it resumes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.service.intake import extracts
from tests.service.people import an_event
from tests.service.transfers.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_clinician,
    a_manager,
    an_open_request,
    transferred,
    transferring,
)

from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.intake.actions import import_extract
from clockstop.service.pathways import handing
from clockstop.service.pathways.actions import record_death, record_event
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import moving
from clockstop.service.transfers.actions.moving import receiving, returning, stopping
from clockstop.service.transfers.actions.moving.charging import still_stopped
from clockstop.service.transfers.models import AidRequest, PracticeNotice, Transfer
from clockstop.service.transfers.states import Aid

pytestmark = pytest.mark.django_db


def state_of(request):
    return AidRequest.objects.get(pk=request.pk).state


def enter(request, kind, **values):
    pathway = Pathway.objects.get(pk=request.pathway_id)
    an_event(pathway, kind, timezone.localdate(), by=a_clinician(OTHER_HOSPITAL), **values)


def test_a_treatment_entered_on_the_pathways_own_page_completes_the_transfer():
    request = transferred()
    enter(request, "treatment_started")
    assert state_of(request) == Aid.COMPLETED
    assert Transfer.objects.get(request=request).treated_on == timezone.localdate()
    kinds = PracticeNotice.objects.filter(request=request).values_list("kind", flat=True)
    assert set(kinds) == {"moved", "treated"}


def test_an_attendance_that_stops_nothing_completes_nothing():
    request = transferred()
    enter(request, "attendance", status="20")
    assert state_of(request) == Aid.TRANSFERRED


def test_an_admission_completes_it_once_its_outcome_is_known():
    request = transferred()
    enter(request, "admission")
    assert state_of(request) == Aid.TRANSFERRED
    number = Pathway.objects.get(pk=request.pathway_id).length
    enter(request, "admission_outcome", admission=f"e{number}")
    assert state_of(request) == Aid.COMPLETED


@pytest.mark.parametrize("kind", ["decision_not_to_treat", "monitoring_started"])
def test_a_clock_that_stops_otherwise_ends_it_without_a_charge(kind):
    request = transferred()
    enter(request, kind)
    assert state_of(request) == Aid.COMPLETED
    last = request.steps.order_by("-version").first()
    assert (last.action, last.reason != "") == ("end_untreated", True)
    assert not Transfer.objects.get(request=request).activity.exists()


def mistaken(request, kind="entry_withdrawn", day=None):
    """The receiver's latest entry was wrong: taken back, or corrected."""
    pathway = Pathway.objects.get(pk=request.pathway_id)
    day = (day or timezone.localdate()).isoformat()
    record_event(
        actor=a_clinician(OTHER_HOSPITAL),
        pathway=pathway,
        values={"kind": kind, "day": day, "supersedes": f"e{pathway.length}"},
        submission=uuid4(),
        reason="Entered on the wrong patient",
    )


@pytest.mark.parametrize("kind", ["treatment_started", "decision_not_to_treat"])
def test_an_end_that_was_entered_by_mistake_leaves_the_receiver_to_treat(kind):
    request = transferred()
    enter(request, kind)
    mistaken(request)
    transfer = Transfer.objects.get(request=request)
    assert (state_of(request), transfer.treated_on) == (Aid.TRANSFERRED, None)
    assert not still_stopped(transfer.activity.all())
    enter(request, "treatment_started")
    transfer.refresh_from_db()
    assert (state_of(request), transfer.treated_on) == (Aid.COMPLETED, timezone.localdate())
    assert len(still_stopped(transfer.activity.all())) == 1


def test_the_practice_is_told_of_the_mistake_and_of_the_treatment_anew():
    request = transferred()
    notices = PracticeNotice.objects.filter(request=request)
    enter(request, "treatment_started")
    notices.update(read_at=timezone.now(), read_by="somebody")
    mistaken(request)
    assert [each.kind for each in notices.filter(read_at=None)] == ["not_treated"]
    enter(request, "treatment_started")
    assert {each.kind for each in notices.filter(read_at=None)} == {"not_treated", "treated"}


def test_a_treatment_of_another_day_is_charged_of_that_day():
    request = transferred()
    earlier = timezone.localdate() - timedelta(days=1)
    Transfer.objects.filter(request=request).update(received_on=earlier)
    enter(request, "treatment_started")
    mistaken(request, "treatment_started", earlier)
    transfer = Transfer.objects.get(request=request)
    assert (state_of(request), transfer.treated_on) == (Aid.COMPLETED, earlier)
    charged = still_stopped(transfer.activity.all())
    assert [each.day for each in transfer.activity.all() if each.pk in charged] == [earlier]


def test_a_wait_for_which_the_receiver_asks_others_is_not_open_twice():
    request = transferred()
    enter(request, "treatment_started")
    other = an_open_request()
    AidRequest.objects.filter(pk=other.pk).update(pathway=request.pathway)
    mistaken(request)
    assert state_of(request) == Aid.COMPLETED


def test_an_import_finds_a_wait_that_goes_on_after_all():
    request = transferred()
    AidRequest.objects.filter(pk=request.pk).update(state=Aid.COMPLETED)
    assert stopping.complete_stopped(icb_code=request.icb_code) == 1
    assert state_of(request) == Aid.TRANSFERRED
    assert stopping.complete_stopped(icb_code=request.icb_code) == 0


def test_a_death_after_the_move_closes_it():
    request = transferred()
    record_death(actor=SYSTEM, patient=request.patient, day=timezone.localdate())
    assert state_of(request) == Aid.CLOSED_DIED


def test_a_treatment_in_the_receivers_own_system_completes_it(tmp_path):
    request = transferred()
    pathway, today = request.pathway, timezone.localdate()
    told = {
        "identifier": pathway.identifier,
        "issuer": pathway.issuer,
        "provider": OTHER_HOSPITAL,
        "icb": pathway.icb_code,
    }
    event = {
        "kind": "treatment_started",
        "day": today.isoformat(),
        "setting": "outpatient",
        "provider": OTHER_HOSPITAL,
    }
    folder = extracts.write(
        tmp_path / "extract",
        [extracts.person(1, nhs_number=pathway.patient.nhs_number)],
        [extracts.pathway(1, **told)],
        extracts.events(1, event),
    )
    import_extract(SYSTEM, folder, provider=OTHER_HOSPITAL)
    assert state_of(request) == Aid.COMPLETED
    assert ListEntry.objects.get(pathway=pathway).organisation_code == OTHER_HOSPITAL


class BrokenError(RuntimeError):
    pass


def broken(*_, **__):
    raise BrokenError


def breaks(monkeypatch, module, name, act):
    """Do something while one of the parts that it is made of fails."""
    with monkeypatch.context() as patch:
        patch.setattr(module, name, broken)
        with pytest.raises(BrokenError):
            act()


def whose(request):
    """The lists that the patient is on: by the pathway, by the tracking list, by the clock."""
    pathway = Pathway.objects.get(pk=request.pathway_id)
    running = clock_on(pathway.events.all(), timezone.localdate()).running
    return (
        pathway.organisation_code,
        ListEntry.objects.get(pathway=pathway).organisation_code,
        running.listed_by,
    )


RECEIVE = [
    *((receiving, name) for name in ("form_arrived", "written", "enter_move", "tell_practice")),
    *((handing, name) for name in ("hand_over", "relate", "enter", "append")),
    *((receiving, name) for name in ("note", "tell_move")),
]
RETURN = ["enter_return", "tell_practice", "note", "tell_move"]


def test_whatever_breaks_while_a_patient_is_received_they_are_on_one_list(monkeypatch):
    request = transferring()
    receiver, entries = a_manager(OTHER_HOSPITAL), Entry.objects.count()

    def receive():
        moving.receive(actor=receiver, request_id=request.pk)

    for module, name in RECEIVE:
        breaks(monkeypatch, module, name, receive)
        assert whose(request) == (HOSPITAL, HOSPITAL, HOSPITAL), name
        assert (state_of(request), Entry.objects.count()) == (Aid.TRANSFERRING, entries), name
    receive()
    assert whose(request) == (OTHER_HOSPITAL,) * 3


def test_between_the_two_events_too(monkeypatch):
    request = transferring()
    receiver, real = a_manager(OTHER_HOSPITAL), handing.append

    def only_the_first(pathway, event, *given):
        return real(pathway, event, *given) if event.kind == "transfer_sent" else broken()

    with monkeypatch.context() as patch:
        patch.setattr(handing, "append", only_the_first)
        with pytest.raises(BrokenError):
            moving.receive(actor=receiver, request_id=request.pk)
    assert whose(request) == (HOSPITAL, HOSPITAL, HOSPITAL)
    moving.receive(actor=receiver, request_id=request.pk)
    assert whose(request) == (OTHER_HOSPITAL,) * 3


def test_whatever_breaks_on_the_way_back_too(monkeypatch):
    request = transferred()
    clinician = a_clinician(OTHER_HOSPITAL)

    def give_back():
        moving.return_patient(actor=clinician, request_id=request.pk, reason="not_fit")

    for name in RETURN:
        breaks(monkeypatch, returning, name, give_back)
        assert whose(request) == (OTHER_HOSPITAL,) * 3, name
    give_back()
    length = Pathway.objects.get(pk=request.pathway_id).length
    give_back()
    assert whose(request) == (HOSPITAL,) * 3
    assert Pathway.objects.get(pk=request.pathway_id).length == length


def test_there_and_back_and_there_again_within_a_day():
    request = transferred()
    moving.return_patient(
        actor=a_clinician(OTHER_HOSPITAL), request_id=request.pk, reason="no_capacity"
    )
    pathway = Pathway.objects.get(pk=request.pathway_id)
    handing.hand_over(pathway, OTHER_HOSPITAL)
    seen = Pathway.objects.filter(pk=pathway.pk)
    assert seen.visible_to(a_manager(OTHER_HOSPITAL)).exists()
    ends = pathway.relationships.filter(organisation_code=HOSPITAL, part="provider")
    assert {each.ends for each in ends} == {timezone.localdate() + timedelta(days=1)}
