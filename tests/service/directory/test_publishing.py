"""Drafts and publication: what is shown changes by publishing alone, and nothing said is lost."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from tests.service.directory.made_up import a_service, an_organisation
from tests.service.people import OTHER_HOSPITAL, an_actor

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.directory import actions
from clockstop.service.directory.actions import ChangedMeanwhileError, NotPublishableError
from clockstop.service.directory.choices import Bookable, Status
from clockstop.service.directory.content import as_service, content_of, fingerprint
from clockstop.service.directory.forms import NewForm
from clockstop.service.directory.models import Draft, FormerVersion, HealthcareService
from clockstop.service.directory.publishing import against_publishing

pytestmark = pytest.mark.django_db
OTHERS = sorted(set(Role) - {Role.SERVICE_DEFINER})


@pytest.fixture
def definer():
    an_organisation()
    return an_actor(Role.SERVICE_DEFINER)


@pytest.fixture
def service():
    return a_service(
        site_code="RAA01",
        site_name="Main site",
        clinic_types=("HIP",),
        conditions_treated="Osteoarthritis",
        patient_phone="01632 960000",
        professional_email="office@raa.example",
        clinicians=("999000000001",),
    )


def edited(definer, service, edits=0, **values):
    content = {**content_of(service), **values}
    actions.edit(actor=definer, service=service, content=content, edits=edits)
    return content


def published(definer, service, edits=1):
    return actions.publish(actor=definer, service=service, edits=edits)


def test_what_is_kept_of_a_service_is_all_of_it(service):
    service.refresh_from_db()
    content = content_of(service)
    assert against_publishing(content) == ()
    again = as_service(service, content)
    kept = {"published_at", "published_by", "withdrawn_reason"}
    for field in HealthcareService._meta.concrete_fields:
        if field.name not in kept:
            assert getattr(again, field.attname) == getattr(service, field.attname), field.name
    assert content["clinicians"] == [["999000000001", "Dr 999000000001"]]


def test_a_draft_is_not_shown_until_it_is_published(definer, service):
    edited(definer, service, name="Hips", clinicians=[["999000000002", "Dr B"]])
    service.refresh_from_db()
    assert (service.name, service.version) == ("Hips and knees", 1)
    published(definer, service)
    service.refresh_from_db()
    assert (service.name, service.version, service.status) == ("Hips", 2, Status.PUBLISHED)
    assert list(service.clinicians.values_list("user_id", flat=True)) == ["999000000002"]
    assert not Draft.objects.exists()
    former = FormerVersion.objects.get()
    assert (former.version, former.told["name"]) == (1, "Hips and knees")
    assert former.told["clinicians"] == [["999000000001", "Dr 999000000001"]]


def test_every_step_is_audited_by_its_fingerprint_alone(definer, service):
    content = edited(definer, service, name="Hips")
    published(definer, service)
    actions.withdraw(actor=definer, service=service, reason="The clinic has moved")
    entries = Entry.objects.order_by("number")
    assert [each.action for each in entries] == [
        "edited a service",
        "published a service",
        "withdrew a service",
    ]
    assert {each.subject for each in entries} == {str(service.pk)}
    assert fingerprint(content) in entries[1].detail
    assert "Hips" not in "".join(each.detail for each in entries)
    assert "moved" not in "".join(each.detail for each in entries)


def test_a_new_service_goes_from_draft_to_version_one(definer):
    form = NewForm({"name": "Knees", "function": "C_110"})
    assert form.is_valid()
    service = actions.begin(actor=definer, content=form.content)
    assert (service.status, service.version) == (Status.DRAFT, 0)
    assert not HealthcareService.objects.published().exists()
    with pytest.raises(NotPublishableError) as refused:
        published(definer, service)
    fields = {each.field for each in refused.value.reasons}
    assert fields == {
        *("site_code", "clinic_types", "requests", "conditions_treated"),
        *("professional_phone", "patient_phone"),
    }
    lacking = {
        "site_code": "RAA",
        "clinic_types": ["KNEE"],
        "takes_advice": True,
        "conditions_treated": "Knees",
        "professional_phone": "1",
        "patient_email": "a@b.example",
    }
    edited(definer, service, edits=1, **lacking)
    assert published(definer, service, edits=2).version == 1
    assert not FormerVersion.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"site_code": ""}, "site_code"),
        ({"clinic_types": []}, "clinic_types"),
        ({"clinic_types": ["CATARACT"]}, "clinic_types"),
        ({"opens": "2026-02-02", "closes": "2026-02-01"}, "closes"),
        ({"takes_appointments": False, "bookable": Bookable.NOT}, "requests"),
        ({"takes_triage": True}, "requests"),
        ({"takes_appointments": False, "takes_triage": True}, "bookable"),
        ({"advice_convertible": True}, "takes_advice"),
        ({"media": []}, "seen"),
        ({"min_age_months": 200, "max_age_months": 199}, "max_age_months"),
        ({"routine": False, "urgent": False}, "priorities"),
        ({"conditions_treated": ""}, "conditions_treated"),
        ({"professional_email": ""}, "professional_phone"),
        ({"patient_phone": ""}, "patient_phone"),
        ({"clinicians": [["9", "A"], ["9", "B"]]}, "clinicians"),
    ],
)
def test_each_fault_stands_against_publishing(definer, service, values, field):
    edited(definer, service, **values)
    with pytest.raises(NotPublishableError) as refused:
        published(definer, service)
    assert [each.field for each in refused.value.reasons] == [field]
    service.refresh_from_db()
    assert service.version == 1
    assert Draft.objects.exists()


def test_two_who_edit_at_once_do_not_overwrite_each_other(definer, service):
    edited(definer, service, name="First")
    with pytest.raises(ChangedMeanwhileError):
        edited(definer, service, name="Second")
    edited(definer, service, edits=1, name="Third")
    with pytest.raises(ChangedMeanwhileError):
        published(definer, service, edits=1)
    assert published(definer, service, edits=2).name == "Third"
    with pytest.raises(ChangedMeanwhileError):
        published(definer, service, edits=2)


def test_a_withdrawn_service_can_be_published_again(definer, service):
    with pytest.raises(NotPublishableError):
        actions.withdraw(actor=definer, service=service, reason=" ")
    actions.withdraw(actor=definer, service=service, reason="Refurbishment")
    service.refresh_from_db()
    assert (service.status, service.version) == (Status.WITHDRAWN, 2)
    assert not HealthcareService.objects.published().exists()
    with pytest.raises(ChangedMeanwhileError):
        actions.withdraw(actor=definer, service=service, reason="Again")
    edited(definer, service)
    published(definer, service)
    service.refresh_from_db()
    assert (service.status, service.version, service.withdrawn_reason) == ("published", 3, "")
    rows = FormerVersion.objects.values_list("version", "status")
    assert list(rows) == [(2, "withdrawn"), (1, "published")]


def test_a_discarded_draft_leaves_what_is_published(definer, service):
    edited(definer, service, name="Other")
    actions.discard(actor=definer, service=service, edits=1)
    service.refresh_from_db()
    assert (service.name, service.version) == ("Hips and knees", 1)
    with pytest.raises(ChangedMeanwhileError):
        actions.discard(actor=definer, service=service, edits=1)


def test_former_versions_are_never_changed(definer, service):
    edited(definer, service)
    published(definer, service)
    for change in (
        lambda: FormerVersion.objects.update(content="{}"),
        lambda: connection.cursor().execute("DELETE FROM directory_formerversion"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("role", OTHERS)
def test_only_definers_write(role, definer, service):
    edited(definer, service)
    actor = an_actor(role)
    content = content_of(service)
    for act in (
        lambda: actions.begin(actor=actor, content=content),
        lambda: actions.edit(actor=actor, service=service, content=content, edits=1),
        lambda: actions.publish(actor=actor, service=service, edits=1),
        lambda: actions.withdraw(actor=actor, service=service, reason="Why not"),
        lambda: actions.discard(actor=actor, service=service, edits=1),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_definer_elsewhere_writes_nothing_here(service):
    an_organisation(OTHER_HOSPITAL)
    actor = an_actor(Role.SERVICE_DEFINER, OTHER_HOSPITAL)
    with pytest.raises(PermissionDenied):
        actions.withdraw(actor=actor, service=service, reason="Not mine")
    assert not HealthcareService.objects.visible_to(actor).exists()
