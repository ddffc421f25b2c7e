"""The demo's mutual aid: somebody in each state, by the same actions as any, and once."""

from uuid import UUID

import pytest
from tests.service.directory.made_up import an_organisation
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, a_member
from tests.service.transfers.made_up import waits

from clockstop.core.types import Sector
from clockstop.service.accounts.roles import Role
from clockstop.service.transfers.demo import seed_aid
from clockstop.service.transfers.models import AidRequest, Capacity

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    an_organisation(HOSPITAL, sector=Sector.NHS_TRUST)
    an_organisation(OTHER_HOSPITAL, sector=Sector.INDEPENDENT)
    for code in (HOSPITAL, OTHER_HOSPITAL):
        a_member(Role.PROVIDER_CLINICIAN, code)
    a_member(Role.PROVIDER_ADMINISTRATOR, OTHER_HOSPITAL)
    a_member(Role.ICB_HUB, ICB)
    return a_member(Role.WAITING_LIST_MANAGER, HOSPITAL).as_actor()


def test_each_part_of_a_transfer_has_somebody_and_a_second_time_nothing_is_added(
    office, monkeypatch
):
    monkeypatch.setattr("clockstop.service.transfers.demo.seed_asking", lambda _: 0)
    for _ in range(6):
        waits()
    assert seed_aid() == 6
    states = set(AidRequest.objects.values_list("state", flat=True))
    assert states == {"OFFERED", "WITH_PATIENT", "ACCEPTED", "TRANSFERRING", "OPEN"}
    assert Capacity.objects.get().is_independent
    assert seed_aid() == 0


def test_it_is_of_the_trust_with_a_list_whoever_comes_first(office, monkeypatch):
    monkeypatch.setattr("clockstop.service.transfers.demo.seed_asking", lambda _: 0)
    an_organisation("RAA0", sector=Sector.NHS_TRUST)
    a_member(Role.PROVIDER_CLINICIAN, "RAA0")
    a_member(Role.WAITING_LIST_MANAGER, "RAA0", id=UUID(int=1))
    for _ in range(3):
        waits()
    assert seed_aid() == 3


def test_where_nobody_works_nothing_is_made(db):
    assert seed_aid() == 0
