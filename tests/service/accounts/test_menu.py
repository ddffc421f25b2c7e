"""The menu: every page in it exists and opens for those who are shown it; everybody has a home."""

import pytest
from django.urls import reverse
from tests.service.people import a_member, a_patient, an_actor, signed_in, signed_in_patient

from clockstop.service.accounts.menu import home_of, items, menu_of
from clockstop.service.accounts.roles import PUBLIC, STAFF, Role

pytestmark = pytest.mark.django_db


def test_it_names_roles_that_there_are():
    known = set(Role) | {"everybody", "visitor"}
    for item in items():
        assert item.shown_to | item.home_of <= known
        assert reverse(item.page)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_each_role_begins_at_a_page_of_its_menu(role):
    actor = an_actor(role)
    home = home_of(actor)
    assert home in dict(menu_of(actor))


@pytest.mark.parametrize("role", sorted(STAFF))
def test_pages_of_the_menu_open_for_the_role(client, book, role):
    client = signed_in(client, a_member(role))
    for page, _ in menu_of(an_actor(role)):
        assert client.get(reverse(page)).status_code == 200, page


def test_pages_of_the_menu_open_for_patients_and_visitors(client, book):
    for page, _ in menu_of(None):
        assert client.get(reverse(page)).status_code == 200, page
    patient = a_patient()
    client = signed_in_patient(client, patient)
    names = [item.page for item in items() if Role.PATIENT in item.shown_to]
    assert names
    for page in names:
        assert client.get(reverse(page)).status_code == 200, page
    assert set(PUBLIC) == {role for role in Role if role not in STAFF}
