"""Filling the directory of real providers: the register's words, and nothing made up."""

from dataclasses import replace

import pytest

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.service.directory import published
from clockstop.service.directory.choices import (
    AppointmentType,
    Bookable,
    Origin,
    RequestType,
    Status,
)
from clockstop.service.directory.filling import fill
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.registry.loading import load
from clockstop.service.registry.models import Organisation, Service

pytestmark = pytest.mark.django_db


def test_of_real_providers_nothing_is_made_up(story_lake):
    load(lake=story_lake)
    filled = fill(story_lake)
    assert not filled.is_synthetic
    assert filled.slots == Slot.objects.count() == 0
    told = {each.provider for each in published.read(story_lake).offered}
    open_ones = Service.objects.filter(
        closed=None, organisation__in=told, organisation__closed=None
    )
    functions = HealthcareService.objects.filter(diagnostic_test="")
    rows = functions.values_list("organisation", "treatment_function")
    assert sorted(rows) == sorted(open_ones.values_list("organisation", "treatment_function"))
    for service in HealthcareService.objects.all():
        assert (service.status, service.origin) == (Status.PUBLISHED, Origin.REGISTER)
        assert service.request_types == (RequestType.APPOINTMENT,)
        assert service.bookable == Bookable.NOT
        assert not service.clinic_types
        assert not service.conditions_treated
        assert service.min_age_months is service.max_age_months is None


def test_a_real_provider_does_the_tests_that_people_wait_for(synthetic_lake, monkeypatch):
    """As if the synthetic England were real."""
    load(lake=synthetic_lake)
    told = replace(published.read(synthetic_lake), is_synthetic=False)
    one = next(each.provider for each in told.offered if each.test)
    icb = Organisation.objects.get(code=one).icb_code
    monkeypatch.setattr(published, "read", lambda _: told)
    fill(synthetic_lake, near=icb, miles=0)
    here = set(Organisation.objects.filter(icb_code=icb).values_list("code", flat=True))
    wanted = {(each.provider, each.test) for each in told.offered if each.test}
    tests = HealthcareService.objects.exclude(diagnostic_test="")
    rows = list(tests.values_list("organisation", "diagnostic_test"))
    assert sorted(rows) == sorted(pair for pair in wanted if pair[0] in here)
    assert set(tests.values_list("appointment_type", "origin", "bookable")) == {
        (AppointmentType.DIAGNOSTIC, Origin.REGISTER, Bookable.NOT)
    }


def test_an_empty_lake_fills_nothing(tmp_path):
    with pytest.raises(NoDataError):
        fill(Lake(tmp_path))
