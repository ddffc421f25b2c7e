"""Who the made-up patients are: nobody real, and nobody who cannot be."""

from collections import Counter

import polars as pl
import pytest
from tests.analytics.story import HUB, LANCASHIRE, NONC
from tests.analytics.synthetic.patients.conftest import MONTH, made

from clockstop.analytics.synthetic.patients import make
from clockstop.analytics.synthetic.patients.mix import rate
from clockstop.analytics.synthetic.patients.numbers import nhs_numbers
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import parse_place
from clockstop.core.types import NhsNumber


def test_every_nhs_number_is_valid_and_of_the_range_that_nobody_has(icb):
    numbers = [NhsNumber(digits) for digits in icb.people["nhs_number"]]
    assert all(number.is_for_tests for number in numbers)
    assert len(set(numbers)) == len(numbers) > 5_000


def test_there_are_as_many_numbers_as_the_range_has():
    numbers = nhs_numbers(1)
    assert len(set(numbers.tolist())) == len(numbers) == 909_091
    assert NhsNumber(str(numbers.min())).is_for_tests
    assert numbers.tolist() != nhs_numbers(2).tolist()


def test_numbers_are_unique_over_icbs_while_there_are_few_people(small):
    people = small.people
    assert people["nhs_number"].n_unique() == people["person"].n_unique() == people.height
    assert small.manifest["nhs_numbers"] == "unique in the whole data set"


def test_where_the_range_is_too_small_numbers_are_unique_within_an_icb(
    small_lake, tmp_path, monkeypatch
):
    few = nhs_numbers(1)[:500]
    monkeypatch.setattr(make, "nhs_numbers", lambda _: few)
    found = made(tmp_path / "made", small_lake)
    assert found.people.height > 500
    by_icb = found.pathways.join(found.people, on="person").group_by("icb")
    told = by_icb.agg(pl.col("nhs_number").n_unique(), pl.col("person").n_unique())
    assert (told["nhs_number"] == told["person"]).all()
    assert "within each ICB alone" in found.manifest["nhs_numbers"]


def test_people_have_as_many_pathways_as_the_mix_says(icb):
    assert icb.pathways["person"].n_unique() == icb.people.height
    each = icb.pathways.height / icb.people.height
    assert each == pytest.approx(rate("pathways_a_person"), abs=0.01)
    assert max(Counter(icb.pathways["person"]).values()) >= 3


def test_nobody_has_an_event_before_birth_or_after_death(icb):
    days = icb.events.group_by("pathway").agg(first=pl.col("day").min(), last=pl.col("day").max())
    seen = icb.pathways.join(days, on="pathway").join(icb.people, on="person")
    assert (seen["birth_date"] <= seen["first"]).all()
    dead = seen.drop_nulls("died_on")
    assert dead.height > 5
    assert (dead["last"] <= dead["died_on"]).all()
    assert dead["person"].n_unique() == dead.height
    died = icb.events.filter(kind="death").select("pathway", "day")
    assert set(died.rows()) == set(dead.select("pathway", "died_on").rows())


def test_nothing_happens_after_the_census(icb, small):
    for each in (icb, small):
        assert (each.events["day"] <= MONTH.census).all()
        assert (each.events["recorded"].drop_nulls() <= MONTH.census).all()


def test_ages_and_sexes_fit_the_specialty(icb):
    seen = icb.pathways.join(icb.people, on="person").with_columns(
        age=(pl.lit(MONTH.census) - pl.col("birth_date")).dt.total_days() / 365.25
    )
    assert seen["age"].is_between(0, 101).all()
    children = seen.filter(line="X04")
    elders = seen.filter(line="C_430")
    women = seen.filter(line="C_502")
    assert (children["age"] < 20).mean() > 0.95
    assert (elders["age"] >= 64).mean() > 0.75
    assert (women["sex"] == "2").mean() > 0.97
    assert 0.4 < (icb.people["sex"] == "2").mean() < 0.65


def test_homes_are_in_districts_that_there_are_and_small_areas_that_there_are_not(icb):
    people = icb.people.drop_nulls("icb")
    found = {parse_place(postcode).district for postcode in people["postcode"].unique()}
    assert found <= set(districts())
    assert all(districts()[each].country == "E" for each in found)
    assert people["lsoa"].str.contains(r"^E019\d{5}$").all()
    assert people.select("lsoa", "deprivation_decile").unique().height == people["lsoa"].n_unique()
    shares = people["deprivation_decile"].value_counts(normalize=True)["proportion"]
    assert len(shares) == 10
    assert shares.is_between(0.06, 0.14).all()
    assert people["ethnic_category"].n_unique() == 18
    assert 0.6 < (people["ethnic_category"] == "A").mean() < 0.8


def test_practices_are_those_of_the_lake_else_made_up(icb, small, synthetic_lake):
    (revision,) = synthetic_lake.catalogue().current("practices").values()
    known = dict(synthetic_lake.scan(revision, "practices").select("code", "icb").collect().rows())
    lived = icb.people.drop_nulls("icb").select("practice", "icb").unique().rows()
    assert all(known[practice] == board for practice, board in lived)
    assert small.people["practice"].drop_nulls().str.contains(r"^ZP\d{4}$").all()


def test_who_is_of_another_country_has_no_home_here(small):
    seen = small.pathways.join(small.people, on="person")
    outside = seen.filter(commissioner=NONC)
    assert outside.height > 10
    for column in ("postcode", "lsoa", "deprivation_decile", "practice", "icb_right"):
        assert outside[column].is_null().all()
    assert seen.filter(pl.col("commissioner") != NONC)["postcode"].is_not_null().all()
    assert set(seen.filter(commissioner=HUB)["icb_right"]) == set(
        seen.filter(commissioner=HUB)["icb"]
    )
    assert set(seen.filter(icb=LANCASHIRE)["icb_right"]) == {LANCASHIRE}
