from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.types import Month
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Series, line_chart
from clockstop.service.ui.charts.drawing import PLOT_BOTTOM, PLOT_TOP
from clockstop.service.ui.charts.scale import nice_scale
from clockstop.service.ui.charts.words import spans

JAN = Month(2025, 1)


def months(*values) -> dict[Month, float | None]:
    return {JAN.plus(index): value for index, value in enumerate(values)}


def draw(*values, name="Size"):
    return line_chart("size", "Size of the list", [Series(name, months(*values))], figures.count)


def test_neighbouring_months_are_joined_from_edge_to_edge():
    line = draw(0, 100, 50).series[0]
    assert [(a.x, a.y, b.x, b.y) for a, b in line.strokes] == [
        (0.0, PLOT_BOTTOM, 50.0, PLOT_TOP),
        (50.0, PLOT_TOP, 100.0, 136.0),
    ]


def test_a_month_that_sent_nothing_breaks_the_line_and_is_said():
    chart = draw(10, 20, None, 40, 50)
    line = chart.series[0]
    assert [(a.x, b.x) for a, b in line.strokes] == [(0.0, 25.0), (75.0, 100.0)]
    assert [dot.x for dot in line.dots] == [0.0, 25.0, 75.0, 100.0]
    assert chart.gaps == ((37.5, 25.0),)
    assert chart.gap_words == "March 2025"


def test_a_month_that_is_not_there_at_all_is_a_gap_too():
    values = {JAN: 10.0, JAN.plus(1): 20.0, JAN.plus(4): 40.0}
    chart = line_chart("size", "Size", [Series("Size", values)], figures.count)
    assert len(chart.series[0].strokes) == 1
    assert chart.gap_words == "March 2025 to April 2025"


def test_gaps_at_the_ends_stay_within_the_plot():
    chart = draw(None, 1, 2, None)
    assert chart.gaps == ((0.0, 16.67), (83.33, 16.67))
    assert chart.gap_words == "January 2025 and April 2025"


def test_a_zero_is_drawn_and_is_no_gap():
    chart = draw(10, 0, 10)
    assert chart.gaps == ()
    assert [a.y for a, _ in chart.series[0].strokes] == [PLOT_TOP, PLOT_BOTTOM]


def test_one_month_is_a_dot_in_the_middle():
    chart = draw(7_400_000)
    line = chart.series[0]
    assert (line.strokes, [dot.x for dot in line.dots]) == ((), [50.0])
    assert [label.text for label in line.labels] == ["7,400,000"]
    assert [label.text for label in chart.months] == ["Jan 2025"]
    assert chart.description == "Size: 7,400,000 in January 2025."


def test_nothing_known_is_no_chart():
    assert draw(None, None) is None
    assert line_chart("size", "Size", [], figures.count) is None


def test_the_first_and_the_last_value_are_written_beside_their_points():
    labels = draw(100, 140, 120).series[0].labels
    assert [(label.text, label.anchor) for label in labels] == [("100", "start"), ("120", "end")]


def test_a_label_keeps_clear_of_its_own_line():
    falling, rising = draw(*range(300, 200, -10)).series[0], draw(*range(200, 300, 10)).series[0]
    for line, first_is_above in ((falling, True), (rising, False)):
        first, last = line.labels
        assert (first.y < line.dots[0].y) is first_is_above
        assert (last.y < line.dots[-1].y) is not first_is_above


def test_gridlines_are_whole_numbers_where_all_are_and_can_be_told_apart():
    percent = line_chart("a", "A", [Series("A", months(0.2, 0.8))], figures.percent)
    assert [label.text for label in percent.gridlines] == ["0%", "20%", "40%", "60%", "80%"]
    close = line_chart("a", "A", [Series("A", months(0.6181, 0.6184))], figures.percent, 0.001)
    assert [label.text for label in close.gridlines] == ["61.8%", "61.9%"]
    people = line_chart("a", "A", [Series("A", months(2, 3))], figures.count, 1)
    assert [label.text for label in people.gridlines] == ["2", "3"]


def test_of_two_series_the_lower_is_labelled_below():
    chart = line_chart(
        "waits",
        "Waits",
        [Series("Half", months(10, 12)), Series("92 in 100", months(30, 40))],
        figures.weeks,
    )
    lower, upper = chart.series
    assert all(label.y > PLOT_BOTTOM - 200 * 12 / 40 for label in lower.labels)
    assert all(label.y < PLOT_BOTTOM - 200 * 30 / 40 for label in upper.labels)


def test_a_gap_in_one_of_two_series_is_said_by_name():
    chart = line_chart(
        "waits",
        "Waits",
        [Series("Admitted", months(10, None, 12)), Series("Not admitted", months(3, 4, 5))],
        figures.weeks,
    )
    assert chart.gaps == ()
    assert chart.series[0].strokes == ()
    assert chart.gap_words == "Admitted: February 2025"


def test_the_description_gives_ends_and_extremes():
    assert draw(100, None, 160, 90, 120).description == (
        "Size: 100 in January 2025, 120 in May 2025; lowest 90, highest 160."
    )


def test_a_baseline_above_zero_is_said():
    assert draw(7_200_000, 7_500_000).baseline_words == (
        "The scale starts at 7,200,000, not at zero."
    )
    assert draw(10, 100).baseline_words == ""


def test_month_labels_are_thinned_and_only_the_ends_stay_on_a_narrow_screen():
    labels = draw(*range(1, 61)).months
    assert len(labels) <= 6
    assert [label.text for label in labels if not label.wide_only] == ["Jan 2025", "Dec 2029"]
    assert (labels[0].anchor, labels[-1].anchor) == ("start", "end")


amounts = st.one_of(
    st.none(), st.floats(0, 1e7).map(lambda value: round(value, 4)), st.integers(0, 10**7)
)


@given(st.lists(amounts, min_size=1, max_size=40))
def test_every_mark_is_inside_the_plot_and_every_month_known_or_in_a_gap(values):
    chart = draw(*values)
    if chart is None:
        assert all(value is None for value in values)
        return
    line = chart.series[0]
    for mark in [*line.dots, *(mark for stroke in line.strokes for mark in stroke)]:
        assert 0 <= mark.x <= 100
        assert PLOT_TOP <= mark.y <= PLOT_BOTTOM
    for left, width in chart.gaps:
        assert 0 <= left <= left + width <= 100.01
    known_pairs = sum(a is not None and b is not None for a, b in pairwise(values))
    assert len(line.strokes) == known_pairs


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=30))
def test_a_higher_value_is_never_drawn_lower(values):
    line = draw(*values).series[0]
    for (low, low_y), (high, high_y) in pairwise(
        sorted(zip(values, [line.strokes[0][0].y, *(b.y for _, b in line.strokes)], strict=True))
    ):
        assert low == high or low_y >= high_y


@given(st.integers(0, 10**9).map(lambda n: n / 10), st.integers(0, 10**9))
def test_an_axis_holds_its_values_with_few_even_steps(one, two):
    low, high = sorted((one, two))
    scale = nice_scale(low, high)
    assert scale.low <= low
    assert high <= scale.high or abs(high - scale.high) < 1e-6 * high
    assert 2 <= len(scale.ticks) <= 7


SPANS = [
    ((), ""),
    ((1,), "January 2025"),
    ((1, 1), "January 2025 to February 2025"),
    ((1, 0, 1), "January 2025 and March 2025"),
    ((1, 0, 1, 1, 0, 1), "January 2025, March 2025 to April 2025 and June 2025"),
]


@pytest.mark.parametrize(("flags", "text"), SPANS)
def test_months_are_joined_in_words(flags, text):
    assert spans([JAN.plus(index) for index in range(len(flags))], list(map(bool, flags))) == text
