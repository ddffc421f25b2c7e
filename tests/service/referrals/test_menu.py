"""The single menu: who is in it, in which order, and what can never reorder it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.directory.made_up import a_service, a_slot, an_organisation
from tests.service.referrals.made_up import SEARCH

from clockstop.core.types import Point, Sector
from clockstop.service.directory.choices import Bookable, Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.referrals import menu as menus
from clockstop.service.referrals.figures import Waits
from clockstop.service.referrals.menu import AppointmentWait, Sort, menu

pytestmark = pytest.mark.django_db
HOME = Point(51.5, 0.0)


def in_days(days):
    return timezone.now() + timedelta(days=days, hours=1)


@pytest.fixture
def waits(monkeypatch):
    """The waits of providers, as a test sets them."""
    found = {}
    monkeypatch.setattr(menus, "waits_of", lambda _function: found)
    return found


@pytest.fixture
def three(waits):
    """A near one that is slow, a far one that is soon, one that publishes no slots."""
    an_organisation("RAA", sector=Sector.NHS_TRUST)
    an_organisation("NIS", sector=Sector.INDEPENDENT)
    near = a_service("RAA", latitude=51.5, longitude=0.1, quality_rating="good")
    far = a_service("NIS", latitude=52.5, longitude=0.1, quality_rating="outstanding")
    none = a_service("RCC", latitude=51.6, longitude=0.1, bookable=Bookable.NOT)
    a_slot(near, in_days(40))
    a_slot(far, in_days(7))
    waits["RAA"] = Waits(expected_most=12.0, waiting_most=30.0)
    waits["NIS"] = Waits(expected_most=20.0, waiting_most=9.0)
    return near, far, none


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.APPOINTMENT, "far near none"),
        (Sort.TREATMENT, "near far none"),
        (Sort.WAITING, "far near none"),
        (Sort.DISTANCE, "near none far"),
        (Sort.QUALITY, "far near none"),
    ],
)
def test_each_sort_and_unknown_waits_come_last(three, sort, order):
    names = dict(zip((each.pk for each in three), ("near", "far", "none"), strict=True))
    found = menu(SEARCH, place=HOME, sort=sort)
    assert " ".join(names[each.service] for each in found) == order


def test_nhs_and_independent_providers_stand_in_one_list(three):
    found = menu(SEARCH, place=HOME)
    assert {each.is_independent for each in found} == {True, False}


def test_days_or_the_code_that_says_why_there_are_none(three):
    near, far, none = three
    full = a_service("RDD")
    by_service = {each.service: each for each in menu(SEARCH)}
    assert (by_service[near.pk].days, by_service[far.pk].days) == (40, 7)
    assert by_service[none.pk].code is AppointmentWait.NOT_APPLICABLE
    assert by_service[full.pk].code is AppointmentWait.LIMITED_AVAILABILITY


def test_suspected_cancer_is_never_sorted_into_delay(three):
    near, far, none = three
    for each in three:
        each.two_week_wait = True
        each.save()
    for service, days in ((near, 3), (far, 9)):
        a_slot(service, in_days(days), two_week_wait=True)
    wanted = Criteria(treatment_function="C_110", priority=Priority.TWO_WEEK_WAIT)
    for sort in Sort:
        assert [each.service for each in menu(wanted, sort=sort)] == [near.pk, far.pk, none.pk]


def test_a_distance_limits_but_keeps_whose_place_is_not_known(three):
    near, _, none = three
    nowhere = a_service("REE")
    found = {each.service for each in menu(SEARCH, place=HOME, within_miles=20)}
    assert found == {near.pk, none.pk, nowhere.pk}


def test_without_a_place_there_are_no_miles(three):
    assert {each.miles for each in menu(SEARCH)} == {None}


def test_on_one_day_the_nearer_comes_first_whatever_the_hour(three):
    near, far, _ = three
    day = timezone.localtime().replace(hour=8, minute=0) + timedelta(days=2)
    a_slot(far, day)
    a_slot(near, day.replace(hour=23))
    assert [each.service for each in menu(SEARCH, place=HOME)][:2] == [near.pk, far.pk]


def test_a_day_begins_at_midnight_in_london():
    assert menus._day("2027-07-01 22:59:00") == "2027-07-01"
    assert menus._day("2027-07-01 23:30:00+00") == "2027-07-02"
    assert menus._day("2027-01-01 23:30:00") == "2027-01-01"
    assert menus._day(None) > "2027-07-02"
