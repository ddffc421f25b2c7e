"""``clockstop directory``: filling it."""

import json

import pytest

from clockstop.service.directory.models import HealthcareService


@pytest.mark.django_db
def test_fill_tells_what_it_put_in_and_then_that_nothing_was_left(on_story):
    on_story("registry", "load")
    first = on_story("directory", "fill")
    count = HealthcareService.objects.count()
    assert count > 0
    assert f"Done: {count} services" in first.stdout
    again = on_story("directory", "fill", "--json")
    told = json.loads(again.stdout)
    assert (told["services"], told["slots"], told["is_synthetic"]) == (0, 0, False)
    assert told["left_out"] > 0


@pytest.mark.django_db
def test_an_icb_takes_its_surroundings_alone(on_story):
    on_story("registry", "load")
    told = json.loads(on_story("directory", "fill", "--icb", "zzz", "--json").stdout)
    assert told["services"] == told["organisations"] == 0
