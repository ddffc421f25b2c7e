"""For each small count another world that prints the same: found anew here, by trying them all."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.disclosure import Person, left_out

ALL, THRESHOLD = "all", 5
PLACES = (("North", "N1"), ("North", "N2"), ("South", "S1"))
AGES = (("young",), ("old",))
STAGES, DAYS = ("asked", "moved", "treated"), ("few", "many")
# Who was moved has a number of days, as stands in a table of its own.
COURSES = [{"stage asked": 1, "stage all": 1}] + [
    {f"stage {stage}": 1, "stage all": 1, f"days {days}": 1, "days all": 1}
    for stage, days in product(STAGES[1:], DAYS)
]
PEOPLE = st.lists(
    st.builds(
        lambda place, age, course: Person((place, age), course),
        st.sampled_from(PLACES),
        st.sampled_from(AGES),
        st.sampled_from([*COURSES, COURSES[0], COURSES[0]]),
    ),
    min_size=1,
    max_size=30,
)


def rows_of(person):
    return {ALL, *(row for way in person.rows for row in way)}


def counted(people):
    found = Counter()
    for person in people:
        for row in rows_of(person):
            for column, count in person.counts.items():
                found[row, column] += count
    return found


def others(people):
    """What each other world adds and takes away: exchanged, with another's course, one more."""
    kinds = [*{repr(each): each for each in people}.values()]
    for one in kinds:
        yield counted([one])
        for other in kinds:
            yield minus(counted([Person(one.rows, other.counts)]), counted([one]))
            for way in range(len(one.rows)):
                before = counted([one]) + counted([other])
                yield minus(counted(exchanged(one, other, way)), before)


def exchanged(one, other, way):
    def moved(rows, to):
        return (*rows[:way], to[way], *rows[way + 1 :])

    yield Person(moved(one.rows, other.rows), one.counts)
    yield Person(moved(other.rows, one.rows), other.counts)


def minus(after, before):
    return {cell: n for cell in {*after, *before} if (n := after[cell] - before[cell])}


@given(PEOPLE)
def test_each_small_count_is_another_in_a_world_that_prints_the_same(people):
    counts = counted(people)
    hidden = left_out(people, THRESHOLD, everybody=ALL)
    small = {cell for cell, count in counts.items() if 0 < count < THRESHOLD}
    assert small <= hidden
    alike = [each for each in map(dict, others(people)) if each.keys() <= hidden]
    assert small <= {cell for each in alike for cell in each}
    for each in alike:
        assert all(counts[cell] + change >= 0 for cell, change in each.items())


@given(PEOPLE, st.randoms())
def test_in_whichever_order_people_come_the_same_is_left_out(people, random):
    hidden = left_out(people, THRESHOLD, everybody=ALL)
    random.shuffle(people)
    assert left_out(people, THRESHOLD, everybody=ALL) == hidden


def some(number, place, course):
    return [Person((PLACES[place], AGES[0]), COURSES[course])] * number


def test_where_no_count_is_small_nothing_is_left_out():
    people = [*some(20, 0, 0), *some(20, 2, 1)]
    assert left_out(people, THRESHOLD, everybody=ALL) == frozenset()


def test_people_change_places_before_a_total_of_all_is_left_out():
    """Three were treated in the north: who is moved there might be from the south, and they not."""
    people = [*some(30, 0, 1), *some(3, 0, 3), *some(30, 2, 1), *some(30, 2, 3)]
    stages = {"stage moved", "stage treated"}
    rows = {row for place in (PLACES[0], PLACES[2]) for row in place}
    assert left_out(people, THRESHOLD, everybody=ALL) == {*product(rows, stages)}


def test_what_a_table_of_another_kind_would_tell_is_left_out_too():
    """Who took few days was moved, who took many was treated: either table tells the other."""
    people = [*some(30, 0, 1), *some(3, 0, 4), *some(30, 2, 0), *some(30, 2, 4)]
    hidden = left_out(people, THRESHOLD, everybody=ALL)
    told = {"stage moved", "stage treated", "days few", "days many"}
    assert {column for row, column in hidden if row == "N1"} == told


def test_a_row_says_nothing_of_columns_that_it_does_not_have():
    def shown(row, column):
        return row in {ALL, "old", "young"} or not str(column).startswith("days")

    people = [*some(2, 0, 1), *some(20, 2, 0)]
    hidden = left_out(people, THRESHOLD, everybody=ALL, shown=shown)
    assert {row for row, column in hidden if column.startswith("days")} <= {ALL, "old", "young"}


def test_everybody_is_grouped_in_the_same_ways():
    with pytest.raises(ValueError, match="same ways"):
        left_out([Person((), {}), Person((("a",),), {})], THRESHOLD, everybody=ALL)


def test_nobody_is_nobody():
    assert left_out([], THRESHOLD, everybody=ALL) == frozenset()
