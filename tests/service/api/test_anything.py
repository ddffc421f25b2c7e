"""Whatever is asked, the answer is one that the document promises."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks, positive_data_acceptance

from clockstop.interfaces.config.wsgi import application

load_all_checks()
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.django_db  # a request that is served for real looks after the store's connection
@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_question_is_answered_as_promised(case):
    """Two months the wrong way round are refused, which no schema can say."""
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
