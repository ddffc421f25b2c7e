"""Whom and what the NHS App must leave out: a row for each rule of the producer standard 3.12.0."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests.service.accounts.conftest import patients, provider, service  # noqa: F401
from tests.service.aggregator.test_aggregator import (  # noqa: F401
    a_letter,
    app,
    ask,
    asked_of,
    referral,
)
from tests.service.directory.made_up import a_service
from tests.service.people import OTHER_HOSPITAL, a_member, an_actor, signed_in
from tests.service.referrals.made_up import booked

from clockstop.core.types import Sector
from clockstop.service.accounts.roles import Role
from clockstop.service.aggregator import actions
from clockstop.service.aggregator.actions import NotHiddenError
from clockstop.service.aggregator.models import WHY, Hidden, Kind
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Document
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db
LISTS = ("Appointment", "DocumentReference", "Task")
AT = "/directory/nhs-app/"


@pytest.fixture
def full(referral):  # noqa: F811
    """A referral with one of each: an appointment, a letter that was shared, a question."""
    a_letter(referral)
    asked_of(referral, Asked.INVITED)
    return referral


def an_office(code="RAA"):
    return an_actor(Role.PROVIDER_ADMINISTRATOR, code)


def hide(kind, key, reason="", by=None):
    return actions.hide(actor=by or an_office(), kind=kind, key=str(key), reason=reason)


def under_16(referral):  # noqa: F811
    born = timezone.localdate() - timedelta(days=15 * 365)
    Patient.objects.filter(pk=referral.patient_id).update(birth_date=born)


def sensitive(referral):  # noqa: F811
    Patient.objects.filter(pk=referral.patient_id).update(sensitive=True)


def no_nhs_trust(referral):  # noqa: F811
    organisation = referral.service.organisation
    organisation.sector = Sector.INDEPENDENT
    organisation.save()


def hidden_patient(referral):  # noqa: F811
    hide(Kind.PATIENT, referral.patient_id, "asked")


def hidden_specialty(referral):  # noqa: F811
    hide(Kind.SPECIALTY, referral.service.treatment_function)


def hidden_clinic(referral):  # noqa: F811
    hide(Kind.CLINIC, referral.service_id)


def hidden_appointment(referral):  # noqa: F811
    hide(Kind.APPOINTMENT, referral.appointments.get().pk, "not_attended")


def letter_to_the_gp(referral):  # noqa: F811
    hide(Kind.LETTER, Document.objects.get(referral=referral).pk, "practice")


def letter_to_a_guardian(referral):  # noqa: F811
    hide(Kind.LETTER, Document.objects.get(referral=referral).pk, "guardian")


def another_specialty(_):
    a_service(treatment_function="C_130", specialty="OPHTHALMOLOGY")
    hide(Kind.SPECIALTY, "C_130")


def another_clinic(_):
    hide(Kind.CLINIC, a_service(name="Shoulders").pk)


def another_trust_hides_the_specialty(_):
    a_service(OTHER_HOSPITAL)
    hide(Kind.SPECIALTY, "C_110", by=an_office(OTHER_HOSPITAL))


def shown_again(referral):  # noqa: F811
    hidden_patient(referral)
    actions.show(actor=an_office(), kind=Kind.PATIENT, key=str(referral.patient_id))


# A rule, and the lists that it empties; what it does not empty is told as before.
RULES = [
    (under_16, LISTS),
    (sensitive, LISTS),
    (no_nhs_trust, LISTS),
    (hidden_patient, LISTS),
    (hidden_specialty, LISTS),
    (hidden_clinic, LISTS),
    (hidden_appointment, ("Appointment",)),
    (letter_to_the_gp, ("DocumentReference",)),
    (letter_to_a_guardian, ("DocumentReference",)),
    (another_specialty, ()),
    (another_clinic, ()),
    (another_trust_hides_the_specialty, ()),
    (shown_again, ()),
]


@pytest.mark.parametrize(("rule", "empties"), RULES, ids=lambda each: getattr(each, "__name__", ""))
def test_what_the_app_leaves_out(ask, full, rule, empties):  # noqa: F811
    assert [ask(each)[1]["total"] for each in LISTS] == [1, 1, 1]
    rule(full)
    born = Patient.objects.get(pk=full.patient_id).birth_date.isoformat()
    for each in LISTS:
        status, bundle = ask(each, birthdate=born)
        assert (status, bundle["total"]) == (200, 0 if each in empties else 1), each


def test_what_is_hidden_is_still_shown_on_the_patients_own_page(full, client):
    from tests.service.people import signed_in_patient

    hidden_patient(full)
    page = signed_in_patient(client, full.patient).get(f"/your-care/{full.pk}/")
    assert "Before you come" in page.content.decode()


class TestWhoHides:
    @pytest.mark.parametrize("role", Role)
    def test_definers_their_services_and_the_office_all(self, full, role):
        keys = {
            Kind.SPECIALTY: "C_110",
            Kind.CLINIC: full.service_id,
            Kind.PATIENT: full.patient_id,
            Kind.APPOINTMENT: full.appointments.get().pk,
            Kind.LETTER: Document.objects.get(referral=full).pk,
        }
        by = an_actor(role)
        may = {
            Role.SERVICE_DEFINER: {Kind.SPECIALTY, Kind.CLINIC},
            Role.PROVIDER_ADMINISTRATOR: set(Kind),
        }.get(role, set())
        for kind, key in keys.items():
            if kind in may:
                assert hide(kind, key, "other", by=by).key == str(key)
                continue
            with pytest.raises(PermissionDenied):
                hide(kind, key, "other", by=by)
            with pytest.raises(PermissionDenied):
                actions.show(actor=by, kind=kind, key=str(key))
        assert set(Hidden.objects.of(by).values_list("kind", flat=True)) == may

    @pytest.mark.parametrize("kind", Kind)
    def test_nothing_of_another_organisation_and_nothing_without_a_reason(self, full, kind):
        other = booked()
        keys = {
            Kind.SPECIALTY: "C_330",
            Kind.CLINIC: a_service(OTHER_HOSPITAL).pk,
            Kind.PATIENT: other.patient_id,
            Kind.APPOINTMENT: other.appointments.get().pk,
            Kind.LETTER: a_letter(other, organisation_code="A81001").pk,
        }
        by = an_office(OTHER_HOSPITAL if kind is not Kind.CLINIC else "RAA")
        for key in (keys[kind], uuid4(), 0, "", "nonsense"):
            with pytest.raises(NotHiddenError):
                hide(kind, key, "other", by=by)
        if WHY[kind]:
            with pytest.raises(NotHiddenError, match="Choose why"):
                hide(kind, keys[kind] if kind is not Kind.LETTER else a_letter(other).pk)
        assert not Hidden.objects.exists()

    def test_each_change_is_in_the_audit_once(self, full):
        for _ in range(2):
            hidden_patient(full)
        for _ in range(2):
            actions.show(actor=an_office(), kind=Kind.PATIENT, key=str(full.patient_id))
        about = Entry.objects.filter(subject=str(full.patient_id), action__contains="NHS App")
        told = [each.action for each in about.order_by("pk")]
        assert told == ["hid from the NHS App", "shows in the NHS App again"]
        assert about[0].detail == '{"reason":"asked"}'


class TestThePages:
    @pytest.fixture
    def office(self):
        return signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR))

    def test_a_definer_hides_a_specialty_and_shows_it_again(self, full):
        definer = signed_in(Client(), a_member(Role.SERVICE_DEFINER))
        assert AT in definer.get("/directory/").content.decode()
        told = {"act": "hide", "kind": "specialty", "key": "C_110"}
        assert definer.post(AT, told)["Location"] == AT
        page = definer.get(AT).content.decode()
        assert "Show again" in page
        assert "NHS number" not in page
        assert definer.post(AT, told | {"act": "show"})["Location"] == AT
        assert not Hidden.objects.exists()
        wrong = definer.post(AT, told | {"key": ""})
        assert wrong.status_code == 400
        assert 'href="#specialty"' in wrong.content.decode()
        for broken in ({"act": "hide"}, told | {"act": "drop"}, told | {"kind": "x"}):
            assert definer.post(AT, broken).status_code == 400

    def test_the_office_finds_a_patient_and_hides_a_letter(self, full, office):
        found = office.post(AT, {"nhs_number": full.patient.spaced_number})
        at = f"{AT}patients/{full.patient_id}/"
        assert found["Location"] == at
        letter = Document.objects.get(referral=full)
        page = office.get(at).content.decode()
        assert "Letter: Before you come" in page
        assert "&lt;span" not in page
        assert "Appointment: Hips and knees" in page
        told = {"act": "hide", "kind": "letter", "key": str(letter.pk)}
        refused = office.post(at, told)
        assert refused.status_code == 400
        assert f'href="#letter-{letter.pk}"' in refused.content.decode()
        assert office.post(at, told | {"reason": "practice"})["Location"] == at
        assert "It is written to the GP practice." in office.get(at).content.decode()
        hidden_patient(full)
        assert full.patient.family_name in office.get(AT).content.decode()
        assert Entry.objects.filter(action="looked at what the NHS App shows").exists()

    def test_nobody_elses_patient_is_found(self, full):
        other = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, OTHER_HOSPITAL))
        for typed in (full.patient.nhs_number, "", "nonsense"):
            assert other.post(AT, {"nhs_number": typed}).status_code == 400
        at = f"{AT}patients/{full.patient_id}/"
        assert other.get(at).status_code == 404
        told = {"act": "hide", "kind": "patient", "key": str(full.patient_id), "reason": "risk"}
        assert other.post(at, told).status_code == 404
        assert other.post(AT, told).status_code == 400
        assert not Hidden.objects.exists()
