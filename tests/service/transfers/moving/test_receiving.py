"""A patient is received: one place, one start, one identifier, and both returns right."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.transfers.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_capacity,
    a_clinician,
    a_manager,
    a_test_request,
    accepted,
    an_open_request,
    days_ago,
    transferred,
    transferring,
    with_form,
)

from clockstop.core.rtt.reporting import reported
from clockstop.core.state_tables import StepRefusedError
from clockstop.core.types import Month, Part
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import HospitalRecord, Pathway
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import aid, moving
from clockstop.service.transfers.models import PracticeNotice, Transfer
from clockstop.service.transfers.states import Aid

pytestmark = pytest.mark.django_db
TESTS = {"kind": "diagnostic", "diagnostic_tests": ("MRI",), "result_within": 7}


def clock_of(request, day=None):
    return clock_on(request.pathway.events.all(), day or timezone.localdate())


def codes(error):
    return [each.code for each in error.value.refusals]


def test_nothing_starts_while_a_mandatory_element_is_missing_and_all_are_told():
    made = accepted()
    with pytest.raises(StepRefusedError) as refused:
        aid.pass_check(actor=a_clinician(OTHER_HOSPITAL), request_id=made.request_id)
    fields = {each.field for each in refused.value.refusals}
    assert {"title", "gp_name", "referrer_code", "sender_contact", "return_to"} <= fields
    made.request.refresh_from_db()
    assert made.request.state == Aid.ACCEPTED
    assert not Transfer.objects.exclude(started_at=None).exists()


def test_a_transfer_that_starts_sends_its_form_once():
    request = transferring()
    transfer = request.transfer
    assert transfer.started_at
    assert transfer.sent_at  # the receiver's people work on this store
    assert transfer.exchanges.count() == 1


def test_the_patient_goes_from_list_to_list_with_the_start_and_the_identifier():
    request = transferring()
    before = clock_of(request).running
    identifier = (request.pathway.identifier, request.pathway.issuer)
    assert ListEntry.objects.get(pathway=request.pathway).organisation_code == HOSPITAL
    moving.receive(actor=a_manager(OTHER_HOSPITAL), request_id=request.pk)
    pathway = Pathway.objects.get(pk=request.pathway_id)
    after = clock_of(request)
    assert after.running.start == before.start == days_ago(300)
    assert after.running.place == before.place
    assert [each.provider for each in after.running.listings] == [HOSPITAL, OTHER_HOSPITAL]
    assert (pathway.identifier, pathway.issuer) == identifier
    assert pathway.organisation_code == OTHER_HOSPITAL
    entry = ListEntry.objects.get(pathway=pathway)
    assert (entry.organisation_code, entry.clock_start) == (OTHER_HOSPITAL, before.start)
    assert [each.status for each in after.events[-2:]] == ["21", "20"]
    assert not after.findings


def test_the_sender_reports_until_the_receiver_has_the_patient():
    request = transferred()
    found, today = clock_of(request), timezone.localdate()
    before = Month(today.year, today.month).plus(-1).census
    for census, whose in (
        (before, HOSPITAL),
        (Month(today.year, today.month).census, OTHER_HOSPITAL),
    ):
        lines = [each for each in reported(found, census).lines if each.part is Part.INCOMPLETE]
        assert [each.provider for each in lines] == [whose]
    census = Month(today.year, today.month).census
    parts = {each.part for each in reported(found, census).lines}
    assert parts == {Part.INCOMPLETE}  # neither a completed nor a new period


def test_each_provider_sees_what_it_is_to_see():
    request = transferred()
    seen = Pathway.objects.filter(pk=request.pathway_id)
    assert seen.visible_to(a_manager(OTHER_HOSPITAL)).exists()
    ends = request.pathway.relationships.get(organisation_code=HOSPITAL, part="provider").ends
    assert ends == timezone.localdate() + timedelta(days=1)
    assert not Transfer.objects.visible_to(a_manager("RCC")).exists()


def test_received_twice_is_received_once():
    request = transferred()
    length = Pathway.objects.get(pk=request.pathway_id).length
    again = moving.receive(actor=a_manager(OTHER_HOSPITAL), request_id=request.pk)
    assert again.state == Aid.TRANSFERRED
    assert Pathway.objects.get(pk=request.pathway_id).length == length


def test_the_practice_and_the_patient_are_told_once():
    request = transferred()
    (notice,) = PracticeNotice.objects.filter(request=request)
    assert (notice.kind, notice.practice_code) == ("moved", request.patient.practice_code)
    (message,) = Message.objects.filter(template="care_moved")
    assert message.patient == request.patient


def test_plans_of_the_sender_do_not_go_with_the_patient():
    made = accepted()
    HospitalRecord.objects.create(
        pathway=made.request.pathway,
        icb_code=made.icb_code,
        organisation_code=HOSPITAL,
        tci_date=timezone.localdate() + timedelta(days=9),
        procedure_priority="P2",
    )
    request = transferred(made)
    entry = ListEntry.objects.get(pathway=request.pathway)
    assert (entry.tci_date, entry.procedure_priority) == (None, "P2")


def test_a_treatment_at_the_first_visit_completes_at_once():
    request = transferring()
    treated = {"kind": "treatment_started", "day": timezone.localdate().isoformat()}
    moving.receive(actor=a_clinician(OTHER_HOSPITAL), request_id=request.pk, treated=treated)
    request.refresh_from_db()
    assert request.state == Aid.COMPLETED
    (line,) = request.transfer.activity.all()
    assert (line.what, line.day, line.organisation_code) == (
        "treated",
        timezone.localdate(),
        OTHER_HOSPITAL,
    )
    found = reported(clock_of(request), Month(*timezone.localdate().timetuple()[:2]).census)
    (line,) = [each for each in found.lines if each.part is Part.NONADMITTED]
    assert line.provider == OTHER_HOSPITAL


def test_others_than_the_receiver_receive_nobody():
    request = transferring()
    with pytest.raises(StepRefusedError) as refused:
        moving.receive(actor=a_manager(HOSPITAL), request_id=request.pk)
    assert codes(refused) == ["NOT_YOURS"]


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_lies_between_the_start_and_today(days):
    request = transferring()
    on = timezone.localdate() + timedelta(days=days)
    with pytest.raises(StepRefusedError) as refused:
        moving.receive(actor=a_manager(OTHER_HOSPITAL), request_id=request.pk, on=on)
    assert codes(refused) == ["DAY_OUT_OF_RANGE"]


def test_an_acceptance_that_came_to_nothing_leaves_no_transfer_to_receive():
    request = transferring()
    aid.withdraw(actor=a_manager(HOSPITAL), request_id=request.pk, reason="patient")
    assert request.transfer.__class__.objects.get(request=request).stopped_at
    assert not Transfer.objects.visible_to(a_manager(OTHER_HOSPITAL)).exists()
    with pytest.raises(StepRefusedError):
        moving.receive(actor=a_manager(OTHER_HOSPITAL), request_id=request.pk)
    assert Pathway.objects.get(pk=request.pathway_id).organisation_code == HOSPITAL


def test_a_subcontract_of_which_the_sender_reports_needs_its_assurances_and_moves_no_list():
    needs = {"commissioner_agreed": "QAA-7", "shown_safe": "MDT of 3 May"}
    made = accepted(an_open_request(reported_by="sender", **needs))
    request = with_form(made)
    with pytest.raises(StepRefusedError) as refused:
        aid.pass_check(actor=a_clinician(OTHER_HOSPITAL), request_id=request.pk)
    assert [each.field for each in refused.value.refusals] == ["cnst_cover"]
    request = transferred(made, agreed={"cnst_cover": "CNST-1"})
    found = clock_of(request)
    assert not found.findings
    assert Pathway.objects.get(pk=request.pathway_id).organisation_code == HOSPITAL
    census = Month(*timezone.localdate().timetuple()[:2]).census
    lines = [each for each in reported(found, census).lines if each.part is Part.INCOMPLETE]
    assert [each.provider for each in lines] == [HOSPITAL]


def test_a_subcontract_of_which_the_treating_provider_reports_moves_the_list():
    made = accepted(an_open_request(reported_by="subcontractor"))
    request = transferred(made, agreed={"cnst_cover": "CNST-1"})
    assert clock_of(request).running.listed_by == OTHER_HOSPITAL
    assert Pathway.objects.get(pk=request.pathway_id).organisation_code == OTHER_HOSPITAL


def test_the_patient_comes_back_on_the_same_clock():
    request = transferred()
    start = clock_of(request).running.start
    moving.return_patient(
        actor=a_clinician(OTHER_HOSPITAL), request_id=request.pk, reason="not_fit"
    )
    request.refresh_from_db()
    found = clock_of(request)
    assert request.state == Aid.RETURNED
    assert (found.running.start, found.running.listed_by) == (start, HOSPITAL)
    assert not found.findings
    pathway = Pathway.objects.get(pk=request.pathway_id)
    assert pathway.organisation_code == HOSPITAL
    assert Pathway.objects.filter(pk=pathway.pk).visible_to(a_manager(HOSPITAL)).exists()
    assert ListEntry.objects.get(pathway=pathway).organisation_code == HOSPITAL


def test_a_return_needs_a_reason_and_a_clinician():
    request = transferred()
    with pytest.raises(StepRefusedError) as refused:
        moving.return_patient(actor=a_manager(OTHER_HOSPITAL), request_id=request.pk, reason="")
    assert codes(refused) == ["CLINICIAN_IS_REQUIRED", "VALUE_IS_REQUIRED"]


def test_a_test_leaves_the_list_and_the_clock_where_they_are():
    request = transferred(accepted(a_test_request(), a_capacity(**TESTS)))
    found = clock_of(request)
    assert [each.status for each in found.events if each.status] == []
    assert found.running.listed_by == HOSPITAL
    moving.report_result(
        actor=a_manager(OTHER_HOSPITAL), request_id=request.pk, result="No stenosis"
    )
    with pytest.raises(StepRefusedError) as refused:
        moving.read_result(actor=a_manager(HOSPITAL), request_id=request.pk)
    assert codes(refused) == ["CLINICIAN_IS_REQUIRED"]
    moving.read_result(actor=a_clinician(HOSPITAL), request_id=request.pk)
    request.refresh_from_db()
    assert request.state == Aid.COMPLETED
    assert clock_of(request).running.listed_by == HOSPITAL
    (line,) = request.transfer.activity.all()
    assert line.what == "tested"
