"""What is published of England together: nobody who holds all against all tells a small count."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from clockstop.service.referrals.choice_figures.showing import ALL, plain
from clockstop.service.tracking.groups import AGES
from clockstop.service.transfers.measures.courses import PATIENTS, PROVIDERS, Course, StepTaken
from clockstop.service.transfers.measures.published import held_together
from clockstop.service.transfers.measures.reading import By
from clockstop.service.transfers.measures.tables import FLOWS, Gathered, counted

pytestmark = pytest.mark.django_db
BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
THRESHOLD = 5
ROADS = {"patients": PATIENTS, "providers": PROVIDERS}
PLACES = (("QQ1", "ZZ1"), ("QQ1", "ZZ2"), ("QQ2", "ZZ3"), ("QQ3", "ZZ4"))
YOUNG = tuple(AGES)[:2]
FUNCTIONS, FLOWS_OF = ("C_100", "C_110"), ("nhs nhs", "nhs is")


def a_course(kind, stage, gaps, place, function, age, flow):
    """Somebody who went along a road up to a stage, with so many days before each step."""
    road = [min(actions) for _, actions in ROADS[kind].values()][: stage + 1]
    days = [sum(gaps[: number + 1]) for number in range(len(road))]
    steps = [
        StepTaken(each, BEGUN + timedelta(days=day)) for each, day in zip(road, days, strict=True)
    ]
    went = {"choose", "accept"} & set(road), {"receive", "move"} & set(road)
    groups = {
        By.ICB: place[0],
        By.PROVIDER: place[1],
        By.SPECIALTY: function,
        By.AGE: age,
        By.DEPRIVATION: "q1",
        By.ETHNICITY: "A",
    }
    return kind, Course(
        group="",
        steps=steps,
        asked_at=BEGUN,
        weeks_here=30.0,
        miles=12.0 if went[0] else None,
        flow=flow if went[1] else "",
        function=function,
        groups=groups,
    )


COURSES = st.builds(
    a_course,
    st.sampled_from(sorted(ROADS)),
    st.integers(0, 7),
    st.lists(st.sampled_from((3, 10)), min_size=8, max_size=8),
    st.sampled_from(PLACES),
    st.sampled_from(FUNCTIONS),
    st.sampled_from(YOUNG),
    st.sampled_from(FLOWS_OF),
)
# Several of most, so that many counts are too large to be left out by themselves.
ENGLANDS = st.lists(st.tuples(COURSES, st.sampled_from((1, 2, 8))), min_size=3, max_size=10)


def england(drawn):
    told = defaultdict(list)
    for (kind, course), number in drawn:
        told[kind] += [course] * number
    return Gathered(tuple(told["patients"]), tuple(told["providers"]), ())


class Attack:
    """A reader with all published cells, who knows what the tables have in common.

    The cells are unknowns where they are left out. Every sum that holds between them is an
    equation; a linear program then bounds what was left out.
    """

    def __init__(self, published):
        self.cells, self.sums = {}, []
        for by, tables in published.items():
            for table in tables:
                self._read(by, table)
        for by in By:
            self._rows_add_up(by)
            for row in self.rows(by):
                self._stages_agree(by, row)
        self._places_lie_in_areas()
        self.left_out = [key for key, value in self.cells.items() if value is None]
        self.at = {key: number for number, key in enumerate(self.left_out)}
        self._equations()

    def _read(self, by, table):
        way = By.SPECIALTY if table.title == FLOWS else by
        for line in table.lines:
            row = ALL if line.group == ALL else (way, line.group)
            for column, value in zip((*table.columns, ALL), (*line.cells, line.total), strict=True):
                before = self.cells.setdefault((row, table.title, column), value)
                assert before == value  # one cell is one thing, wherever it stands
        self.tables = getattr(self, "tables", {}) | {table.title: table.columns}

    def rows(self, by):
        return {row for row, *_ in self.cells if row != ALL and row[0] is by}

    def _sum(self, whole, parts):
        """``whole`` comes to ``parts``; a cell that is in no table is nought."""
        self.sums.append([(1, whole), *((-1, each) for each in parts)])

    def _rows_add_up(self, by):
        for title, columns in self.tables.items():
            if title == FLOWS and by is not By.SPECIALTY:
                continue
            for row in {ALL, *self.rows(by)}:
                self._sum((row, title, ALL), [(row, title, each) for each in columns])
            for each in (*columns, ALL):
                self._sum((ALL, title, each), [(row, title, each) for row in self.rows(by)])

    def _stages_agree(self, by, row):
        """Whoever took a step stands in the table of its days, and among those who got so far."""
        got = {}
        for (kind, stages), of in zip(ROADS.items(), ("patients' own", "providers'"), strict=True):
            (title,) = [
                each
                for each in self.tables
                if each.lower().startswith(of.split("'")[0]) and "far" in each
            ]
            names = [words for words, _ in stages.values()]
            for number, (before, after) in enumerate(pairwise(names), 1):
                got[kind, after] = [(row, title, each) for each in names[number:]]
                days = f"Days from step to step, {of} requests: {before} to {after.lower()}"
                self._sum((row, days, ALL), got[kind, after])
        for title, stage in (
            ("Weeks saved", "Treated"),
            ("Distance to the accepted place", "Accepted"),
            (FLOWS, "Moved"),
        ):
            if title != FLOWS or by is By.SPECIALTY:
                both = [*got["patients", stage], *got["providers", stage]]
                self._sum((row, title, ALL), both)

    def _places_lie_in_areas(self):
        for area, (title, columns) in product({each for each, _ in PLACES}, self.tables.items()):
            within = [(By.PROVIDER, place) for icb, place in PLACES if icb == area]
            for column in (*columns, ALL) if title != FLOWS else ():
                parts = [(row, title, column) for row in within]
                self._sum(((By.ICB, area), title, column), parts)

    def _equations(self):
        found, values, rights = [], [], []
        for number, told in enumerate(self.sums):
            known = 0
            for sign, key in told:
                if key in self.at:
                    found.append((number, self.at[key]))
                    values.append(sign)
                else:
                    known += sign * (self.cells.get(key) or 0)
            rights.append(-known)
        size = (len(self.sums), max(len(self.left_out), 1))
        places = tuple(np.array(found).T) if found else (np.array([], int), np.array([], int))
        self.sides = coo_array((np.array(values, float), places), size).tocsr(), np.array(rights)

    def bounds(self, key):
        """The least and the most that a cell which is left out can be."""
        goal = np.zeros(len(self.left_out))
        goal[self.at[key]] = 1
        told = []
        for sign in (1, -1):
            solved = linprog(sign * goal, A_eq=self.sides[0], b_eq=self.sides[1], method="highs")
            told.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
            assert solved.status in {0, 3}, solved.message  # unbounded is no bound
        return told


@settings(max_examples=8, deadline=None)
@given(ENGLANDS, st.randoms(use_true_random=False))
def test_nobody_bounds_a_small_count_tighter_than_to_two(drawn, random):
    held = england(drawn)
    truth = Attack(held_together(held, 1)).cells
    attack = Attack(held_together(held, THRESHOLD))
    assert not [key for key, n in attack.cells.items() if n and 0 < n < THRESHOLD]
    assert all(n in {None, truth[key]} for key, n in attack.cells.items() if key in truth)
    small = [key for key in attack.left_out if 0 < truth.get(key, 0) < THRESHOLD]
    for key in random.sample(small, min(len(small), 15)):
        least, most = attack.bounds(key)
        assert least - 1e-6 <= truth[key] <= most + 1e-6
        assert most - least >= 1 - 1e-6, key


def by_themselves(held):
    """Each table under the rule for one table, whatever the others tell."""
    return {
        by: tuple(
            plain(each, {row: row for row in each.rows}, THRESHOLD)
            for each in counted(held.by(by))
            if each.title != FLOWS or by is By.SPECIALTY
        )
        for by in By
    }


def moved_and_treated(*told):
    """Requests of providers: how many of each place were moved, and treated."""
    return england(
        (a_course("providers", 3 + stage, [3] * 8, place, FUNCTIONS[0], YOUNG[0], "nhs is"), number)
        for place, *numbers in told
        for stage, number in enumerate(numbers)
    )


HOW_FAR = "Providers' requests for treatment: how far they got"


def test_the_reader_tells_a_small_count_of_tables_that_are_not_held_together():
    """The same attack, where every table is protected by itself: so it can find something."""
    held = moved_and_treated((PLACES[0], 3, 20), (PLACES[2], 20, 20))
    found = Attack(by_themselves(held))
    key = ((By.ICB, "QQ1"), HOW_FAR, "Moved")
    assert found.cells[key] is None
    assert found.bounds(key) == pytest.approx([3, 3])
    least, most = Attack(held_together(held, THRESHOLD)).bounds(key)
    assert most - least >= 1


def test_a_provider_tells_nothing_of_its_area_that_the_area_leaves_out():
    """The cheapest to be left out with a provider and with its area lie in different places."""
    held = moved_and_treated(
        (PLACES[0], 8, 40), (PLACES[1], 8, 40), (PLACES[2], 3, 40), (PLACES[3], 12, 40)
    )
    attack = Attack(held_together(held, THRESHOLD))
    least, most = attack.bounds(((By.ICB, "QQ2"), HOW_FAR, "Moved"))
    assert most - least >= 1
