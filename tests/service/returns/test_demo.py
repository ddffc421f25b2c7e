"""The weeks of the demo: submitted once, with something for an analyst to find."""

from datetime import date, timedelta

import pytest
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, a_member, an_actor
from tests.service.returns.made_up import records as given_records
from tests.service.returns.made_up import waiting

from clockstop.service.accounts.roles import Role
from clockstop.service.pathways import records as store_records
from clockstop.service.returns.actions import one_view
from clockstop.service.returns.demo import seed_weeks
from clockstop.service.returns.models import Return
from clockstop.service.returns.states import State

pytestmark = pytest.mark.django_db


def test_the_weeks_of_the_demo_are_submitted_once_and_disagree(monkeypatch):
    start = date(2025, 3, 3)
    lists = {
        code: given_records([waiting(start + timedelta(days=n), code) for n in range(40)], code)
        for code in (HOSPITAL, OTHER_HOSPITAL)
    }
    empty = given_records([])
    monkeypatch.setattr(store_records, "tables", lambda code: lists.get(code, empty))
    for code in (*lists, "RCC"):
        a_member(Role.PROVIDER_ADMINISTRATOR, code)
    assert seed_weeks() == 4
    assert seed_weeks() == 0
    assert {each.stands for each in Return.objects.all()} == {State.SIGNED_OFF}
    latest = max(each.period for each in Return.objects.all())
    found = one_view(actor=an_actor(Role.ANALYST, "QAA"), week_ending=latest).told["kinds"]
    assert found["on_none"]
    assert found["two_lists"]
    assert found["starts_differ"]
