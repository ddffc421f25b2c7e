import pytest
from tests.service.fakes import NOBODY, spread

from clockstop.analytics.lists.measures import Unit
from clockstop.core.rtt.week_bands import Percentile
from clockstop.core.types import Month
from clockstop.service.ui import figures

PATHWAYS, FRACTION, WEEKS = Unit.PATHWAYS, Unit.FRACTION, Unit.WEEKS

FIGURES = [
    # value, unit, in a column, alone
    (7_390_000, PATHWAYS, "7,390,000", "7,390,000"),
    (0, PATHWAYS, "0", "0"),
    (None, PATHWAYS, "not known", "not known"),
    (-1204, PATHWAYS, "-1,204", "-1,204"),
    (0.6184, FRACTION, "61.8%", "61.8%"),
    (0.0004, FRACTION, "less than 0.1%", "less than 0.1%"),
    (0.0, FRACTION, "0.0%", "0.0%"),
    (1, FRACTION, "100.0%", "100.0%"),
    (None, FRACTION, "not known", "not known"),
    (13.349, WEEKS, "13.3", "13.3 weeks"),
    (1.0, WEEKS, "1.0", "1.0 week"),
    (0.0, WEEKS, "0.0", "0.0 weeks"),
    ("104+", WEEKS, "over 104", "over 104 weeks"),
    ("52+", WEEKS, "over 52", "over 52 weeks"),
    (None, WEEKS, "not known", "not known"),
]


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 people"), (1, "1 person"), (1204, "1,204 people")]
)
def test_people(number, words):
    assert figures.people(number) == words


def test_a_day_in_words():
    assert figures.day(Month(2025, 9).census) == "30 September 2025"


@pytest.mark.parametrize(("value", "unit", "column", "alone"), FIGURES)
def test_how_a_figure_is_written(value, unit, column, alone):
    assert figures.figure(value, unit) == column
    assert figures.with_unit(value, unit) == alone


QUANTILES = [
    (Percentile(12.34), "12.3 weeks"),
    (Percentile(None), "not known"),
    (Percentile(None, is_open=True), "over 104 weeks"),
]


@pytest.mark.parametrize(("quantile", "words"), QUANTILES)
def test_how_a_quantile_is_written(quantile, words):
    assert figures.weeks(quantile) == words


CHANGES = [
    (110, 100, PATHWAYS, "up 10"),
    (100, 1_310, PATHWAYS, "down 1,210"),
    (100, 100, PATHWAYS, "no change"),
    (0.62, 0.615, FRACTION, "up 0.5 percentage points"),
    (0.6200, 0.6201, FRACTION, "no change"),
    (13.0, 14.0, WEEKS, "down 1.0 week"),
    ("104+", 14.0, WEEKS, "not known"),
    (13.0, None, WEEKS, "not known"),
    (None, 5, PATHWAYS, "not known"),
]


@pytest.mark.parametrize(("now", "before", "unit", "words"), CHANGES)
def test_how_a_change_is_written(now, before, unit, words):
    assert figures.change(now, before, unit) == words


RANGES = [
    (NOBODY, "nobody"),
    (spread(w3=2, w11=1), "3 to 12 weeks"),
    (spread(w0=1), "0 to 1 weeks"),
    (spread(w3=2, w104=1), "3 to over 104 weeks"),
]


@pytest.mark.parametrize(("waits", "words"), RANGES)
def test_how_a_range_is_written(waits, words):
    assert figures.week_range(waits) == words
