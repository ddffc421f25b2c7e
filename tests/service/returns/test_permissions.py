"""Who may make, sign off, judge and read what, role by role."""

import pytest
import rules
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, OTHER_ICB, an_actor, roles_at
from tests.service.returns.made_up import a_return

from clockstop.service.accounts.roles import STAFF, Role
from clockstop.service.returns.models import Kind
from clockstop.service.returns.states import State

pytestmark = pytest.mark.django_db
MAKING = {Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER}
READING = {Role.COMMISSIONER, Role.ICB_HUB, Role.ANALYST}
MAY = {
    "returns.make": MAKING,
    "returns.one_view": READING,
}
MAY_OF = {
    ("returns.view", Kind.MONTHLY): MAKING | READING,
    ("returns.view", Kind.WEEKLY): MAKING | READING,
    ("returns.sign_off", Kind.MONTHLY): {Role.WAITING_LIST_MANAGER},
    ("returns.sign_off", Kind.WEEKLY): MAKING,
    ("returns.judge", Kind.MONTHLY): {Role.COMMISSIONER},
    ("returns.judge", Kind.WEEKLY): set(),
}


def actors(icb_code=ICB, at=0):
    return {role: an_actor(role, roles_at(role)[at], icb_code) for role in STAFF}


@pytest.mark.parametrize("permission", MAY)
def test_what_needs_no_return(permission):
    allowed = {role for role, actor in actors().items() if rules.has_perm(permission, actor)}
    assert allowed == MAY[permission]


@pytest.mark.parametrize(("permission", "kind"), MAY_OF)
def test_what_may_be_done_with_a_return(permission, kind):
    held = a_return(kind=kind)
    allowed = {role for role, actor in actors().items() if rules.has_perm(permission, actor, held)}
    assert allowed == MAY_OF[permission, kind]


@pytest.mark.parametrize(("permission", "kind"), MAY_OF)
def test_nobody_elsewhere_may_anything(permission, kind):
    held = a_return(HOSPITAL, ICB, kind=kind)
    elsewhere = actors(OTHER_ICB, at=1)
    assert not any(rules.has_perm(permission, actor, held) for actor in elsewhere.values())
    beside = an_actor(Role.WAITING_LIST_MANAGER, OTHER_HOSPITAL, ICB)
    assert not rules.has_perm(permission, beside, held)


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKED, State.REJECTED])
def test_an_icb_sees_nothing_that_was_not_signed_off(state):
    held = a_return(state=state)
    sees = {role for role, actor in actors().items() if rules.has_perm("returns.view", actor, held)}
    assert sees == MAKING
