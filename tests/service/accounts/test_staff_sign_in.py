"""Staff sign in with CIS2: known to Clockstop, at a level, in a role of an organisation."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.service.people import HOSPITAL, ICB, LONG_AGO, OTHER_HOSPITAL, a_member

from clockstop.service.accounts.models import Identity, Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry

pytestmark = pytest.mark.django_db
SUBJECT = "555000001"


def text(response) -> str:
    return response.content.decode()


def known(staff, member: Membership, subject: str = SUBJECT) -> Membership:
    """The member of staff, as the service knows them."""
    Identity.objects.create(person=member.person, issuer=staff.url, subject=subject)
    return member


def also(member: Membership, role: Role, organisation_code: str = HOSPITAL, **values) -> Membership:
    plain = {"starts": LONG_AGO, "granted_by": "test", "icb_code": ICB}
    return Membership.objects.create(
        person=member.person, role=role, organisation_code=organisation_code, **(plain | values)
    )


def then_it_is_refused(response, why: str, *, with_user_id: bool = True) -> None:
    assert response.status_code == 403
    assert f"Reason: {why}" in text(response)
    assert (SUBJECT in text(response)) is with_user_id
    told = Entry.objects.get(action="refused sign-in")
    assert json.loads(told.detail) == {"way": "staff", "because": why}
    assert SUBJECT not in told.detail


def test_somebody_with_one_role_is_signed_in(staff, visit, client):
    member = known(staff, a_member())
    assert visit(staff, "staff")["Location"] == reverse("pathways")
    page = text(client.get("/about-the-data/"))
    assert member.person.name in page
    assert "Waiting-list manager" in page
    assert "Change role" not in page
    assert staff.asked["acr_values"] == "AAL2_OR_AAL3_ANY"


def test_an_administrator_is_led_to_the_roles(staff, visit):
    known(staff, a_member(Role.ADMINISTRATOR))
    assert visit(staff, "staff")["Location"] == reverse("members")


class TestSeveralRoles:
    def test_they_choose_one_before_anything_opens(self, staff, visit, client):
        member = known(staff, a_member())
        clinician = also(member, Role.PROVIDER_CLINICIAN)
        assert visit(staff, "staff", "/carers/")["Location"] == reverse("choose_role")
        assert client.get("/pathways/")["Location"].startswith("/sign-in/?")
        assert "Sign out" not in text(client.get(reverse("choose_role")))
        chosen = client.post(reverse("choose_role"), {"role": str(clinician.pk)})
        assert chosen["Location"] == "/carers/"
        page = text(client.get("/about-the-data/"))
        assert "Clinician, RAA" in page
        assert "Change role" in page

    def test_no_choice_is_said_to_be_missing(self, staff, visit, client):
        also(known(staff, a_member()), Role.PROVIDER_CLINICIAN)
        visit(staff, "staff")
        for nothing in ({}, {"role": "x"}):
            page = text(client.post(reverse("choose_role"), nothing))
            assert "Error: Choose a role" in page
            assert page.count("Choose a role") >= 3

    def test_nobody_chooses_the_role_of_another(self, staff, visit, client):
        also(known(staff, a_member()), Role.PROVIDER_CLINICIAN)
        other = a_member(Role.ICB_HUB, ICB)
        visit(staff, "staff")
        client.post(reverse("choose_role"), {"role": str(other.pk)})
        assert client.get("/pathways/").status_code == 302

    def test_a_later_change_makes_the_session_no_younger(self, staff, visit, client, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        member = known(staff, a_member())
        clinician = also(member, Role.PROVIDER_CLINICIAN)
        visit(staff, "staff")
        client.post(reverse("choose_role"), {"role": str(member.pk)})
        since, key = client.session["signed_in_at"], client.session.session_key
        time_machine.shift(timedelta(minutes=20))
        client.post(reverse("choose_role"), {"role": str(clinician.pk)})
        assert client.session["signed_in_at"] == since
        assert client.session.session_key != key
        assert client.session["role"] == "provider_clinician"

    def test_the_time_for_choosing_runs_out(self, staff, visit, client, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        also(known(staff, a_member()), Role.PROVIDER_CLINICIAN)
        visit(staff, "staff")
        time_machine.shift(timedelta(minutes=11))
        assert client.get(reverse("choose_role"))["Location"] == reverse("sign_in")

    def test_visitors_have_nothing_to_choose(self, client):
        assert client.get(reverse("choose_role"))["Location"] == reverse("sign_in")
        assert client.post(reverse("choose_role"), {"role": "patient"}).status_code == 302


class TestWhoIsNotLetIn:
    def test_somebody_unknown_is_told_what_to_pass_on(self, staff, visit):
        then_it_is_refused(visit(staff, "staff"), "unknown")
        assert not Person.objects.exists()

    def test_the_same_user_id_of_another_service_is_somebody_else(self, staff, visit):
        member = a_member()
        Identity.objects.create(person=member.person, issuer="https://other.test", subject=SUBJECT)
        then_it_is_refused(visit(staff, "staff"), "unknown")

    @pytest.mark.parametrize(
        "when",
        [
            {"starts": LONG_AGO, "ends": date(2021, 1, 1)},
            {"starts": date(2999, 1, 1)},
        ],
    )
    def test_a_role_of_another_time(self, staff, visit, when):
        known(staff, a_member(**when))
        then_it_is_refused(visit(staff, "staff"), "no_role")

    def test_a_role_that_ends_today_is_over(self, staff, visit):
        known(staff, a_member(ends=timezone.localdate()))
        then_it_is_refused(visit(staff, "staff"), "no_role")

    @pytest.mark.parametrize(
        "levels",
        [
            {"authentication_assurance_level": "1"},
            {"id_assurance_level": "2"},
            {"authentication_assurance_level": None},
            {"id_assurance_level": None},
            {"id_assurance_level": "very high"},
            {"id_assurance_level": True},
            {"id_assurance_level": [3]},
        ],
        ids=str,
    )
    def test_a_level_that_is_too_low(self, staff, visit, levels):
        known(staff, a_member())
        staff.tamper = levels
        then_it_is_refused(visit(staff, "staff"), "level", with_user_id=False)

    def test_a_level_that_only_the_userinfo_claims(self, staff, visit):
        known(staff, a_member())
        staff.tamper = {"id_assurance_level": None}
        staff.userinfo["id_assurance_level"] = "3"
        then_it_is_refused(visit(staff, "staff"), "level", with_user_id=False)

    def test_a_level_as_a_number_counts_too(self, staff, visit):
        known(staff, a_member())
        staff.tamper = {"id_assurance_level": 3}
        assert visit(staff, "staff").status_code == 302


class TestOrganisationsOfTheService:
    def test_a_role_elsewhere_is_not_offered(self, staff, visit, client):
        member = known(staff, a_member())
        also(member, Role.ANALYST, "RZZ")
        assert visit(staff, "staff")["Location"] == reverse("pathways")
        assert client.session["membership"] == str(member.pk)
        assert "RZZ" not in text(client.get(reverse("choose_role")))

    def test_nor_is_it_after_signing_in(self, staff, visit, client):
        member = known(staff, a_member())
        elsewhere = also(member, Role.ANALYST, "RZZ")
        visit(staff, "staff")
        client.post(reverse("choose_role"), {"role": str(elsewhere.pk)})
        assert client.session["membership"] == str(member.pk)

    def test_somebody_with_roles_elsewhere_alone_is_refused(self, staff, visit):
        known(staff, a_member(Role.ANALYST, "RZZ"))
        then_it_is_refused(visit(staff, "staff"), "no_role")

    def test_none_named_opens_none(self, staff, visit):
        known(staff, a_member())
        staff.userinfo = {"nhsid_nrbac_roles": []}
        then_it_is_refused(visit(staff, "staff"), "no_role")

    @pytest.mark.parametrize("odd", [{}, {"nhsid_nrbac_roles": None}])
    def test_a_service_that_tells_no_organisations_closes_none(self, staff, visit, odd):
        known(staff, a_member(Role.ANALYST, "RZZ"))
        staff.userinfo = odd
        assert visit(staff, "staff").status_code == 302

    def test_the_setting_opens_all(self, staff, visit, settings):
        known(staff, a_member(Role.ANALYST, "RZZ"))
        settings.CLOCKSTOP_STAFF_SIGN_IN = replace(
            settings.CLOCKSTOP_STAFF_SIGN_IN, only_its_organisations=False
        )
        assert visit(staff, "staff").status_code == 302

    def test_both_organisations_are_offered(self, staff, visit, client):
        also(known(staff, a_member()), Role.WAITING_LIST_MANAGER, OTHER_HOSPITAL)
        visit(staff, "staff")
        page = text(client.get(reverse("choose_role")))
        assert all(code in page for code in (HOSPITAL, OTHER_HOSPITAL))


def test_each_way_has_its_own_state(staff, patients, client):
    """What was begun with one service cannot be ended with another."""
    leaving = client.get("/sign-in/staff/")
    returning = staff.authorise(leaving["Location"]).replace("/staff/", "/patient/")
    assert "Reason: state" in text(client.get(returning))
