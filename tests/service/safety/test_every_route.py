"""Nobody reaches what is not theirs, by any address that there is or will be."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    LONG_AGO,
    a_member,
    a_pathway,
    a_patient,
    roles_at,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)
from tests.service.safety.routes import (
    GUARDED,
    MAKERS,
    Elsewhere,
    Route,
    every_route,
    sent,
    somebody_elsewhere,
)

from clockstop.service.accounts.models import Delegation, Membership
from clockstop.service.accounts.roles import PUBLIC, STAFF, Role
from clockstop.service.pathways.models import CareRelationship, Merge, PathwayEvent, Review

pytestmark = pytest.mark.django_db
TO_RECORDS = [route for route in GUARDED if route.parameters]
TO_LISTS = [route for route in GUARDED if not route.parameters]
NOT_THERE, NOT_FOR_THEM, NOT_SO = 404, 403, 405


@pytest.fixture(autouse=True)
def without_limits(settings):
    """Here somebody asks for everything at once."""
    settings.CLOCKSTOP_LIMITS = {}


@pytest.fixture(scope="module")
def other(kept) -> Elsewhere:
    return somebody_elsewhere()


@pytest.fixture(scope="module")
def records(other) -> Mapping[str, object]:
    """Somebody else's record for each parameter of an address."""
    return {name: make(other) for name, make in MAKERS.items()}


@pytest.fixture(scope="module")
def sessions(kept) -> Mapping[tuple[Role, int], str]:
    """Of everybody who may sign in: a role at one organisation, and at another of its kind."""
    return {
        (role, at): client_of(role, at).cookies[settings.SESSION_COOKIE_NAME].value
        for role in Role
        for at in (0, 1)
    }


@pytest.fixture
def client_in(sessions) -> Callable[..., Client]:
    """Somebody in a role, signed in."""

    def client_in(role: Role, at: int = 0) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role, at]
        return client

    return client_in


@pytest.fixture
def address(records) -> Callable[[Route], str]:
    return lambda route: reverse(
        route.name, kwargs={each: records[each] for each in route.parameters}
    )


def pattern_of(route):
    return route.pattern


def client_of(role: Role, at: int) -> Client:
    """Somebody in a role at one of two organisations, or with a patient of their own."""
    if role in PUBLIC:
        patient = a_pathway().patient
        sign_in = signed_in_patient if role is Role.PATIENT else signed_in_carer
        return sign_in(Client(), patient)
    return signed_in(Client(), a_member(role, roles_at(role)[at]))


def rows() -> list[int]:
    return [
        model.objects.count()
        for model in (PathwayEvent, Review, Merge, CareRelationship, Membership, Delegation)
    ]


def then_nothing_is_given_away(response, other: Elsewhere) -> None:
    page = response.content.decode() + str(response.headers)
    assert [trace for trace in other.traces if trace in page] == []


def asked_in_both_ways(client: Client, at: str):
    yield client.get(at)
    yield client.post(at, sent())


def test_every_address_is_for_everybody_by_name_or_behind_a_guard():
    assert [
        route for route in every_route() if route.roles is None and not route.is_named_public
    ] == []
    assert [route for route in GUARDED if route.is_named_public] == []
    assert GUARDED


def test_every_parameter_of_a_guarded_address_has_a_record_to_try_it_with():
    unknown = {name for route in GUARDED for name in route.parameters} - set(MAKERS)
    assert unknown == set(), "add a maker to tests/service/safety/routes.py"
    assert all(route.name for route in GUARDED), "a guarded address needs a name"


def test_the_records_tried_are_really_there_for_those_who_may_see_them(other):
    """Else a 404 would prove nothing."""
    own = signed_in(Client(), a_member(Role.PROVIDER_CLINICIAN, other.pathway.organisation_code))
    for name, key in (("pathway", other.pathway.pk), ("review", other.review.pk)):
        assert own.get(reverse(name, args=(key,))).status_code == 200
    admin = signed_in(Client(), other.membership)
    assert admin.get(reverse("end_role", args=(other.membership.pk,))).status_code == 200


@pytest.mark.parametrize("route", TO_RECORDS, ids=pattern_of)
def test_a_record_elsewhere_is_not_there(route, other, address, client_in):
    at = address(route)
    before = rows()
    for role in Role:
        for response in asked_in_both_ways(client_in(role), at):
            wanted = {NOT_THERE} if role in route.roles else {NOT_FOR_THEM}
            assert response.status_code in wanted | {NOT_SO}, (role, response.status_code)
            then_nothing_is_given_away(response, other)
        assert rows() == before, role


@pytest.mark.parametrize("route", GUARDED, ids=pattern_of)
def test_a_visitor_is_asked_to_sign_in(route, other, address):
    at = address(route)
    before = rows()
    for response in asked_in_both_ways(Client(), at):
        assert response.status_code in {302, NOT_SO}
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/")
        then_nothing_is_given_away(response, other)
    assert rows() == before


# Pages that say what was asked for.
REPEATING = {"find_patient", "refer", "aid_new_test", "in_the_app"}


@pytest.mark.parametrize("route", TO_LISTS, ids=pattern_of)
def test_no_list_and_no_search_shows_a_record_elsewhere(route, other, client_in):
    search = {
        "nhs_number": other.patient.nhs_number,
        "family_name": other.patient.family_name,
        "birth_date_day": "17",
    }
    for role in Role:
        client = client_in(role)
        for response in (client.get(reverse(route.name)), client.get(reverse(route.name), search)):
            then_nothing_is_given_away(response, other)
        if route.name not in REPEATING:
            then_nothing_is_given_away(client.post(reverse(route.name), sent() | search), other)


@pytest.mark.parametrize("by", ["number", "name"])
def test_a_search_finds_nobody_elsewhere(by, other, client_in):
    patient = other.patient
    asked = (
        {"nhs_number": patient.nhs_number}
        if by == "number"
        else {
            "family_name": patient.family_name,
            "birth_date-day": "17",
            "birth_date-month": "5",
            "birth_date-year": "1960",
        }
    )
    own = signed_in(
        Client(), a_member(Role.PROVIDER_CLINICIAN, other.pathway.organisation_code)
    ).post(reverse("find_patient"), asked)
    assert str(other.pathway.pk) in own.content.decode()
    for role in STAFF:
        page = client_in(role).post(reverse("find_patient"), asked).content.decode()
        assert str(other.pathway.pk) not in page
        assert patient.given_name not in page


@pytest.mark.parametrize("route", TO_RECORDS, ids=pattern_of)
@pytest.mark.parametrize("gone", ["ended", "not begun"])
def test_a_relationship_that_has_ended_or_not_begun_opens_nothing(
    route, gone, other, address, client_in
):
    today = timezone.localdate()
    held = CareRelationship.objects.filter(pathway=other.pathway)
    times = {
        "ended": {"starts": LONG_AGO, "ends": today},
        "not begun": {"starts": today + timedelta(days=1)},
    }
    held.update(**times[gone])
    type(other.patient).objects.update(practice_code="")  # a practice sees those registered there
    at = address(route)
    for role in STAFF & route.roles - {Role.ICB_HUB, Role.ADMINISTRATOR}:
        for response in asked_in_both_ways(client_in(role, 1), at):
            assert response.status_code in {NOT_THERE, NOT_SO}
            then_nothing_is_given_away(response, other)


@pytest.mark.parametrize("route", GUARDED, ids=pattern_of)
def test_a_role_that_has_ended_is_gone_at_once(route, other, address, client_in):
    at = address(route)
    Membership.objects.update(ends=timezone.localdate())
    for role in STAFF & route.roles:
        for response in asked_in_both_ways(client_in(role, 1), at):
            assert response.status_code in {302, NOT_SO}
            then_nothing_is_given_away(response, other)


@pytest.mark.parametrize("route", GUARDED, ids=pattern_of)
def test_a_delegation_that_has_ended_or_not_begun_opens_nothing(route, other, address):
    today = timezone.localdate()
    at = address(route)
    for times in ({"ends": today}, {"starts": today + timedelta(days=1)}):
        client = signed_in_carer(Client(), other.patient)
        Delegation.objects.update(**({"starts": LONG_AGO, "ends": date(2099, 1, 1)} | times))
        for response in asked_in_both_ways(client, at):
            assert response.status_code in {302, NOT_SO}
            then_nothing_is_given_away(response, other)


def test_patients_see_themselves_and_a_carer_whom_they_named():
    own = a_pathway(a_patient())
    for sign_in in (signed_in_patient, signed_in_carer):
        at = reverse("pathway", args=(own.pk,))
        assert sign_in(Client(), own.patient).get(at).status_code == 200


def test_an_administrator_of_one_hospital_ends_no_role_at_another(other):
    client = signed_in(Client(), a_member(Role.ADMINISTRATOR, HOSPITAL))
    at = reverse("end_role", args=(other.membership.pk,))
    assert client.post(at, sent()).status_code == NOT_THERE
    other.membership.refresh_from_db()
    assert other.membership.ends is None
