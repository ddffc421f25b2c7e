"""Offers and the moves that they bring."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from clockstop.analytics.allocation.acceptance import designs, moves, offers_for

SHARES = {
    "text_area": 643 / 225_000,
    "asked_first": 140 / 6_700,
    "named_offer": (0.177 + 0.238) / 2,
}


@pytest.mark.parametrize("name", sorted(SHARES))
def test_designs_are_anchored_to_what_was_counted(name):
    design = designs()[name]
    anchor = design.probability(design.at_miles, design.at_weeks)
    assert anchor == pytest.approx(design.share)
    assert anchor == pytest.approx(SHARES[name], abs=0.001)


@pytest.mark.parametrize("design", designs().values(), ids=lambda each: each.design)
def test_nearer_and_sooner_is_taken_more_often(design):
    here = design.probability(30, 10)
    assert 0 < design.probability(31, 10) < here < design.probability(30, 11) < 1
    assert design.lowest <= design.share <= design.highest
    assert (
        design.probability(30, 10, design.lowest)
        < here
        < design.probability(30, 10, design.highest)
    )
    assert design.source


@given(st.integers(0, 40), st.integers(0, 10**6).map(lambda parts: parts / 10**6))
def test_offers_that_are_alike_bring_a_binomial_number_of_moves(offers, chance):
    law = moves(np.full(offers, chance))
    assert law == pytest.approx(binom.pmf(np.arange(offers + 1), offers, chance), abs=1e-12)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_on_average_they_bring_the_sum_of_their_chances(chances):
    law = moves(np.array(chances))
    assert law.sum() == pytest.approx(1)
    assert law @ np.arange(len(law)) == pytest.approx(sum(chances), abs=1e-9)


@given(st.integers(0, 12), st.floats(0.05, 1), st.sampled_from([0.01, 0.05, 0.2]))
def test_as_many_offers_as_the_places_bear(places, chance, risk):
    offers = offers_for(places, chance, risk)
    assert offers >= places
    assert binom.sf(places, offers, chance) <= risk + 1e-9
    assert binom.sf(places, offers + 1, chance) > risk - 1e-9


@pytest.mark.parametrize(("chance", "risk"), [(0, 0.1), (-1, 0.1), (0.5, 0), (0.5, 1)])
def test_what_is_no_chance_is_refused(chance, risk):
    with pytest.raises(ValueError, match="expected both over 0"):
        offers_for(3, chance, risk)
