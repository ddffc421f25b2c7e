"""``clockstop api token``: made, listed, revoked."""

import json
from uuid import uuid4

import pytest
from tests.service.directory.made_up import a_service
from tests.service.people import PRACTICE, a_member

from clockstop.service.accounts.models import ApiToken
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import holder_of

pytestmark = pytest.mark.django_db


def test_a_token_is_printed_once_listed_without_itself_and_revoked(clockstop):
    member = a_member(Role.REFERRER, PRACTICE)
    wanted = ("--name", "Surgery system", "--scope", "ers:read", "--scope", "ers:write")
    token = clockstop("api", "token", "make", str(member.pk), *wanted).stdout.strip()
    assert holder_of(token)
    (listed,) = json.loads(clockstop("api", "token", "list", "--json").stdout)
    assert (listed["name"], listed["scopes"]) == ("Surgery system", "ers:read ers:write")
    said = clockstop("api", "token", "list").stdout
    assert "referrer at A81001" in said
    assert token not in said
    assert clockstop("api", "token", "revoke", listed["token"]).exit_code == 0
    assert holder_of(token) is None
    assert "revoked" in clockstop("api", "token", "list").stdout


def test_without_tokens_it_says_so(clockstop):
    assert clockstop("api", "token", "list").stdout == "there are no tokens\n"


def test_what_cannot_be_is_refused_in_a_line(clockstop):
    done = clockstop("api", "token", "make", str(uuid4()), "--name", "x", "--scope", "ers:read")
    assert done.exit_code == 2
    member = a_member()
    done = clockstop("api", "token", "make", str(member.pk), "--name", "x", "--scope", "all")
    assert done.exit_code == 2
    assert clockstop("api", "token", "revoke", str(uuid4())).exit_code == 2
    assert not ApiToken.objects.exists()


def test_an_application_is_let_in_for_what_it_was_given_by_name(clockstop):
    wanted = ("--name", "Link", "--function", "SERVICE_PROVIDER_CLINICIAN_ADMIN")
    made = clockstop("api", "token", "application", "raa", *wanted, "--operation", "A028")
    actor, scopes = holder_of(made.stdout.strip())
    assert (actor.organisation_code, actor.is_application) == ("RAA", True)
    assert scopes == {"ers:unattended", "ers:unattended:A028"}
    assert "provider_administrator at RAA" in clockstop("api", "token", "list").stdout


def test_an_application_is_for_the_services_that_are_named(clockstop):
    services = [a_service(), a_service()]
    wanted = ("--name", "Link", "--function", "SERVICE_PROVIDER_CLINICIAN_ADMIN")
    keys = [word for each in services for word in ("--service", str(each.pk))]
    made = clockstop("api", "token", "application", "RAA", *wanted, *keys)
    actor, _ = holder_of(made.stdout.strip())
    assert actor.services == {each.pk for each in services}


@pytest.mark.parametrize(
    "more",
    [
        ("--function", "SERVICE_PROVIDER_CLINICIAN"),
        ("--function", "SERVICE_PROVIDER_CLINICIAN_ADMIN", "--operation", "A014"),
        ("--function", "REFERRING_CLINICIAN_ADMIN", "--operation", "A036"),
        ("--function", "SERVICE_PROVIDER_CLINICIAN_ADMIN", "--service", "9999"),
    ],
)
def test_no_application_is_let_in_for_more(clockstop, more):
    done = clockstop("api", "token", "application", "RAA", "--name", "Link", *more)
    assert done.exit_code == 2
    assert not ApiToken.objects.exists()
