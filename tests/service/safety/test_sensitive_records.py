"""A record that is marked sensitive shows no place, sends nothing and has no portal."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.people import (
    a_member,
    a_pathway,
    a_patient,
    roles_at,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)
from tests.service.safety.routes import GUARDED, somebody_elsewhere

from clockstop.service.accounts.roles import STAFF, Role
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.protections import against_contact, may_be_contacted, shows_address

pytestmark = pytest.mark.django_db
PLACES = ("7 Hidden Lane", "ZZ99 7ZZ", "ZZ997ZZ")
OF_RECORDS = [route for route in GUARDED if "pathway_id" in route.parameters]


def pages_about(pathway, client):
    for route in GUARDED:
        known = {"pathway_id": pathway.pk, "number": 1, "kind": "death"}
        if route.parameters <= set(known):
            kwargs = {name: known[name] for name in route.parameters}
            yield client.get(reverse(route.name, kwargs=kwargs))
    for review in pathway.reviews.all():
        yield client.get(reverse("review", args=(review.pk,)))


def places_shown(role, *, sensitive):
    other = somebody_elsewhere()
    Patient.objects.update(sensitive=sensitive)
    client = signed_in(Client(), a_member(role, roles_at(role)[1], other.pathway.icb_code))
    pages = [page.content.decode() for page in pages_about(other.pathway, client)]
    assert pages
    return {place for place in PLACES for page in pages if place in page}


@pytest.mark.parametrize("role", sorted(STAFF))
def test_no_page_shows_where_the_patient_lives(role):
    assert places_shown(role, sensitive=True) == set()


def test_others_records_do_show_it():
    """Else the test above would prove nothing."""
    assert places_shown(Role.PROVIDER_CLINICIAN, sensitive=False)


@pytest.mark.parametrize("sign_in", [signed_in_patient, signed_in_carer])
def test_there_is_no_portal(sign_in):
    patient = a_patient(sensitive=True)
    pathway = a_pathway(patient)
    client = sign_in(Client(), patient)
    for route in OF_RECORDS:
        kwargs = {name: 1 if name == "number" else "death" for name in route.parameters}
        at = reverse(route.name, kwargs=kwargs | {"pathway_id": pathway.pk})
        for response in (client.get(at), client.post(at)):
            assert response.status_code in {403, 404, 405}
    assert str(pathway.pk) not in client.get(reverse("pathways")).content.decode()


def test_nothing_is_sent_and_no_place_is_shown_by_policy():
    plain, sensitive = a_patient(), a_patient(sensitive=True)
    assert shows_address(plain)
    assert may_be_contacted(plain)
    assert not shows_address(sensitive)
    assert against_contact(sensitive) == ("The record is marked sensitive",)


def test_suspected_cancer_is_never_handled_in_a_batch():
    from clockstop.service.pathways.protections import may_be_batched

    assert may_be_batched(a_pathway(priority="2"))
    assert not may_be_batched(a_pathway(priority="3"))
