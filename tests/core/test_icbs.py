"""ICBs and regions."""

import csv
from datetime import date, timedelta

import pytest

from clockstop.core.codes import UnknownIcbError, icb, icb_name, icbs, icbs_on, region_of, regions
from clockstop.core.codes.icbs import current_icb


def test_there_were_42_icbs_until_six_took_over_twelve():
    assert len(icbs_on(date(2026, 3, 31))) == 42
    assert len(icbs_on(date(2026, 4, 1))) == 36
    assert icbs_on(date(2022, 6, 30)) == ()
    assert len(icbs()) == 48


def test_every_icb_that_ended_has_successors_from_the_next_day_in_its_region():
    ended = [each for each in icbs() if each.valid_to]
    assert len(ended) == 12
    for each in ended:
        assert each.successors
        for successor in map(icb, each.successors):
            assert successor.valid_from == each.valid_to + timedelta(days=1)
            assert successor.region == each.region
    assert not any(each.successors for each in icbs() if not each.valid_to)


def test_the_icbs_lie_in_seven_regions():
    assert {each.region for each in icbs()} == set(regions())
    assert {region.code: region.name for region in regions()} == {
        "Y56": "London",
        "Y58": "South West",
        "Y59": "South East",
        "Y60": "Midlands",
        "Y61": "East of England",
        "Y62": "North West",
        "Y63": "North East and Yorkshire",
    }


def test_an_icb_by_its_code():
    assert icb_name("QE1") == "Lancashire and South Cumbria"
    assert region_of("QE1").name == "North West"
    assert icb("QE1").valid_from == date(2022, 7, 1)
    assert icb("QE1").valid_to is None
    assert icb("QHG").valid_to == date(2026, 3, 31)


@pytest.mark.parametrize("look_up", [icb, icb_name, region_of])
def test_an_unknown_icb_code_says_what_was_expected(look_up):
    with pytest.raises(
        UnknownIcbError, match="'QZZ' is not an ICB code; expected one like QE1"
    ) as refusal:
        look_up("QZZ")
    assert isinstance(refusal.value, KeyError)


@pytest.mark.real_data
def test_every_trust_lies_in_the_region_of_its_icb(real_data):
    with (real_data / "organisations/etr.csv").open(encoding="utf-8", newline="") as lines:
        trusts = [(row[0], row[2], row[3]) for row in csv.reader(lines) if row[3]]
    assert len(trusts) > 200
    assert [trust for trust in trusts if region_of(trust[2]).code != trust[1]] == []


@pytest.mark.real_data
def test_the_icbs_are_those_published(real_data):
    with (real_data / "organisations/icb_names_codes_dec_2024.csv").open(
        encoding="utf-8-sig"
    ) as lines:
        published = {row["ICB24CDH"]: row["ICB24NM"] for row in csv.DictReader(lines)}
    assert {
        each.code: f"NHS {each.name} Integrated Care Board" for each in icbs_on(date(2025, 9, 30))
    } == published


def test_the_icb_that_people_are_in_on_a_day():
    assert current_icb("QH8", date(2026, 3, 31)) == "QH8"
    assert current_icb("QH8", date(2026, 4, 1)) == "D7T5G"
    assert current_icb("QNQ", date(2026, 4, 1)) == "S0E4D", "the successor with most of its people"
    assert current_icb("QWO", date(2030, 1, 1)) == "QWO"
    with pytest.raises(UnknownIcbError):
        current_icb("Q??", date(2026, 4, 1))
