"""Whatever a program sends, the answer is one that was published, and never a fault of ours."""

from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.service.ers.calling import FHIR, a_booking_office, a_consultant, a_gp
from tests.service.ers.published import document
from tests.service.referrals.made_up import a_service, a_slot, booked
from tests.sizes import SOAK

from clockstop.service.ers.operations import Function, operations

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]  # the latter: more in the long runs
THERE = [each for each in operations().values() if each.is_there]
EXAMPLES = 200 if SOAK else 4
OURS = {"authorization", "nhsd-end-user-organisation-ods", "nhsd-ers-business-function"}


def caller_for(operation):
    if Function.REFERRING_CLINICIAN in operation.functions or not operation.functions:
        return a_gp()
    by_consultant = Function.SERVICE_PROVIDER_CLINICIAN in operation.functions
    return a_consultant() if by_consultant else a_booking_office()


@pytest.mark.parametrize("operation", THERE, ids=lambda each: each.code)
def test_any_request_is_answered_as_published(operation, specs):
    a_slot(a_service())
    ubrn = booked().ubrn
    caller = caller_for(operation)
    schema = schemathesis.openapi.from_dict(document())
    strategy = schema[operation.path][operation.method].as_strategy()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, real=st.booleans())
    def answered(case, real):
        path = operation.path
        for name, value in (case.path_parameters or {}).items():
            text = ubrn if real and name == "ubrn" else str(value)
            path = path.replace(f"{{{name}}}", quote(text, safe=""))
        assert sent(caller, operation, path, case).status_code < 500

    answered()


def sent(caller, operation, path, case):
    headers = {
        name: value
        for name, value in dict(case.headers or {}).items()
        if name.lower() not in OURS and str(value).isascii() and str(value).isprintable()
    }
    if operation.method == "GET":
        return caller.get(path, dict(case.query or {}), **headers)
    send = caller.post if operation.method == "POST" else caller.put
    body = case.body if operation.body == "json" else None
    return send(path, body, **({"Content-Type": FHIR} | headers))
