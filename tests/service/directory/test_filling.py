"""Filling the directory with made-up services of a synthetic England."""

from datetime import timedelta

import pytest
from django.db.models import F, Min
from django.utils import timezone

from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point
from clockstop.service.audit.models import Entry
from clockstop.service.directory import published
from clockstop.service.directory.catalogue import suitable_for
from clockstop.service.directory.choices import (
    Bookable,
    Origin,
    RequestType,
)
from clockstop.service.directory.content import content_of
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.filling import fill
from clockstop.service.directory.models import HealthcareService, Schedule, Slot
from clockstop.service.directory.offers import FIRST_SHARE, Place, Provider, offers
from clockstop.service.directory.published import Offered
from clockstop.service.directory.publishing import against_publishing
from clockstop.service.directory.topping_up import top_up
from clockstop.service.registry.loading import load
from clockstop.service.registry.models import Organisation

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def icb(synthetic_lake, kept):
    """One with an independent provider, by its code; the register is loaded."""
    load(lake=synthetic_lake)
    independent = Organisation.objects.filter(kind="provider", sector="independent", closed=None)
    return independent.exclude(icb_code="").order_by("code").first().icb_code


@pytest.fixture(scope="module")
def filled(icb, synthetic_lake):
    """Its own providers alone: a twentieth of the time."""
    return fill(synthetic_lake, near=icb, miles=0)


def test_a_synthetic_england_is_filled_with_what_its_returns_tell(filled, icb, synthetic_lake):
    told = published.read(synthetic_lake)
    services = HealthcareService.objects.published()
    open_ones = Organisation.objects.at_work(timezone.localdate()).filter(icb_code=icb)
    codes = set(open_ones.values_list("code", flat=True))
    wanted = {
        (each.provider, each.function or each.test)
        for each in told.offered
        if each.provider in codes
    }
    rows = services.values_list("organisation", "treatment_function", "diagnostic_test")
    assert {(code, function or test) for code, function, test in rows} == wanted
    assert filled.services == services.count() > 5 * len(wanted)
    assert filled.slots == Slot.objects.count()
    assert set(services.values_list("origin", flat=True)) == {Origin.SYNTHETIC}
    assert [each for each in services if against_publishing(content_of(each))] == []
    kinds = {kind for each in services for kind in each.request_types}
    assert kinds == set(RequestType)
    assert Entry.objects.filter(action="filled the directory").count() == 1
    then_the_first_free_slot_is_as_far_off_as_the_wait_that_is_published(told)
    then_slots_are_those_of_services_that_publish_them()
    then_filling_again_leaves_everything_as_it_is(filled, icb, synthetic_lake)


def then_the_first_free_slot_is_as_far_off_as_the_wait_that_is_published(told):
    weeks = {
        (each.provider, each.function): each.weeks
        for each in told.offered
        if each.function and each.weeks is not None
    }
    today, checked = timezone.localdate(), 0
    bookable = HealthcareService.objects.filter(
        bookable=Bookable.DIRECTLY, routine=True, diagnostic_test=""
    )
    for service in bookable.annotate(first=Min("slots__starts")):
        told_weeks = weeks.get((service.organisation_id, service.treatment_function))
        if told_weeks is None:
            continue
        checked += 1
        least, most = (told_weeks * FIRST_SHARE * factor * WEEK for factor in (0.9, 1.1))
        if service.first is None:
            assert most + WEEK >= 11 * WEEK
        else:
            off = timezone.localdate(service.first) - today
            assert least - timedelta(days=1) <= off <= most + WEEK + timedelta(days=1)
    assert checked > 50


def then_slots_are_those_of_services_that_publish_them():
    with_slots = HealthcareService.objects.filter(slots__isnull=False).distinct()
    assert set(with_slots.values_list("bookable", flat=True)) == {Bookable.DIRECTLY}
    today = timezone.localdate()
    days = {timezone.localdate(starts) for starts in Slot.objects.values_list("starts", flat=True)}
    assert min(days) > today
    assert max(days) < today + 12 * WEEK
    assert {day.weekday() for day in days} == set(range(5))
    assert Schedule.objects.exclude(clinician_id="").exists()
    assert not Schedule.objects.filter(slots=None, clinician_id="", service__slots=None).exclude(
        service__bookable=Bookable.DIRECTLY
    )


def test_an_adult_finds_knees_and_a_child_finds_other_clinics(filled):
    adult, child = (
        Criteria(treatment_function="C_110", clinic_type="KNEE", age_months=months)
        for months in (600, 60)
    )
    assert suitable_for(adult)
    assert all("knee" not in each.name for each in suitable_for(child))


def then_filling_again_leaves_everything_as_it_is(filled, icb, synthetic_lake):
    before = list(HealthcareService.objects.order_by("pk").values())
    again = fill(synthetic_lake, near=icb, miles=0)
    assert (again.services, again.slots, again.organisations) == (0, 0, 0)
    assert again.left_out == filled.organisations
    assert list(HealthcareService.objects.order_by("pk").values()) == before


def slots_held():
    return set(Slot.objects.values_list("service", "schedule__clinician_id", "starts", "ends"))


def grow_old(weeks):
    """As if the store had been made so many weeks earlier."""
    Slot.objects.update(starts=F("starts") - weeks * WEEK, ends=F("ends") - weeks * WEEK)


def test_a_store_that_grew_old_gets_the_slots_that_a_new_one_has(
    filled, synthetic_lake, django_assert_num_queries
):
    new = slots_held()
    with django_assert_num_queries(1):
        assert top_up(synthetic_lake) == 0
    grow_old(12)
    old = slots_held()
    assert top_up(synthetic_lake) == len(new)
    assert slots_held() == old | new
    assert Entry.objects.get(action="topped up slots").detail == f'{{"slots":{len(new)}}}'
    with django_assert_num_queries(1):
        assert top_up(synthetic_lake) == 0


def test_a_clinic_that_goes_on_stays_on_its_weekday_and_has_no_day_twice(filled, synthetic_lake):
    grow_old(9)
    before = slots_held()
    made = top_up(synthetic_lake)
    after = slots_held()
    assert before < after
    assert len(after) == len(before) + made
    clinics = {}
    for service, clinician, starts, _ in after:
        day = timezone.localdate(starts)
        clinics.setdefault(service, {}).setdefault(day, []).append(clinician)
    for days in clinics.values():
        assert len({day.weekday() for day in days}) == 1
        assert {len(each) for each in days.values()} == {3}
        assert all(len(set(each)) == 1 for each in days.values())


def test_slots_that_somebody_entered_are_not_carried_on(filled, synthetic_lake):
    HealthcareService.objects.update(origin=Origin.ENTERED)
    grow_old(12)
    assert top_up(synthetic_lake) == 0


def test_around_an_icb_are_its_own_providers_and_those_within_reach(filled, icb, synthetic_lake):
    held = HealthcareService.objects.values_list("organisation", "organisation__icb_code")
    assert {code for _, code in held.distinct()} == {icb}
    own = filled.organisations
    around = fill(synthetic_lake, near=icb, miles=12, weeks=1)
    assert around.left_out == own
    assert around.organisations > 0
    places = published.read(synthetic_lake).places
    own_codes = set(Organisation.objects.filter(icb_code=icb).values_list("code", flat=True))
    ours = [places[code] for code in own_codes & set(places)]
    for code, _ in held.distinct():
        assert min(miles_between(places[code], point) for point in ours) <= 12


def test_what_is_made_up_depends_on_the_seed_alone():
    place = Place("RAA", "Somewhere", Point(52.0, -1.0))
    provider = Provider(code="RAA", name="Somewhere Trust", is_trust=True, place=place)
    offered = Offered(provider="RAA", function="C_110", waiting=4_000, weeks=12.0)
    once, again = (list(offers(provider, offered, 7)) for _ in range(2))
    assert once == again
    assert once != list(offers(provider, offered, 8))
