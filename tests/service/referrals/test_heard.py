"""What others hear of a step, and what the patient says of the choice."""

import pytest
from tests.service.referrals.made_up import a_referral, a_referrer, a_service, a_slot

from clockstop.service.audit.recording import Actor
from clockstop.service.referrals import actions
from clockstop.service.referrals.actions.choosing import patient_says
from clockstop.service.referrals.signals import stepped
from clockstop.service.referrals.states import Party

pytestmark = pytest.mark.django_db
PATIENT = actions.Hand(by=Actor("p", "patient"), parties=frozenset({Party.PATIENT}))


def test_a_step_is_heard_with_the_appointment_at_hand():
    heard = []

    def hear(*, referral, action, **_):
        heard.append((action, referral.appointments.filter(status="booked").count()))

    stepped.connect(hear)
    try:
        service, actor = a_service(), a_referrer()
        referral = a_referral(service, actor=actor)
        actions.book(actor=actor, referral_id=referral.pk, slot_id=a_slot(service).pk)
    finally:
        stepped.disconnect(hear)
    assert heard == [("create", 0), ("book", 1)]


def test_what_the_patient_says_stands_beside_what_the_referrer_says():
    referral = a_referral()
    offered = referral.choice.offered
    for answer in (False, True):
        event = patient_says(PATIENT, referral, offered=answer)
        assert event.patient_says == ("yes" if answer else "no")
        assert event.offered == offered
        assert event.patient_said_at


def test_nobody_says_it_for_them():
    referral, actor = a_referral(), a_referrer()
    with pytest.raises(actions.StepRefusedError, match="Only the patient"):
        patient_says(actions.hand_of(actor, referral), referral, offered=True)
    referral.choice.refresh_from_db()
    assert referral.choice.patient_says == ""
