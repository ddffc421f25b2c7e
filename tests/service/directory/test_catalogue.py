"""The catalogue in memory: read once, and at once anew when a service of its kind was written."""

import pytest
from django.db import transaction
from tests.service.directory.made_up import a_service, an_organisation

from clockstop.service.directory.catalogue import shelf_of, suitable_for
from clockstop.service.directory.choices import Status
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician

pytestmark = pytest.mark.django_db
ORTHOPAEDICS = Criteria(treatment_function="C_110")
LED = Criteria(treatment_function="C_110", clinician="921")


def names(criteria=ORTHOPAEDICS):
    return sorted(each.name for each in suitable_for(criteria))


def written(service, **values):
    for name, value in values.items():
        setattr(service, name, value)
    service.save()


def in_bulk(service):
    another = HealthcareService(
        organisation=an_organisation(),
        name="Third",
        status=Status.PUBLISHED,
        treatment_function="C_110",
        specialty="ORTHOPAEDICS",
        takes_appointments=True,
    )
    HealthcareService.objects.bulk_create([another])


CHANGES = {
    "a new one": (lambda _: a_service(name="Third"), ["First", "Second", "Third"]),
    "new ones in bulk": (in_bulk, ["First", "Second", "Third"]),
    "another name": (lambda one: written(one, name="Knees"), ["Knees", "Second"]),
    "withdrawn": (lambda one: written(one, status=Status.WITHDRAWN), ["Second"]),
    "of another function": (lambda one: written(one, treatment_function="C_320"), ["Second"]),
    "all of them at once": (
        lambda _: HealthcareService.objects.update(name="Hips"),
        ["Hips", "Hips"],
    ),
    "removed": (lambda one: one.delete(), ["Second"]),
}


@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_at_once(change, after):
    first, _ = a_service(name="First"), a_service(name="Second")
    assert names() == ["First", "Second"]
    change(first)
    assert names() == after


def test_a_service_that_came_from_another_function_is_seen_there():
    service = a_service(name="First")
    assert names(Criteria(treatment_function="C_320")) == []
    written(service, treatment_function="C_320")
    assert names(Criteria(treatment_function="C_320")) == ["First"]


def test_who_leads_a_team_is_seen_at_once():
    service = a_service(name="First")
    assert names(LED) == []
    named = NamedClinician.objects.create(service=service, user_id="921", name="Dr One")
    assert names(LED) == ["First"]
    assert suitable_for(LED)[0].clinicians == (("921", "Dr One"),)
    named.delete()
    assert names(LED) == []


def test_what_stays_is_read_once(django_assert_num_queries):
    a_service()
    names()
    with django_assert_num_queries(1):  # the mark
        names()


def test_services_of_another_function_leave_it_as_it_is(django_assert_num_queries):
    a_service()
    names()
    a_service(treatment_function="C_320")
    with django_assert_num_queries(1):
        names()


def test_what_was_undone_is_forgotten():
    a_service(name="First")
    for number in range(3):
        with transaction.atomic():
            a_service(name=f"Undone {number}")
            assert names() == ["First", f"Undone {number}"]
            transaction.set_rollback(True)
        assert names() == ["First"]


def test_a_search_by_specialty_or_provider_alone_reads_the_store():
    a_service("RAA", name="First")
    a_service("RBB", name="Second", treatment_function="", diagnostic_test="MRI")
    assert names(Criteria(specialty="ORTHOPAEDICS")) == ["First", "Second"]
    assert names(Criteria(organisation="RBB")) == ["Second"]
    assert names(Criteria(treatment_function="C_110", diagnostic_test="MRI")) == []


def test_every_column_is_as_the_store_has_it():
    service = a_service(clinic_types=("HIP", "KNEE"), latitude=51.5, clinicians=["922", "921"])
    (found,) = suitable_for(ORTHOPAEDICS)
    columns = set(found._fields) - {"clinicians", "organisation_name", "sector"}
    assert all(getattr(service, name) == getattr(found, name) for name in columns)
    assert (found.organisation_name, found.sector) == (service.organisation.name, "")
    assert found.clinicians == (("921", "Dr 921"), ("922", "Dr 922"))
    assert shelf_of([service.pk]).services == (found,)


def test_another_name_of_a_provider_is_seen_at_once():
    service = a_service()
    assert [each.organisation_name for each in suitable_for(ORTHOPAEDICS)] == ["Hospital RAA"]
    service.organisation.name = "Another name"
    service.organisation.save()
    assert [each.organisation_name for each in suitable_for(ORTHOPAEDICS)] == ["Another name"]
