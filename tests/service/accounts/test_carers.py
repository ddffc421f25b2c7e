"""A patient lets a carer see their record by a code that the carer reads out, and ends it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import (
    LONG_AGO,
    a_member,
    a_pathway,
    a_patient,
    nhs_number,
    signed_in,
    signed_in_patient,
)

from clockstop.service.accounts.actions import AccountRefusedError, change_end, delegate, revoke
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.codes import LETTERS, fingerprint, new_code
from clockstop.service.accounts.models import CarerCode, Delegation, Person
from clockstop.service.accounts.policies import after_months, against_delegation
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.sessions import _carer, _patient
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.models import Pathway

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def ada(client):
    """A patient who is signed in."""
    patient = a_patient()
    signed_in_patient(client, patient)
    return patient


@pytest.fixture
def kim():
    """Another, who cares for the first."""
    return a_patient(given_name="Kim")


def code_of(kim) -> str:
    page = text(signed_in_patient(Client(), kim).post(reverse("carer_code")))
    return re.search(r"panel__heading[^>]*>\s*(\w{4} \w{4})", page)[1]


def actor_of(patient) -> Actor:
    return _patient(Person.objects.get(nhs_number=patient.nhs_number))


class TestTheCode:
    def test_it_lets_the_carer_see_the_record(self, client, ada, kim):
        pathway = a_pathway(ada)
        response = client.post(reverse("carers"), {"code": code_of(kim), "months": "3"})
        assert response["Location"] == reverse("carers")
        held = Delegation.objects.get()
        assert held.ends == after_months(timezone.localdate(), 3)
        carer = _carer(held.carer)
        assert Pathway.objects.visible_to(carer).get() == pathway
        assert kim.name in text(client.get(reverse("carers")))
        assert Entry.objects.filter(action="let a carer see").count() == 1

    def test_however_it_is_typed(self, client, ada, kim):
        code = code_of(kim).replace(" ", "-").lower()
        client.post(reverse("carers"), {"code": f" {code} ", "months": "1"})
        assert Delegation.objects.exists()

    def test_once(self, client, ada, kim):
        code = code_of(kim)
        client.post(reverse("carers"), {"code": code, "months": "1"})
        other = signed_in_patient(Client(), a_patient())
        page = text(other.post(reverse("carers"), {"code": code, "months": "1"}))
        assert page.count("not known or too old") == 2
        assert Delegation.objects.count() == 1

    def test_for_a_quarter_of_an_hour(self, client, ada, kim, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        code = code_of(kim)
        time_machine.shift(timedelta(minutes=15, seconds=1))
        assert "too old" in text(client.post(reverse("carers"), {"code": code, "months": "1"}))

    def test_a_new_one_ends_the_one_before(self, client, ada, kim):
        old, new = code_of(kim), code_of(kim)
        assert "not known" in text(client.post(reverse("carers"), {"code": old, "months": "1"}))
        assert client.post(reverse("carers"), {"code": new, "months": "1"}).status_code == 302

    def test_only_its_fingerprint_is_kept(self, kim):
        code = code_of(kim)
        kept = CarerCode.objects.get()
        assert kept.code == fingerprint(code)
        assert code.replace(" ", "") not in kept.code

    def test_codes_are_long_and_easy_to_say(self):
        codes = {new_code() for _ in range(50)}
        assert len(codes) == 50
        assert all(set(code) <= {*LETTERS, " "} for code in codes)
        assert not set("01ILOU") & set(LETTERS)

    def test_ones_own_is_no_carers(self, client, ada):
        page = text(client.post(reverse("carers"), {"code": code_of(ada), "months": "1"}))
        assert "your own code" in page
        assert not Delegation.objects.exists()


class TestTheForm:
    def test_everything_that_is_missing_is_said_at_once(self, client, ada):
        page = text(client.post(reverse("carers"), {}))
        assert 'href="#code"' in page
        assert 'href="#months"' in page

    def test_nothing_typed_is_lost(self, client, ada):
        page = text(client.post(reverse("carers"), {"code": "ABCD EFGH", "months": "6"}))
        assert 'value="ABCD EFGH"' in page
        assert re.search(r'value="6"[^>]* checked', page)

    def test_a_carer_is_not_added_twice(self, client, ada, kim):
        for _ in range(2):
            page = text(client.post(reverse("carers"), {"code": code_of(kim), "months": "1"}))
        assert "can see your record already" in page


class TestTheEnd:
    def test_it_is_at_once(self, client, ada, kim):
        client.post(reverse("carers"), {"code": code_of(kim), "months": "1"})
        held = Delegation.objects.get()
        client.post(reverse("end_carer", args=[held.pk]))
        assert _carer(held.carer) is None
        assert kim.name not in text(client.get(reverse("carers")))
        client.post(reverse("carers"), {"code": code_of(kim), "months": "1"})
        assert _carer(held.carer)

    def test_by_nobody_else(self, client, ada, kim):
        client.post(reverse("carers"), {"code": code_of(kim), "months": "1"})
        held = Delegation.objects.get()
        address = reverse("end_carer", args=[held.pk])
        assert signed_in_patient(Client(), kim).post(address).status_code == 404
        assert signed_in(Client(), a_member()).post(address).status_code == 403
        assert Client().post(address).status_code == 302
        assert _carer(held.carer)


class TestUntilWhen:
    @pytest.fixture
    def held(self, ada, kim):
        carer = Person.objects.create(name=kim.name, nhs_number=kim.nhs_number)
        today = timezone.localdate()
        return delegate(
            actor=actor_of(ada), carer=carer, ends=after_months(today, 6), nhs_number=ada.number
        )

    @pytest.mark.parametrize("months", [1, 12])
    def test_it_is_made_sooner_or_later(self, client, held, months):
        at = reverse("carer_until", args=[held.pk])
        assert at in text(client.get(reverse("carers")))
        assert client.get(at).status_code == 200
        assert client.post(at, {"months": str(months)})["Location"] == reverse("carers")
        held.refresh_from_db()
        assert held.ends == after_months(timezone.localdate(), months)
        entry = Entry.objects.get(action="changed until when a carer sees")
        assert "acting_for" not in entry.detail

    def test_what_is_missing_is_said(self, client, held):
        page = client.post(reverse("carer_until", args=[held.pk]), {})
        assert page.status_code == 400
        assert 'href="#months"' in text(page)

    def test_what_has_ended_takes_a_new_code(self, client, held):
        client.post(reverse("end_carer", args=[held.pk]))
        page = client.post(reverse("carer_until", args=[held.pk]), {"months": "1"})
        assert "ask the carer for a new code" in text(page)
        assert _carer(held.carer) is None

    def test_by_nobody_else(self, held, kim):
        at = reverse("carer_until", args=[held.pk])
        assert signed_in_patient(Client(), kim).post(at, {"months": "1"}).status_code == 404
        assert signed_in(Client(), a_member()).post(at, {"months": "1"}).status_code == 403
        with pytest.raises(PermissionDenied):
            change_end(
                actor=_carer(held.carer),
                delegation=held,
                ends=after_months(timezone.localdate(), 12),
            )


class TestTheAction:
    @pytest.mark.parametrize("days", [0, -1, 366])
    def test_a_day_that_is_over_or_far_away(self, ada, days):
        kim = Person.objects.create(name="Kim")
        with pytest.raises(AccountRefusedError):
            delegate(
                actor=actor_of(ada),
                carer=kim,
                ends=timezone.localdate() + timedelta(days=days),
                nhs_number=ada.number,
            )

    def test_only_for_ones_own_record(self, ada):
        ends = timezone.localdate() + timedelta(days=30)
        other = nhs_number(4_500)
        with pytest.raises(PermissionDenied):
            delegate(
                actor=actor_of(ada), carer=Person.objects.create(), ends=ends, nhs_number=other
            )

    def test_nobody_else_ends_it(self, ada, kim):
        held = Delegation.objects.create(
            carer=Person.objects.create(name="Lee"),
            nhs_number=ada.nhs_number,
            icb_code="-",
            starts=LONG_AGO,
            ends=date(2999, 1, 1),
        )
        Person.objects.create(name=kim.name, nhs_number=kim.nhs_number)
        for actor in (actor_of(kim), _carer(held.carer)):
            with pytest.raises(PermissionDenied):
                revoke(actor=actor, delegation=held)
        revoke(actor=actor_of(ada), delegation=held)
        assert _carer(held.carer) is None

    def test_a_carer_lets_nobody_else_see(self, ada):
        kim = Person.objects.create(name="Kim")
        Delegation.objects.create(
            carer=kim,
            nhs_number=ada.nhs_number,
            icb_code="-",
            starts=LONG_AGO,
            ends=date(2999, 1, 1),
        )
        with pytest.raises(PermissionDenied):
            delegate(
                actor=_carer(kim),
                carer=Person.objects.create(),
                ends=timezone.localdate() + timedelta(days=30),
                nhs_number=ada.number,
            )


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, ends):
    assert after_months(day, months) == ends


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2027, 3, 1), date(2028, 3, 1)),
        (date(2028, 2, 28), date(2029, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_year_is_the_longest_with_a_leap_day_or_without(today, latest):
    assert against_delegation(after_months(today, 12), today) == ()
    assert against_delegation(latest, today) == ()
    [refusal] = against_delegation(latest + timedelta(days=1), today)
    assert f"before {latest.day} " in refusal.words


def test_a_year_with_a_leap_day_is_let_on_the_page():
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        client = signed_in_patient(Client(), a_patient())
        typed = {"code": code_of(a_patient(given_name="Kim")), "months": "12"}
        assert client.post(reverse("carers"), typed)["Location"] == reverse("carers")
        assert Delegation.objects.get().ends == date(2028, 3, 1)


def test_the_page_is_the_patients(client):
    for member in (a_member(), a_member(Role.ADMINISTRATOR)):
        assert signed_in(client, member).get(reverse("carers")).status_code == 403
