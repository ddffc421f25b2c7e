"""``clockstop accounts``: the first administrator, and who holds which role."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, a_member

from clockstop.service.accounts.models import Identity, Membership
from clockstop.service.accounts.providers import StaffService
from clockstop.service.audit.models import Entry

pytestmark = pytest.mark.django_db
NURSE = ("555000009", "--name", "Kim Example", "--organisation", "raa", "--icb", "qaa")
ISSUER = ("--issuer", "https://staff.test")
FIRST = (*NURSE, "--role", "administrator", *ISSUER)


def test_the_first_administrator_is_made(clockstop):
    done = clockstop("accounts", "grant", *FIRST)
    assert done.exit_code == 0
    membership = Membership.objects.get()
    assert (membership.organisation_code, membership.icb_code) == (HOSPITAL, "QAA")
    assert (membership.role, membership.starts) == ("administrator", timezone.localdate())
    assert membership.ends is None
    assert membership.granted_by == "system"
    identity = Identity.objects.get(issuer="https://staff.test", subject="555000009")
    assert identity.person.name == "Kim Example"
    assert Entry.objects.get(action="gave a role").actor == "system"
    today = timezone.localdate().isoformat()
    line = f"{membership.pk} Kim Example: RAA administrator from {today}\n"
    assert done.stdout == line
    assert clockstop("accounts", "list").stdout == line


def test_the_service_of_the_settings_is_meant_unless_another_is_named(clockstop, settings):
    settings.CLOCKSTOP_STAFF_SIGN_IN = StaffService(
        issuer="https://cis2.test",
        client_id="x",
        key="x",
        algorithm="RS512",
        accepted=("RS256",),
        scope="openid",
        levels=(),
    )
    clockstop("accounts", "grant", *NURSE, "--role", "administrator")
    assert Identity.objects.get().issuer == "https://cis2.test"


def test_from_a_day_to_a_day(clockstop):
    days = ("--from", "2099-01-01", "--to", "2099-01-31")
    done = clockstop("accounts", "grant", *FIRST, *days, "--json")
    (said,) = json.loads(done.stdout)
    assert (said["first_day"], said["last_day"]) == ("2099-01-01", "2099-01-31")
    assert said["identities"] == [{"issuer": "https://staff.test", "user_id": "555000009"}]
    assert Membership.objects.get().ends == date(2099, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*NURSE, *ISSUER, "--role", "patient"), "'patient' is not a role of staff: administrator"),
        ((*NURSE, *ISSUER, "--role", "icb_hub"), "Only an ICB has the role"),
        ((*NURSE, "--role", "analyst"), "--issuer"),
        ((*FIRST, "--from", "1 January"), "'1 January' is not a day"),
        ((*FIRST, "--from", "2025-02-01", "--to", "2025-01-01"), "must end after"),
        (("5 5", *FIRST[1:]), "no spaces"),
    ],
)
def test_what_cannot_be_given_is_refused_in_one_line(clockstop, arguments, words):
    done = clockstop("accounts", "grant", *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not Membership.objects.exists()


def test_a_role_is_ended(clockstop):
    held = a_member()
    assert clockstop("accounts", "end", held.pk).stdout == "ended\n"
    held.refresh_from_db()
    assert held.ends == timezone.localdate()
    again = clockstop("accounts", "end", held.pk)
    assert again.exit_code == 2
    assert "has ended already" in again.stderr


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_role_that_there_is_not(clockstop, key):
    assert clockstop("accounts", "end", key).exit_code == 2


def test_the_list_is_of_today_unless_all_are_asked_for(clockstop):
    a_member(), a_member(organisation_code=OTHER_HOSPITAL)
    a_member(ends=timezone.localdate() - timedelta(days=1))

    def organisations(*options: str) -> list[str]:
        done = clockstop("accounts", "list", "--json", *options)
        return [each["organisation"] for each in json.loads(done.stdout)]

    assert organisations() == [HOSPITAL, OTHER_HOSPITAL]
    assert organisations("--all") == [HOSPITAL, HOSPITAL, OTHER_HOSPITAL]
    assert organisations("--organisation", "rbb") == [OTHER_HOSPITAL]


def test_nobody_yet(clockstop):
    assert clockstop("accounts", "list").stdout == "nobody holds a role\n"
    assert clockstop("accounts", "list", "--json").stdout == "[]\n"
