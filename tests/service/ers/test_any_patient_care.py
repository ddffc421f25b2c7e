"""Whatever an app sends for a patient, the answer is as published, and never a fault of ours."""

from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.service.ers.published import document
from tests.service.ers.test_patient_care import AT, asked, get, token_of
from tests.service.referrals.made_up import booked
from tests.sizes import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]  # the latter: more in the long runs
NAME = "ers-patient-care"
SERVICE = "/FHIR/R4/HealthcareService/{id}"
ANY = settings(
    max_examples=200 if SOAK else 6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("path", [AT, SERVICE])
def test_any_request_is_answered_as_published(path, specs):
    referral = booked()
    patient, token = referral.patient, token_of(referral.patient)
    schema = schemathesis.openapi.from_dict(document(NAME))

    @ANY
    @given(case=schema[path]["GET"].as_strategy(), real=st.booleans())
    def answered(case, real):
        key = referral.service_id if real else (case.path_parameters or {}).get("id", "")
        query = dict(case.query or {})
        if real and path == AT:
            query = asked(patient.nhs_number)
        at = path.replace("{id}", quote(str(key), safe=""))
        assert get(at, token, query).status_code < 500

    answered()
