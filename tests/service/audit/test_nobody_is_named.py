"""The audit holds references alone. Every test that uses the store asserts it; these that it can."""

from datetime import date
from uuid import uuid4

import pytest
from tests.service.audit.tampering import undone
from tests.service.people import a_pathway, an_actor, an_event
from tests.service.personal import personal_in_the_audit

from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.pathways.actions import record_event

pytestmark = pytest.mark.django_db
REASON = "Typed on the wrong line"


@pytest.fixture
def pathway():
    pathway = a_pathway()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    values = {"kind": "referral_received", "day": "2025-01-08", "supersedes": "e1"}
    record_event(
        actor=an_actor(), pathway=pathway, values=values, submission=uuid4(), reason=REASON
    )
    return pathway


def test_an_entry_and_its_correction_name_nobody_and_give_no_reason(pathway):
    assert Entry.objects.filter(subject=str(pathway.pk)).count() == 2
    assert personal_in_the_audit() == []


@pytest.mark.parametrize(
    "secret", ["nhs_number", "family_name", "address", "postcode", "birth_date", "reason"]
)
def test_what_would_be_found(pathway, secret):
    word = REASON if secret == "reason" else str(getattr(pathway.patient, secret))
    with undone():
        record("did something", SYSTEM, detail={"about": f"({word})"})
        assert any(found.startswith(repr(word)) for found in personal_in_the_audit())
