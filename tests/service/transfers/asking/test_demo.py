"""The demo's patients who were invited, and those of them who asked."""

import pytest
from tests.service.people import HOSPITAL
from tests.service.transfers.made_up import a_clinician, a_manager, waits

from clockstop.service.transfers.demo_asking import seed_asking
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db


def test_the_demo_has_requests_to_review_and_some_found_suitable_once():
    assert seed_asking(HOSPITAL) == 0
    a_manager()
    a_clinician()
    for _ in range(6):
        waits()
    assert seed_asking(HOSPITAL) == 6
    assert seed_asking(HOSPITAL) == 0
    states = sorted(PatientRequest.objects.values_list("state", flat=True))
    assert states == [Asked.REQUESTED] * 2 + [Asked.SUITABLE] * 4
