"""Managing appointments online, counted: each definition, the recount, who reads it."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import HOSPITAL, ICB, OTHER_ICB, PRACTICE, a_member, signed_in
from tests.service.portal.made_up import a_change_request, a_hospital_date, online, opened, referred
from tests.service.portal.managed import recounted, written

from clockstop.service.accounts.roles import Role
from clockstop.service.portal.adoption.counting import AT_ONCE, WAYS, Taken, acts
from clockstop.service.portal.adoption.reading import By, Scope
from clockstop.service.portal.adoption.tables import (
    MANAGED,
    OUTCOMES,
    PEOPLE,
    _acts,
    _managed,
    _people,
    _requests,
    offered,
    tables,
)
from clockstop.service.referrals.choice_figures.reading import year_to

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def taken(version, action, by="me", minutes=0, referral=1):
    at = NOON + timedelta(minutes=minutes)
    return Taken(referral, version, action, "RAA", by, by, at)


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([taken(1, "create")], []),
        ([taken(1, "create"), taken(2, "book")], ["booked"]),
        ([taken(2, "cancel_by_patient")], ["cancelled"]),
        ([taken(2, "cancel_by_patient"), taken(3, "book")], ["changed"]),
        ([taken(2, "cancel_by_patient"), taken(3, "book", "you")], ["cancelled", "booked"]),
        ([taken(2, "cancel_by_patient"), taken(4, "book")], ["cancelled", "booked"]),
        ([taken(2, "cancel_by_patient"), taken(3, "book", minutes=5)], ["changed"]),
        ([taken(2, "cancel_by_patient"), taken(3, "book", minutes=6)], ["cancelled", "booked"]),
        ([taken(2, "cancel_by_patient"), taken(3, "book", referral=2)], ["cancelled", "booked"]),
        ([taken(2, "cancel_action_later"), taken(3, "provider_book")], ["changed"]),
    ],
)
def test_a_change_counts_once(steps, found):
    assert timedelta(minutes=5) == AT_ONCE
    assert [what for what, _, _ in acts(steps)] == found


@pytest.mark.django_db
@pytest.mark.parametrize("by", By)
def test_the_figures_equal_a_recount_from_the_raw_rows(by):
    written(150)
    for icb in ("", ICB):
        scope = Scope(year_to(timezone.localdate()), by, icb)
        wanted, days = recounted(scope.period, by.value, icb)
        ours, medians = {}, {}
        for table in (_managed(scope), *_acts(scope), *_requests(scope), _people(scope)):
            for group, row in table.rows.items():
                ours[table.slug, group] = +Counter(dict(zip(table.columns, row, strict=True)))
            medians |= {group: each[0] for group, each in table.values.items()}
        assert ours == {key: _by_heading(each) for key, each in wanted.items()}
        assert {key: each for key, each in medians.items() if key != "All"} == pytest.approx(days)
        assert len({slug for slug, _ in ours}) == 7


def _by_heading(counts):
    headings = WAYS | MANAGED | OUTCOMES | PEOPLE
    return Counter({headings[name]: number for name, number in counts.items()})


@pytest.mark.django_db
def test_each_way_of_booking_is_told_by_its_own_name():
    """Through the pages themselves: signed in, by reference, and staff who act by phone."""
    client, referral, (slot, other) = referred()
    at = f"/your-care/{referral.pk}/times/"
    told = {"service": slot.service_id, "version": 1}
    client.post(at, told | {"slot": slot.pk})
    visitor, _, _ = opened(referral)
    told |= {"version": 2, "slot": other.pk, "reason": "PATIENT_ILL"}
    visitor.post("/booking/times/", told)
    staff = signed_in(Client(), a_member(Role.REFERRING_ADMINISTRATOR, PRACTICE))
    checks = ["name", "birth", "reference"]
    staff.post("/by-phone/", {"ubrn": referral.ubrn, "checks": checks})
    staff.post("/by-phone/cancel/", {"reason": "PATIENT_ILL", "version": 4})
    scope = Scope(year_to(timezone.localdate()), By.PROVIDER)
    told = {each.slug: each.rows[HOSPITAL] for each in _acts(scope)}
    assert told["booked"] == [1, 0, 0, 0, 0]
    assert told["changed"] == [0, 1, 0, 0, 0]
    assert told["cancelled"] == [0, 0, 1, 0, 0]


@pytest.mark.django_db
def test_a_provider_that_does_not_offer_it_is_named_so():
    a_hospital_date()
    online("RBB", icb_code=ICB)
    scope = Scope(year_to(timezone.localdate()), By.PROVIDER, ICB)
    assert _managed(scope).rows == {HOSPITAL: [0, 1, 0]}
    assert offered(ICB, [HOSPITAL]) == [(HOSPITAL, False), ("RBB", True)]
    page = signed_in(Client(), a_member(Role.COMMISSIONER, ICB)).get(reverse("online"))
    assert "These do <strong>not</strong>" in page.content.decode()


@pytest.mark.django_db
def test_nothing_small_is_shown():
    written(60)
    for table in tables(By.PROVIDER, timezone.localdate()):
        for line in table.lines:
            assert not any(each is not None and 0 < each < 8 for each in (*line.cells, line.total))
            assert None not in line.cells or set(line.means) <= {None}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ANALYST, Role.ICB_HUB])
def test_an_icb_reads_its_own_and_nobody_elses(role):
    for _ in range(9):
        a_change_request(a_hospital_date())
    client = signed_in(Client(), a_member(role, ICB))
    assert client.get(reverse("online")).status_code == 200
    rows = list(csv.DictReader(StringIO(client.get(reverse("online_file")).content.decode())))
    whole = [row for row in rows if (row["group"], row["measure"]) == ("All", "All")]
    assert {"9"} <= {row["value"] for row in whole}
    other = signed_in(Client(), a_member(role, OTHER_ICB, icb_code=OTHER_ICB))
    assert "9" not in {
        row["value"]
        for row in csv.DictReader(StringIO(other.get(reverse("online_file")).content.decode()))
    }
    nobody = signed_in(Client(), a_member(role, "X24", icb_code=""))
    assert nobody.get(reverse("online")).status_code == 404
