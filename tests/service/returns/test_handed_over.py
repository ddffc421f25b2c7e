"""What a provider did for patients whom it has handed over since is its own to return."""

from datetime import date
from uuid import uuid4

import pytest
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, a_pathway, an_actor, an_event

from clockstop.core.types import Month
from clockstop.service.accounts.roles import Role
from clockstop.service.returns.actions import make_monthly

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_over():
    """Treated by one hospital in September, in the care of another since."""
    pathway = a_pathway()
    other = an_actor(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL, ICB)
    an_event(pathway, "referral_received", date(2025, 7, 1), treatment_function="110")
    an_event(pathway, "commissioner_recorded", date(2025, 7, 1), practice="15N")
    an_event(pathway, "treatment_started", date(2025, 9, 10), treatment_function="110")
    an_event(pathway, "transfer_sent", date(2025, 9, 20), to=OTHER_HOSPITAL)
    an_event(pathway, "transfer_received", date(2025, 9, 22), by=other)
    pathway.refresh_from_db()
    assert pathway.organisation_code == OTHER_HOSPITAL
    return pathway


@pytest.mark.parametrize(("provider", "treated"), [(HOSPITAL, 1), (OTHER_HOSPITAL, 0)])
@pytest.mark.usefixtures("handed_over")
def test_a_treatment_stays_with_who_gave_it(provider, treated):
    office = an_actor(Role.PROVIDER_ADMINISTRATOR, provider, ICB)
    held = make_monthly(actor=office, month=Month(2025, 9), submission=uuid4())
    parts = {part: of["total"] for part, of in held.told["parts"].items()}
    assert parts.get("Part_1B", 0) == treated
