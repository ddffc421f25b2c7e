"""The demo has a trust that takes requests, a request, and patients who are reached in ways."""

import pytest
from tests.service.directory.made_up import an_organisation
from tests.service.people import PRACTICE, a_member

from clockstop.core.types import Sector
from clockstop.service.accounts.models import Person
from clockstop.service.messaging.models import Contact
from clockstop.service.pathways.demo import seed
from clockstop.service.portal.demo import seed_portal
from clockstop.service.portal.models import ChangeRequest, OnlineChanges
from clockstop.service.registry.models import Kind, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    for code, kind, sector in (
        ("RAA", Kind.PROVIDER, Sector.NHS_TRUST),
        ("RBB", Kind.PROVIDER, Sector.NHS_TRUST),
        ("NAA", Kind.PROVIDER, Sector.INDEPENDENT),
        (PRACTICE, Kind.PRACTICE, Sector.UNKNOWN),
    ):
        an_organisation(code, kind=kind, sector=sector)
    assert Organisation.objects.count() == 4
    assert seed()


def test_it_is_brought_in_once(people):
    assert seed_portal()
    assert not seed_portal()
    assert OnlineChanges.objects.get().is_offered
    assert Contact.objects.count() == 3
    request = ChangeRequest.objects.get()
    assert request.pathway.patient.family_name == "Whitlock"
    assert Contact.objects.get(patient=request.pathway.patient).needs == ("Interpreter: Welsh",)


def test_nothing_is_brought_in_where_nobody_works():
    a_member()
    assert not seed_portal()
    assert not Person.objects.exclude(nhs_number="").exists()
