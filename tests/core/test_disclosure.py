"""The small-number rule, held against every table that agrees with what is shown."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clockstop.core.disclosure import Shown, protected, threshold_on

MOST = 5  # the largest count of the small tables


def flat(shown: Shown) -> list[int | None]:
    """Every cell, then the totals of rows, of columns and of all."""
    cells = [count for row in shown.rows for count in row]
    return [*cells, *shown.row_totals, *shown.column_totals, shown.total]


def whole(counts) -> list[int]:
    """Likewise of a table of which nothing is left out."""
    columns = [sum(column) for column in zip(*counts, strict=True)]
    cells = [count for row in counts for count in row]
    return [*cells, *map(sum, counts), *columns, sum(cells)]


def rows_that_agree(seen, total, most: int):
    free = [range(most + 1) if count is None else (count,) for count in seen]
    return [row for row in product(*free) if total in (None, sum(row))]


def every_table_that_agrees(shown: Shown, most: int):
    """The slow oracle: all tables of counts up to ``most`` that would look like this one."""
    lines = zip(shown.rows, shown.row_totals, strict=True)
    for counts in product(*(rows_that_agree(*line, most) for line in lines)):
        values = whole(counts)
        if all(had in (None, has) for had, has in zip(flat(shown), values, strict=True)):
            yield values


def tables(rows, columns):
    line = st.lists(st.integers(0, MOST), min_size=columns, max_size=columns)
    return st.lists(line, min_size=rows, max_size=rows)


SIZES = [(1, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 2)]


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_no_count_that_is_left_out_can_be_worked_out(rows, columns):
    @settings(max_examples=150, deadline=None)
    @given(tables(rows, columns), st.integers(2, 5))
    def holds(counts, threshold):
        shown = protected(counts, threshold)
        values = whole(counts)
        assert all(had in (None, has) for had, has in zip(flat(shown), values, strict=True))
        unknown = {at for at, count in enumerate(flat(shown)) if count is None}
        for table in every_table_that_agrees(shown, MOST + 1):
            unknown -= {at for at in unknown if table[at] != values[at]}
            if not unknown:
                return
        assert not unknown

    holds()


@given(st.integers(1, 6).flatmap(lambda n: tables(n, 7 - n)), st.integers(2, 9))
def test_no_small_count_is_shown_neither_in_the_table_nor_in_a_total(counts, threshold):
    shown = flat(protected(counts, threshold))
    assert not [count for count in shown if count is not None and 0 < count < threshold]


def test_without_small_counts_everything_is_shown():
    shown = protected([[10, 0], [20, 30]], 8)
    assert flat(shown) == [10, 0, 20, 30, 10, 50, 30, 30, 60]


def test_one_small_count_takes_three_more_with_it():
    """Its row and its column would each give it away, and so would the cells that hide it."""
    shown = protected([[3, 40, 50], [20, 60, 70], [80, 90, 99]], 8)
    assert shown.rows == ((None, None, 50), (None, None, 70), (80, 90, 99))
    assert None not in (*shown.row_totals, *shown.column_totals, shown.total)


def test_noughts_stay_as_long_as_others_can_hide_a_count():
    shown = protected([[3, 0, 50], [20, 0, 70]], 8)
    assert shown.rows == ((None, 0, None), (None, 0, None))


def test_a_nought_hides_a_count_that_nothing_else_can():
    """Two small counts side by side that can only be exchanged with each other's noughts."""
    counts = [[1, 0], [0, 1]]
    shown = protected(counts, 2)
    assert None in (shown.rows[0][1], shown.row_totals[0], shown.total)


def test_a_single_row_is_a_list_with_its_total():
    assert protected([[3, 12, 40]], 8).rows == ((None, None, 40),)


@pytest.mark.parametrize("counts", [[], [[]], [[1, 2], [3]], [[1, -1]]])
def test_what_is_no_table_is_refused(counts):
    with pytest.raises(ValueError, match=r"table|count"):
        protected(counts, 5)


def test_the_threshold_is_a_dated_rule():
    assert threshold_on(date(2025, 9, 30)) == 8
    with pytest.raises(KeyError):
        threshold_on(date(2018, 8, 31))


def test_a_large_table_is_done():
    counts = [[(row * 7 + column * 13) % 40 for column in range(12)] for row in range(42)]
    shown = protected(counts, 8)
    assert any(None in row for row in shown.rows)
