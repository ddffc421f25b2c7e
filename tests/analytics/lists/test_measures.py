"""The table of measures: what the pages and the documentation say about each figure."""

import pytest

from clockstop.analytics.lists.measures import (
    FURTHER_MEASURES,
    HEADLINE_MEASURES,
    MEASURES,
    Kind,
    Unit,
)

measures = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


def test_every_measure_is_headline_or_further_once():
    assert list(MEASURES) == [*HEADLINE_MEASURES, *FURTHER_MEASURES]
    assert [measure.key for measure in MEASURES.values()] == list(MEASURES)


def test_names_tell_measures_apart():
    names = [measure.name for measure in MEASURES.values()]
    assert len(set(names)) == len(names)


@measures
def test_every_measure_says_what_it_counts_where_it_is_from_and_its_caveat(measure):
    assert measure.parts
    for text in (measure.name, measure.numerator, measure.source, measure.caveat):
        assert text[0].isupper() or text[0].isdigit()
        assert text == text.strip()
    assert measure.caveat.endswith(".")


@measures
def test_counts_have_no_denominator_and_ratios_have_one(measure):
    is_ratio = measure.unit is not Unit.PATHWAYS
    assert (measure.denominator is not None) == is_ratio


@measures
def test_a_quantile_has_a_percentage_and_nothing_else_has(measure):
    assert (measure.percent is not None) == (measure.kind is Kind.QUANTILE)


@measures
def test_the_key_tells_bands_and_percentage(measure):
    share = "pct_" if measure.kind is Kind.SHARE else ""
    if measure.bands and measure.bands.start:
        assert measure.key == f"{share}over_{measure.bands.start}_weeks"
    elif measure.bands:
        assert measure.key == f"{share}within_{measure.bands.stop}_weeks"
    if measure.percent:
        word = "median" if measure.percent == 50 else f"p{measure.percent}"
        assert measure.key.endswith(f"{word}_weeks")


def test_nobody_can_change_the_table():
    with pytest.raises(TypeError):
        MEASURES["median_weeks"] = MEASURES["p92_weeks"]
