"""The patient's page asks the store the same few questions however much there is on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.service.people import a_pathway, an_event
from tests.service.portal.made_up import a_hospital_date, referred

pytestmark = pytest.mark.django_db


def more_care(patient):
    pathway = a_hospital_date(a_pathway(patient))
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=20))
    referred(patient=patient)


def test_more_care_costs_no_more_questions():
    client, referral, _ = referred()
    asked = []
    for _ in range(3):
        more_care(referral.patient)
        with CaptureQueriesContext(connection) as held:
            assert client.get("/your-care/").status_code == 200
        asked.append(len(held))
    assert len(set(asked)) == 1, asked
