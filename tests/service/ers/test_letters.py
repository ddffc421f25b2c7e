"""A019: the letter for the patient, as a PDF."""

import pytest
from tests.service.ers.bodies import at
from tests.service.ers.calling import a_consultant, a_gp, codes_of
from tests.service.referrals.made_up import a_patient, a_referral, booked

from clockstop.service.referrals import actions
from clockstop.service.referrals.models import AccessCode

pytestmark = pytest.mark.django_db
LETTER = "generatePatientLetter"


@pytest.mark.parametrize("accepted", ["application/pdf", "application/fhir+json", "*/*"])
def test_a_letter_is_a_pdf_with_a_new_access_code(accepted):
    referral = booked()
    response = a_gp().post(at(referral, LETTER), Accept=accepted)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    assert int(response["Content-Length"]) == len(response.content)
    assert referral.ubrn in response["Content-Disposition"]
    assert AccessCode.objects.filter(referral=referral).exists()


def test_a_sensitive_record_has_a_letter_without_a_code():
    referral = a_referral(patient=a_patient(sensitive=True))
    assert a_gp().post(at(referral, LETTER)).status_code == 200
    assert not AccessCode.objects.exists()


def test_a_letter_is_made_by_the_practice_of_an_open_referral_alone():
    referral = booked()
    assert a_consultant().post(at(referral, LETTER)).status_code == 403
    assert a_gp("A81002").post(at(referral, LETTER)).status_code == 404
    assert a_gp().post(at(referral, LETTER), Accept="text/html").status_code == 406
    actions.cancel_referral(
        actor=a_gp().actor, referral_id=referral.pk, reason="REFERRER_CANCELLATION", comment="x"
    )
    assert codes_of(a_gp().post(at(referral, LETTER))) == ["INVALID_REQUEST_STATE"]
