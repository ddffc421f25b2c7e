"""Whatever the aggregator sends, the answer is as published, and never a fault of ours."""

import json
from functools import cache

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.service.accounts.conftest import patients, provider, service  # noqa: F401
from tests.service.aggregator.test_aggregator import (  # noqa: F401
    DOCUMENT,
    SYSTEM,
    a_letter,
    app,
    asked_of,
    hold,
    referral,
    token_for,
)
from tests.sizes import SOAK

from clockstop.service.transfers.states import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]  # the latter: more in the long runs
KINDS = ["Appointment", "DocumentReference", "Task"]
ANY = settings(
    max_examples=200 if SOAK else 6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def schema(specs):
    return schemathesis.openapi.from_dict(
        json.loads((specs / DOCUMENT).read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_any_request_is_answered_as_published(kind, specs, client, referral, patients):  # noqa: F811
    a_letter(referral)
    asked_of(referral, Asked.INVITED)
    number = patients.claims["nhs_number"]

    @ANY
    @given(
        case=schema(specs)[f"/{kind}"]["GET"].as_strategy(),
        is_patient=st.booleans(),
        is_proven=st.booleans(),
    )
    def answered(case, is_patient, is_proven):
        query = dict(case.query or {})
        headers = {
            name: str(value)
            for name, value in dict(case.headers or {}).items()
            if str(value).isascii() and str(value).isprintable()
        }
        if is_patient:
            query["patient:identifier"] = SYSTEM + number
        if is_proven:
            headers["NHSD-ID-Token"] = token_for(patients)
        told = client.get(f"/aggregator/FHIR/R4/{kind}", query, headers=headers)
        assert told["Content-Type"] == "application/fhir+json"
        assert told.status_code < 500
        if told.status_code == 200:
            assert is_patient
            assert is_proven
            assert told["X-Correlation-ID"]
            hold(told.json(), kind)
        else:
            assert told.json()["resourceType"] == "OperationOutcome"

    answered()
