"""``clockstop choice``: the figures as they may be published."""

import csv
import json
from io import StringIO

import pytest
from tests.service.people import ICB, OTHER_ICB
from tests.service.portal import managed
from tests.service.referrals.choice.history import written

pytestmark = pytest.mark.django_db


def test_the_file_and_the_json_say_the_same_and_nothing_small(on_story):
    written(150)
    rows = list(csv.DictReader(StringIO(on_story("choice", "figures").stdout)))
    told = json.loads(on_story("choice", "figures", "--json").stdout)
    assert [row["measure"] for row in rows] == [each["measure"] for each in told]
    assert {row["group"] for row in rows if row["grouped_by"] == "ICB"} == {"All", "QAA", "QBB"}
    shares = ("Share", "Mean", "Median")
    counts = [each["value"] for each in told if not each["measure"].startswith(shares)]
    assert counts
    assert not [each for each in counts if each is not None and 0 < each < 5]


def test_practices_are_told_within_one_icb(on_story):
    written(20)
    refused = on_story("choice", "figures", "--by", "practice")
    assert refused.exit_code
    assert "name the ICB" in refused.output
    assert on_story("choice", "figures", "--by", "practice", "--icb", ICB).exit_code == 0
    assert on_story("choice", "figures", "--by", "moon").exit_code


def test_managing_online_is_told_by_provider_or_icb(on_story):
    managed.written(60)
    rows = list(csv.DictReader(StringIO(on_story("choice", "online", "--by", "icb").stdout)))
    told = json.loads(on_story("choice", "online", "--by", "icb", "--json").stdout)
    assert [row["measure"] for row in rows] == [each["measure"] for each in told]
    assert {row["group"] for row in rows if row["grouped_by"] == "ICB"} == {"All", ICB, OTHER_ICB}
    assert on_story("choice", "online", "--by", "moon").exit_code
