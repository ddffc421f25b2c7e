"""Each step of a referral: where it leads, what it does to slots and to the clock, what stops it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    SEARCH,
    a_booking_office,
    a_clinician,
    a_patient,
    a_referral,
    a_referrer,
    a_secretary,
    a_service,
    a_slot,
    begun,
    booked,
)

from clockstop.core.rulebook.working_days import working_days_after
from clockstop.core.state_tables import StepRefusedError
from clockstop.service.audit.recording import Actor
from clockstop.service.ers.resources.referrals import pathway_start
from clockstop.service.pathways.clock import clock_on
from clockstop.service.referrals import actions
from clockstop.service.referrals.actions import StaleError
from clockstop.service.referrals.actions.booking import cancel_appointment_by
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.states import Party

pytestmark = pytest.mark.django_db


def kinds(referral):
    return [each.kind for each in referral.pathway.events.all()]


def clock(referral):
    return clock_on(referral.pathway.events.all(), timezone.localdate())


def codes(refused):
    return [each.code for each in refused.value.refusals]


def test_a_new_referral_is_not_booked_and_no_clock_runs():
    referral = a_referral(a_service(), a_service(OTHER_HOSPITAL))
    assert (referral.state, referral.version, referral.pathway) == ("NOT_BOOKED", 1, None)
    assert [each.provider_code for each in referral.shortlist.all()] == ["RAA", "RBB"]
    assert referral.choice.providers == 2
    assert (referral.choice.offered, referral.choice.in_scope) == ("", True)


def test_booking_takes_the_slot_and_starts_the_clock_under_the_reference():
    referral = booked()
    assert referral.state == "BOOKED"
    assert referral.appointments.get().slot.status == "booked"
    assert (referral.pathway.identifier, referral.pathway.issuer) == (
        referral.ubrn.zfill(20),
        "X09",
    )
    assert kinds(referral) == ["ubrn_converted"]
    assert clock(referral).periods[-1].start == timezone.localdate()
    assert referral.choice.chosen_provider == "RAA"


def test_a_slot_that_is_gone_leaves_everything_as_it_was():
    service, actor = a_service(), a_referrer()
    slot = a_slot(service)
    first, second = a_referral(service, actor=actor), a_referral(service, actor=actor)
    actions.book(actor=actor, referral_id=first.pk, slot_id=slot.pk)
    with pytest.raises(StepRefusedError) as refused:
        actions.book(actor=actor, referral_id=second.pk, slot_id=slot.pk)
    assert codes(refused) == ["SLOT_NOT_AVAILABLE"]
    second.refresh_from_db()
    assert (second.state, second.version, second.pathway) == ("NOT_BOOKED", 1, None)


def test_deferring_is_refused_while_there_are_slots():
    service, actor = a_service(), a_referrer()
    a_slot(service)
    referral = a_referral(service, actor=actor)
    with pytest.raises(StepRefusedError) as refused:
        actions.defer(
            actor=actor,
            referral_id=referral.pk,
            service_id=service.pk,
            reason="NO_SLOTS_AT_SERVICE",
        )
    assert codes(refused) == ["SLOTS_CURRENTLY_AVAILABLE"]


def test_deferring_lists_a_slot_issue_with_a_promise():
    service, actor = a_service(), a_referrer()
    referral = a_referral(service, actor=actor)
    referral = actions.defer(
        actor=actor, referral_id=referral.pk, service_id=service.pk, reason="NO_SLOTS_AT_SERVICE"
    )
    assert referral.state == "DEFERRED_TO_PROVIDER"
    assert referral.contact_by == working_days_after(timezone.localdate(), 40)
    assert kinds(referral) == ["slot_issue_listed"]


def _book(referral, actor, service):
    actions.book(actor=actor, referral_id=referral.pk, slot_id=a_slot(service).pk)


def _defer(referral, actor, service):
    reason = "NO_SLOTS_AT_SERVICE"
    actions.defer(actor=actor, referral_id=referral.pk, service_id=service.pk, reason=reason)


def _send_for_triage(referral, actor, service):
    actions.send_for_triage(actor=actor, referral_id=referral.pk, service_id=service.pk)


def _defer_and_book(referral, actor, service):
    _defer(referral, actor, service)
    _book(referral, a_booking_office(), service)


@pytest.mark.parametrize(
    ("begin", "triage"),
    [
        (_book, False),
        (_defer, False),
        (_defer_and_book, False),
        (_send_for_triage, False),
        (lambda *_: None, True),
    ],
    ids=["booked", "deferred", "deferred, then booked", "sent for triage", "made for triage"],
)
@pytest.mark.parametrize("kind", ["FIRST_OUTPATIENT", "ASSESSMENT_SERVICE"])
def test_the_clock_starts_where_the_referrer_says_however_the_referral_begins(begin, triage, kind):
    start = timezone.localdate() - timedelta(days=200)
    takes_triage = triage or begin is _send_for_triage
    service, actor = a_service(appointment_type=kind, takes_triage=takes_triage), a_referrer()
    referral = a_referral(service, actor=actor, triage=triage, supplied_start=start)
    begin(referral, actor, service)
    referral.refresh_from_db()
    assert [each.start for each in clock(referral).periods] == [start]
    assert timezone.localtime(pathway_start(referral)).date() == start


def test_triage_is_accepted_and_booked_by_the_provider():
    service = a_service(takes_triage=True)
    referral = a_referral(service, triage=True)
    assert referral.state == "AWAITING_TRIAGE"
    clinician, office, slot = a_clinician(), a_booking_office(), a_slot(service)
    actions.accept_book_later(actor=clinician, referral_id=referral.pk)
    actions.book(actor=office, referral_id=referral.pk, slot_id=slot.pk)
    referral.refresh_from_db()
    assert referral.state == "BOOKED"
    assert kinds(referral) == ["ubrn_converted"]


def test_triage_returned_with_advice_stops_the_clock():
    referral = a_referral(a_service(takes_triage=True), triage=True)
    referral = actions.return_with_advice(
        actor=a_clinician(), referral_id=referral.pk, comment="Try physiotherapy first"
    )
    assert referral.state == "TRIAGE_RESPONSE"
    assert clock(referral).running is None


def test_a_rejected_referral_goes_elsewhere_and_its_clock_goes_on():
    referral = booked()
    slot = referral.appointments.get().slot
    actions.reject(actor=a_clinician(), referral_id=referral.pk, reason="SERVICE_INAPPROPRIATE")
    slot.refresh_from_db()
    assert slot.status == "free"
    actor, other = a_referrer(), a_service(OTHER_HOSPITAL)
    actions.change_shortlist(actor=actor, referral_id=referral.pk, services=[other.pk])
    actions.book(actor=actor, referral_id=referral.pk, slot_id=a_slot(other).pk)
    referral.refresh_from_db()
    assert referral.pathway.organisation_code == OTHER_HOSPITAL
    assert kinds(referral) == ["ubrn_converted", "referral_rejected", "ubrn_converted"]
    assert len(clock(referral).periods) == 1


def test_a_missed_first_appointment_is_nullified_and_rebooking_starts_anew():
    referral = begun(booked())
    actions.not_attended(
        actor=a_booking_office(),
        referral_id=referral.pk,
        reason="PATIENT_FORGOT",
        communicated=True,
    )
    referral.refresh_from_db()
    assert (referral.state, clock(referral).running) == ("DID_NOT_ATTEND", None)
    slot = a_slot(referral.service)
    actions.book(actor=a_referrer(), referral_id=referral.pk, slot_id=slot.pk)
    referral.refresh_from_db()
    assert clock(referral).running is not None


def test_nobody_can_miss_what_is_still_to_come():
    referral = booked()
    with pytest.raises(StepRefusedError) as refused:
        actions.not_attended(
            actor=a_booking_office(), referral_id=referral.pk, reason="PATIENT_FORGOT"
        )
    assert codes(refused) == ["INVALID_STATE"]


def test_what_has_begun_is_the_providers_to_settle():
    referral = begun(booked(patient_phone="01632 960001"))
    values = {"referral_id": referral.pk, "reason": "PATIENT_HOLIDAY"}
    patient = actions.Hand(by=Actor("p", "patient"), parties=frozenset({Party.PATIENT}))
    with pytest.raises(StepRefusedError, match="call Hospital RAA on 01632 960001") as refused:
        actions.cancel_appointment(actor=a_referrer(), **values)
    assert codes(refused) == ["UNABLE_TO_CANCEL_APPOINTMENT"]
    with pytest.raises(StepRefusedError):
        cancel_appointment_by(patient, referral, "PATIENT_HOLIDAY", "")
    assert referral.appointments.get().status == "booked"
    actions.cancel_appointment(actor=a_booking_office(), for_patient=True, **values)
    assert referral.appointments.get().status == "cancelled"


@pytest.mark.parametrize(
    ("reason", "entered"),
    [
        ("TREATMENT_NO_LONGER_REQUIRED", "treatment_declined"),
        ("INTEND_PRIVATE", "private_treatment"),
        ("PATIENT_DIED", "death"),
        ("RAISED_IN_ERROR", "entry_withdrawn"),
    ],
)
def test_cancelling_a_referral_ends_its_clock_by_the_reason(reason, entered):
    referral = booked()
    actions.cancel_referral(
        actor=a_referrer(), referral_id=referral.pk, reason=reason, comment="As agreed"
    )
    referral.refresh_from_db()
    assert referral.state == "CANCELLED_REFERRAL"
    assert kinds(referral)[-1] == entered
    assert clock(referral).running is None
    assert referral.appointments.get().slot.status == "free"


def test_a_version_that_is_behind_changes_nothing():
    referral = booked()
    with pytest.raises(StaleError):
        actions.accept(actor=a_clinician(), referral_id=referral.pk, version=1)


def test_a_secretary_names_the_clinician():
    secretary, clinician = a_secretary()
    request = actions.Request(criteria=SEARCH, services=[a_service().pk])
    with pytest.raises(StepRefusedError):
        actions.create(actor=secretary, patient=a_patient(), request=request)
    referral = actions.create(
        actor=secretary, patient=a_patient(), request=request, acting_for=clinician
    )
    assert referral.referrer == str(clinician)


def test_another_practices_patient_is_not_theirs_to_refer():
    with pytest.raises(PermissionDenied):
        a_referral(patient=a_patient(practice_code="A81002"))


def test_another_hospital_sees_no_referral_that_was_never_sent_there():
    referral = booked()
    with pytest.raises(Referral.DoesNotExist):
        actions.accept(actor=a_clinician(OTHER_HOSPITAL), referral_id=referral.pk)


def test_advice_becomes_a_referral_only_if_the_referrer_let_it():
    service = a_service(takes_advice=True)
    patient, actor = a_patient(), a_referrer()
    for may in (False, True):
        advice = actions.ask(
            actor=actor,
            patient=patient,
            service_id=service.pk,
            question="Is this worth an X-ray?",
            may_convert=may,
        )
        if not may:
            with pytest.raises(StepRefusedError):
                actions.convert(actor=a_clinician(), advice_id=advice.pk)
            continue
        referral = actions.convert(actor=a_clinician(), advice_id=advice.pk)
        assert referral.state == "TRIAGED_PROVIDER_TO_ACTION"
        assert clock(referral).running is not None


def test_one_that_came_back_with_advice_and_is_sent_anew_starts_another_clock():
    referral = a_referral(a_service(takes_triage=True), triage=True)
    actions.return_with_advice(
        actor=a_clinician(), referral_id=referral.pk, comment="Try physiotherapy first"
    )
    actor, service = a_referrer(), a_service()
    actions.change_shortlist(actor=actor, referral_id=referral.pk, services=[service.pk])
    actions.book(actor=actor, referral_id=referral.pk, slot_id=a_slot(service).pk)
    referral.refresh_from_db()
    assert kinds(referral) == ["ubrn_converted", "returned_to_primary_care", "ubrn_converted"]
    assert [each.runs for each in clock(referral).periods] == [False, True]


def test_one_that_was_missed_and_goes_back_to_the_practice_starts_anew_when_it_is_booked():
    referral = begun(booked())
    actions.not_attended(
        actor=a_booking_office(),
        referral_id=referral.pk,
        reason="PATIENT_FORGOT",
        communicated=True,
    )
    actor, service = a_referrer(), referral.service
    actions.change_shortlist(actor=actor, referral_id=referral.pk, services=[service.pk])
    actions.book(actor=actor, referral_id=referral.pk, slot_id=a_slot(service).pk)
    referral.refresh_from_db()
    assert clock(referral).running is not None
