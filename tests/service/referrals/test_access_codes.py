"""A booking reference, its code and a day of birth open one referral, and guessing opens none."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.service.referrals.made_up import a_patient, a_referral

from clockstop.core import rulebook
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.referrals.access_codes import NotOpenedError, make_access_code, opened

pytestmark = pytest.mark.django_db
BORN = date(1960, 5, 17)


@pytest.fixture
def letter():
    """A referral, and the code on its letter."""
    referral = a_referral()
    return referral, make_access_code(referral, SYSTEM)


def is_opened(ubrn, code, born=BORN):
    try:
        return bool(opened(ubrn, code, born))
    except NotOpenedError:
        return False


def test_it_opens_however_it_is_typed(letter):
    referral, code = letter
    for typed in (referral.ubrn, referral.spaced_ubrn, f" {referral.ubrn[:4]}-{referral.ubrn[4:]}"):
        assert opened(typed, code.lower().replace(" ", ""), BORN) == referral


@pytest.mark.parametrize("wrong", ["ubrn", "code", "born"])
def test_each_part_must_be_right(letter, wrong):
    referral, code = letter
    right = {"ubrn": referral.ubrn, "code": code, "born": BORN}
    other = {"ubrn": "900000000099", "code": "ABCD EFGH", "born": date(1960, 5, 18)}
    assert not is_opened(**right | {wrong: other[wrong]})
    assert is_opened(**right)


def test_nothing_typed_opens_nothing(letter):
    assert not is_opened("", "", BORN)
    assert not is_opened(letter[0].ubrn, "", BORN)


def test_too_many_attempts_lock_it_for_a_while(letter):
    referral, code = letter
    rules = rulebook.on(timezone.localdate())
    for _ in range(rules["access_code_attempts"].value):
        assert not is_opened(referral.ubrn, "ABCD EFGH")
    assert not is_opened(referral.ubrn, code)
    until = timezone.now() + timedelta(minutes=rules["access_code_lock"].value)
    with time_machine.travel(until - timedelta(minutes=1), tick=False):
        assert not is_opened(referral.ubrn, code)
    with time_machine.travel(until + timedelta(minutes=1), tick=False):
        assert is_opened(referral.ubrn, code)


def test_one_attempt_fewer_locks_nothing_and_a_right_one_begins_anew(letter):
    referral, code = letter
    most = rulebook.on(timezone.localdate())["access_code_attempts"].value
    for _ in range(2):
        for _ in range(most - 1):
            assert not is_opened(referral.ubrn, "ABCD EFGH")
        assert is_opened(referral.ubrn, code)


@pytest.mark.parametrize("changed", [{"sensitive": True}, {"died_on": date(2026, 1, 1)}])
def test_some_records_open_to_nobody(changed):
    patient = a_patient()
    referral = a_referral(patient=patient)
    code = make_access_code(referral, SYSTEM)
    assert is_opened(referral.ubrn, code)
    type(patient).objects.filter(pk=patient.pk).update(**changed)
    assert not is_opened(referral.ubrn, code)


def test_a_new_code_ends_the_one_before(letter):
    referral, code = letter
    new = make_access_code(referral, SYSTEM)
    assert not is_opened(referral.ubrn, code)
    assert is_opened(referral.ubrn, new)


def test_every_attempt_at_a_referral_is_in_the_audit(letter):
    referral, code = letter
    is_opened(referral.ubrn, "ABCD EFGH")
    is_opened(referral.ubrn, code)
    told = Entry.objects.filter(subject=str(referral.pk)).order_by("number")
    assert list(told.values_list("action", flat=True))[-3:] == [
        "made an access code",
        "refused a booking reference",
        "opened by booking reference",
    ]
    assert not Entry.objects.filter(detail__contains=code).exists()
