"""``clockstop directory``: filling it."""

import json

import pytest
from tests.service.directory.made_up import a_service

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


@pytest.mark.django_db
def test_ratings_that_were_supplied_are_taken_over(clockstop, home, tmp_path):
    service = a_service()
    file = tmp_path / "ratings.csv"
    file.write_text(
        "provider,domain,rating,rated_on,source\nRAA,overall,Good,2024-03-31,The regulator\n"
    )
    clockstop("data", "ingest", file)
    assert clockstop("directory", "rate").stdout == "changed: 1\n"
    service.refresh_from_db()
    assert (service.quality_rating, service.rating_source) == ("good", "The regulator")
    assert json.loads(clockstop("directory", "rate", "--json").stdout) == {"changed": 0}
