"""Roles are given and ended by actions, within one's own organisation, in the audit."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, a_member, an_actor

from clockstop.service.accounts.actions import AccountRefusedError, end, grant
from clockstop.service.accounts.models import Identity, Membership, Person
from clockstop.service.accounts.policies import Grant
from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.accounts.sessions import _staff
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify

pytestmark = pytest.mark.django_db
WANTED = Grant(
    issuer="https://staff.test",
    subject="555000002",
    name="Sam Example",
    role=Role.PROVIDER_CLINICIAN,
    organisation_code=HOSPITAL,
    icb_code=ICB,
    starts=date(2025, 1, 1),
)


@pytest.fixture
def administrator():
    return an_actor(Role.ADMINISTRATOR)


def fields(refused) -> list[str]:
    return [each.field for each in refused.value.refusals]


class TestGive:
    def test_somebody_new_gets_an_account_and_a_role(self, administrator):
        membership = grant(actor=administrator, wanted=WANTED)
        assert membership.person.name == "Sam Example"
        assert membership.granted_by == str(administrator.person)
        identity = Identity.objects.get()
        assert (identity.issuer, identity.subject) == ("https://staff.test", "555000002")
        told = Entry.objects.get(subject=str(membership.pk))
        assert (told.action, told.icb_code) == ("gave a role", ICB)
        assert json.loads(told.detail)["role"] == "provider_clinician"
        assert verify().faults == ()

    def test_somebody_known_keeps_their_name(self, administrator):
        first = grant(actor=administrator, wanted=WANTED)
        other = replace(WANTED, role=Role.WAITING_LIST_MANAGER, name="Somebody Else")
        assert grant(actor=administrator, wanted=other).person == first.person
        assert Person.objects.get(pk=first.person_id).name == "Sam Example"

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR} - PUBLIC))
    def test_nobody_but_an_administrator_gives_any(self, role):
        with pytest.raises(PermissionDenied):
            grant(actor=an_actor(role), wanted=WANTED)
        assert not Identity.objects.exists()

    @pytest.mark.parametrize("elsewhere", [OTHER_HOSPITAL, "", ICB])
    def test_nor_does_an_administrator_elsewhere(self, administrator, elsewhere):
        with pytest.raises(PermissionDenied):
            grant(actor=administrator, wanted=replace(WANTED, organisation_code=elsewhere))

    def test_nobody_gives_a_role_to_themself(self, administrator):
        Identity.objects.create(
            person_id=administrator.person, issuer=WANTED.issuer, subject=WANTED.subject
        )
        with pytest.raises(AccountRefusedError, match="yourself"):
            grant(actor=administrator, wanted=WANTED)
        assert Membership.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.ICB_HUB, Role.COMMISSIONER])
    def test_a_hospital_has_no_role_that_sees_a_whole_icb(self, administrator, role):
        with pytest.raises(AccountRefusedError, match="Only an ICB"):
            grant(actor=administrator, wanted=replace(WANTED, role=role))
        of_the_icb = an_actor(Role.ADMINISTRATOR, ICB)
        assert grant(actor=of_the_icb, wanted=replace(WANTED, role=role, organisation_code=ICB)).pk

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"subject": ""}, "subject"),
            ({"subject": "5 5"}, "subject"),
            ({"subject": "5\n5"}, "subject"),
            ({"issuer": ""}, "issuer"),
            ({"name": "  "}, "name"),
            ({"role": Role.PATIENT}, "role"),
            ({"role": Role.CARER}, "role"),
            ({"ends": date(2025, 1, 1)}, "ends"),
            ({"ends": date(2025, 1, 2)}, "ends"),
        ],
        ids=str,
    )
    def test_what_cannot_be_given_is_refused_by_its_field(self, administrator, change, field):
        with pytest.raises(AccountRefusedError) as refused:
            grant(actor=administrator, wanted=replace(WANTED, **change))
        assert fields(refused) == [field]
        assert not Person.objects.filter(name="Sam Example").exists()

    def test_everything_that_is_wrong_is_said_at_once(self, administrator):
        wrong = replace(WANTED, subject="", name="", role=Role.PATIENT, ends=date(2024, 1, 1))
        with pytest.raises(AccountRefusedError) as refused:
            grant(actor=administrator, wanted=wrong)
        assert fields(refused) == ["subject", "name", "role", "ends"]

    def test_a_role_that_is_held_is_not_given_again(self, administrator):
        grant(actor=administrator, wanted=WANTED)
        for starts in (date(2025, 1, 1), date(2024, 6, 1), date(2025, 6, 1)):
            with pytest.raises(AccountRefusedError, match="already"):
                grant(actor=administrator, wanted=replace(WANTED, starts=starts))
        before = replace(WANTED, starts=date(2024, 1, 1), ends=date(2024, 6, 1))
        with pytest.raises(AccountRefusedError, match="after today"):
            grant(actor=administrator, wanted=before)

    def test_a_role_that_ended_can_be_given_again(self, administrator):
        end(actor=administrator, membership=grant(actor=administrator, wanted=WANTED))
        again = replace(WANTED, starts=timezone.localdate())
        assert grant(actor=administrator, wanted=again).ends is None
        end(actor=administrator, membership=Membership.objects.get(starts=again.starts))
        with pytest.raises(AccountRefusedError, match="another day"):
            grant(actor=administrator, wanted=again)

    def test_the_operator_makes_the_first_administrator(self):
        membership = grant(actor=None, wanted=replace(WANTED, role=Role.ADMINISTRATOR))
        assert membership.granted_by == "system"
        assert Entry.objects.get().actor == "system"


class TestEnd:
    def test_it_is_gone_at_once(self, administrator):
        membership = grant(actor=administrator, wanted=WANTED)
        assert _staff(membership.person, str(membership.pk))
        end(actor=administrator, membership=membership)
        assert _staff(membership.person, str(membership.pk)) is None
        assert Entry.objects.filter(action="ended a role").count() == 1

    def test_one_that_has_yet_to_start_never_will(self, administrator):
        soon = timezone.localdate() + timedelta(days=10)
        membership = grant(actor=administrator, wanted=replace(WANTED, starts=soon))
        end(actor=administrator, membership=membership)
        membership.refresh_from_db()
        assert membership.ends == soon
        assert not Membership.objects.on(soon).filter(pk=membership.pk).exists()

    def test_only_once(self, administrator):
        membership = grant(actor=administrator, wanted=WANTED)
        end(actor=administrator, membership=membership)
        with pytest.raises(AccountRefusedError, match="already"):
            end(actor=administrator, membership=membership)

    def test_not_by_others(self, administrator):
        membership = a_member()
        for actor in (an_actor(), an_actor(Role.ADMINISTRATOR, OTHER_HOSPITAL)):
            with pytest.raises(PermissionDenied):
                end(actor=actor, membership=membership)

    def test_an_administrator_does_not_end_their_own_but_another_does(self, administrator):
        own = Membership.objects.get(person=administrator.person)
        with pytest.raises(PermissionDenied):
            end(actor=administrator, membership=own)
        end(actor=an_actor(Role.ADMINISTRATOR), membership=own)
        own.refresh_from_db()
        assert own.ends == timezone.localdate()
