"""An administrator sees the people of their own organisation, and gives and ends roles."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    LONG_AGO,
    OTHER_HOSPITAL,
    a_member,
    a_patient,
    signed_in,
    signed_in_patient,
)

from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role

pytestmark = pytest.mark.django_db
FORM = {
    "subject": "555000003",
    "name": "Kim Example",
    "role": "provider_clinician",
    "starts-day": "1",
    "starts-month": "3",
    "starts-year": "2025",
    "ends-day": "",
    "ends-month": "",
    "ends-year": "",
}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def own(client):
    """The membership of the administrator who is signed in."""
    member = a_member(Role.ADMINISTRATOR)
    signed_in(client, member)
    return member


def test_those_of_the_own_organisation_are_listed_and_no_others(client, own):
    here, past = a_member(), a_member(ends=timezone.localdate())
    there = a_member(Role.ANALYST, OTHER_HOSPITAL)
    page = text(client.get(reverse("members")))
    assert here.person.name in page
    assert "Roles that have ended" in page
    assert there.person.name not in page
    assert str(past.pk) not in page


def test_a_role_is_given(client, own):
    response = client.post(reverse("give_role"), FORM)
    assert response["Location"] == reverse("members")
    given = Membership.objects.get(role=Role.PROVIDER_CLINICIAN)
    assert (given.organisation_code, given.icb_code) == (HOSPITAL, own.icb_code)
    assert given.person.identities.get().issuer == "demo"
    assert "Kim Example" in text(client.get(reverse("members")))


def test_its_last_day_is_the_one_that_was_typed(client, own):
    client.post(reverse("give_role"), FORM | dict(zip_days("ends", "31", "12", "2099")))
    given = Membership.objects.get(role=Role.PROVIDER_CLINICIAN)
    assert given.last_day.isoformat() == "2099-12-31"
    assert "31 December 2099" in text(client.get(reverse("members")))


def zip_days(name: str, *parts: str):
    return zip((f"{name}-{each}" for each in ("day", "month", "year")), parts, strict=True)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"subject": ""}, "subject", "Enter the person&#39;s user ID"),
        ({"subject": "a b"}, "subject", "no spaces"),
        ({"name": ""}, "name", "Enter the person&#39;s name"),
        ({"role": "patient"}, "role", "Choose a role"),
        ({"role": "icb_hub"}, "role", "Only an ICB"),
        ({"starts-day": "31", "starts-month": "2"}, "starts-day", "real date"),
        (dict(zip_days("ends", "1", "1", "2020")), "ends-day", "must end after"),
    ],
    ids=str,
)
def test_a_refused_form_says_why_at_the_field_and_keeps_what_was_typed(
    client, own, change, field, words
):
    page = text(client.post(reverse("give_role"), FORM | change))
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert page.count(words) >= 2
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Error: Give a role" in page
    for name, value in (FORM | change).items():
        if value and name != "role":
            assert f'value="{value}"' in page
    assert Membership.objects.count() == 1


def test_everything_that_is_wrong_is_said_at_once(client, own):
    page = text(client.post(reverse("give_role"), {}))
    for field in ("subject", "name", "role", "starts-day"):
        assert f'href="#{field}"' in page


def test_a_role_is_ended_after_asking(client, own):
    held = a_member()
    address = reverse("end_role", args=[held.pk])
    assert "End this role?" in text(client.get(address))
    assert client.post(address)["Location"] == reverse("members")
    held.refresh_from_db()
    assert held.ends == timezone.localdate()
    assert "has ended already" in text(client.post(address))


def test_the_own_role_is_left_to_another(client, own):
    address = reverse("end_role", args=[own.pk])
    assert "Ask another administrator" in text(client.get(address))
    assert client.post(address).status_code == 403
    own.refresh_from_db()
    assert own.ends is None


def test_a_role_elsewhere_is_not_there(client, own):
    elsewhere = a_member(Role.ANALYST, OTHER_HOSPITAL)
    for key in (elsewhere.pk, uuid4()):
        address = reverse("end_role", args=[key])
        assert client.get(address).status_code == client.post(address).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.ends is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_others_are_told_that_it_is_not_theirs(client, role):
    if role in (Role.PATIENT, Role.CARER):
        signed_in_patient(client, a_patient())
    else:
        signed_in(client, a_member(role))
    held = a_member(starts=LONG_AGO)
    for name, keys in (("members", []), ("give_role", []), ("end_role", [held.pk])):
        assert client.get(reverse(name, args=keys)).status_code == 403
    assert client.post(reverse("give_role"), FORM).status_code == 403
    assert client.post(reverse("end_role", args=[held.pk])).status_code == 403
    assert Membership.objects.filter(ends=None).count() == Membership.objects.count()
