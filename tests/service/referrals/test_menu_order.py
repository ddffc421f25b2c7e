"""The order of the menu is that of a slow and obvious sort, whatever there is to sort."""

from datetime import timedelta
from math import inf
from unittest.mock import patch

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.service.directory.made_up import a_service, a_slot
from tests.service.referrals.made_up import SEARCH

from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point
from clockstop.service.directory.models import HealthcareService
from clockstop.service.referrals import menu as menus
from clockstop.service.referrals.figures import NOT_KNOWN, Waits
from clockstop.service.referrals.menu import Sort, menu

HOME = Point(51.5, 0.0)
PROVIDERS = ("RAA", "RBB", "NIS")
RATINGS = ["", "outstanding", "good", "requires_improvement", "inadequate"]
WEEKS = st.none() | st.sampled_from([4.0, 9.5, 30.0])
WAITS = st.dictionaries(
    st.sampled_from(PROVIDERS), st.builds(Waits, expected_most=WEEKS, waiting_most=WEEKS)
)
SERVICES = st.lists(
    st.fixed_dictionaries(
        {
            "organisation_code": st.sampled_from(PROVIDERS),
            "latitude": st.none() | st.sampled_from([51.5, 51.6, 53.0]),
            "longitude": st.sampled_from([0.0, 0.1]),
            "quality_rating": st.sampled_from(RATINGS),
            "routine": st.sampled_from([True, True, True, False]),
        }
    ),
    max_size=7,
)
DAYS = st.lists(st.lists(st.sampled_from([2, 2, 9, 40]), max_size=2), min_size=7, max_size=7)


def miles_of(service):
    if service.latitude is None:
        return None
    return miles_between(HOME, Point(service.latitude, service.longitude))


def value_of(service, sort, waits):
    found = waits.get(service.organisation_id, NOT_KNOWN)
    match sort:
        case Sort.APPOINTMENT:
            days = [timezone.localdate(each.starts).toordinal() for each in service.slots.all()]
            return min(days, default=None)
        case Sort.TREATMENT:
            return found.expected_most
        case Sort.WAITING:
            return found.waiting_most
        case Sort.DISTANCE:
            return miles_of(service)
        case Sort.QUALITY:
            rating = service.quality_rating
            return RATINGS.index(rating) if rating else None


def unknown_last(value):
    return inf if value is None else value


class Ordering(TestCase):
    @settings(deadline=None, max_examples=25)
    @given(SERVICES, DAYS, WAITS, st.none() | st.sampled_from([5.0, 60.0]))
    def test_every_sort(self, told, days, waits, within):
        now = timezone.now()
        for number, values in enumerate(told):
            service = a_service(**values)
            for day in days[number]:
                a_slot(service, now + timedelta(days=day, hours=7 * number % 24))
        held = list(HealthcareService.objects.filter(routine=True))
        if within is not None:
            held = [each for each in held if miles_of(each) is None or miles_of(each) <= within]
        with patch.object(menus, "waits_of", lambda _: waits):
            for sort in Sort:
                wanted = sorted(
                    held,
                    key=lambda each, sort=sort: (
                        unknown_last(value_of(each, sort, waits)),
                        unknown_last(miles_of(each)),
                        each.pk,
                    ),
                )
                found = menu(SEARCH, place=HOME, sort=sort, within_miles=within)
                assert found.services == [each.pk for each in wanted]
                assert found.providers == {each.organisation_id for each in wanted}
                firsts = list(dict.fromkeys(each.organisation_id for each in wanted))
                assert [each.provider for each in found.one_each()] == firsts
                for line, each in zip(found, wanted, strict=True):
                    first = min((slot.starts for slot in each.slots.all()), default=None)
                    assert (line.service, line.first_free) == (each.pk, first)
