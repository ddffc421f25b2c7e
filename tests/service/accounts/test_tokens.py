"""Tokens of programs: shown once, for one owner, until they expire or are revoked."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.people import a_member, nhs_number

from clockstop.service.accounts.models import ApiToken, Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope, holder_of, make, revoke
from clockstop.service.audit.models import Entry

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def a_token(owner=None, scopes=(Scope.ERS_READ,), lasts=A_DAY):
    return make(owner=owner or a_member(), name="Practice software", scopes=scopes, lasts=lasts)


def a_patients_account():
    return Person.objects.create(name="Ada Test", nhs_number=str(nhs_number(901)))


def test_a_token_acts_for_its_owner_with_its_scopes_alone():
    member = a_member(Role.REFERRER, "A81001")
    _, token = a_token(member, (Scope.ERS_READ, Scope.ERS_WRITE))
    actor, scopes = holder_of(token)
    assert (actor.person, actor.role) == (member.person_id, Role.REFERRER)
    assert actor.organisation_code == "A81001"
    assert scopes == {"ers:read", "ers:write"}


def test_only_its_fingerprint_is_kept_and_the_audit_holds_neither():
    row, token = a_token()
    kept = [str(value) for value in ApiToken.objects.values_list().get(pk=row.pk)]
    entry = Entry.objects.get(action="made an API token")
    assert entry.subject == str(row.pk)
    assert token not in " ".join([*kept, entry.detail])
    assert row.fingerprint not in entry.detail


def test_a_token_of_a_patient_sees_that_patient():
    person = a_patients_account()
    _, token = a_token(person, (Scope.PATIENT_CARE,))
    actor, _ = holder_of(token)
    assert actor.role is Role.PATIENT
    assert [str(each) for each in actor.people] == [person.nhs_number]


@pytest.mark.parametrize("token", ["", "cst_", "cst_unknown", "é"])
def test_an_unknown_token_opens_nothing(token):
    a_token()
    assert holder_of(token) is None


def test_a_revoked_token_opens_nothing_and_stays_revoked():
    row, token = a_token()
    revoke(row)
    row.refresh_from_db()
    when = row.revoked_at
    revoke(row)
    assert ApiToken.objects.get(pk=row.pk).revoked_at == when
    assert holder_of(token) is None
    assert Entry.objects.filter(action="revoked an API token").count() == 1


def test_a_token_opens_nothing_once_it_is_old():
    row, token = a_token()
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    assert holder_of(token) is None


def test_a_token_opens_nothing_once_the_role_has_ended():
    member = a_member()
    _, token = a_token(member)
    Membership.objects.filter(pk=member.pk).update(ends=timezone.localdate())
    assert holder_of(token) is None


def test_being_used_is_written_down():
    row, token = a_token()
    assert row.used_at is None
    holder_of(token)
    row.refresh_from_db()
    assert row.used_at is not None


@pytest.mark.parametrize(
    ("owner", "scopes", "lasts"),
    [
        (a_member, (), A_DAY),
        (a_member, (Scope.PATIENT_CARE,), A_DAY),
        (a_patients_account, (Scope.ERS_READ,), A_DAY),
        (lambda: Person.objects.create(name="Nobody"), (Scope.PATIENT_CARE,), A_DAY),
        (a_member, (Scope.ERS_READ,), timedelta(0)),
        (a_member, (Scope.ERS_READ,), timedelta(days=367)),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_made(owner, scopes, lasts):
    with pytest.raises(ValueError, match=r"scope|lasts|NHS number"):
        a_token(owner(), scopes, lasts)
    assert not ApiToken.objects.exists()
