"""The demo's referrals: something in each list of the trust, by the same actions as any."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.directory.made_up import an_organisation
from tests.service.people import a_member
from tests.service.referrals.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    PRACTICE,
    a_patient,
    a_service,
    a_slot,
)

from clockstop.core.types import Sector
from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.demo import refer
from clockstop.service.referrals.models import Advice, Referral
from clockstop.service.referrals.provider.worklists import WORKLISTS, advice_waiting, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    an_organisation(HOSPITAL, sector=Sector.NHS_TRUST)
    a_member(Role.REFERRER, PRACTICE)
    a_member(Role.PROVIDER_CLINICIAN, HOSPITAL)
    return a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL).as_actor()


@pytest.fixture
def directory():
    for code in (HOSPITAL, OTHER_HOSPITAL):
        service = a_service(code, two_week_wait=True, takes_advice=True)
        for day in range(1, 40):
            a_slot(service, timezone.now() + timedelta(days=day), two_week_wait=True)
    a_service(HOSPITAL)
    a_service(HOSPITAL, takes_triage=True)


def test_each_list_of_the_trust_has_somebody(office, directory):
    for _ in range(30):
        a_patient()
    number = refer()
    assert number == Referral.objects.count()
    lists = {slug: found(each, office, timezone.now()) for slug, each in WORKLISTS.items()}
    assert [slug for slug, each in lists.items() if not each] == ["outcomes"]
    assert set(Referral.objects.values_list("state", flat=True)) == {
        "NOT_BOOKED",
        "BOOKED",
        "DEFERRED_TO_PROVIDER",
        "AWAITING_TRIAGE",
        "TRIAGED_PROVIDER_TO_ACTION",
        "TRIAGE_RESPONSE",
        "REJECTED",
        "APPT_CANCELLED_BY_PROVIDER",
    }
    assert advice_waiting(office).count() == Advice.objects.count() - 1 == 2
    assert refer() == 0


def test_nobody_is_referred_where_nobody_works(directory):
    a_patient()
    assert refer() == 0


def test_a_directory_without_services_makes_no_referral(office):
    a_patient()
    assert refer() == 0
