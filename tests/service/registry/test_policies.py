"""Who holds on a day what was once another's."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from clockstop.service.registry.policies import Step, holder

Y2000, Y2005, Y2010, Y2015, Y2020 = (date(year, 4, 1) for year in (2000, 2005, 2010, 2015, 2020))


def held(code: str, day: date, **steps: list[tuple[str, date]]) -> str:
    return holder(code, day, lambda each: [Step(*step) for step in steps.get(each, [])])


def test_one_that_nobody_took_over_holds_its_own():
    assert held("A", Y2020) == "A"


def test_a_takeover_counts_from_its_day_on():
    assert held("A", date(2010, 3, 31), A=[("B", Y2010)]) == "A"
    assert held("A", Y2010, A=[("B", Y2010)]) == "B"


def test_a_chain_is_followed_as_far_as_the_day():
    chain = {"A": [("B", Y2000)], "B": [("C", Y2010)], "C": [("D", Y2020)]}
    assert [held("A", day, **chain) for day in (Y2000, Y2005, Y2010, Y2015, Y2020)] == [
        *("B", "B", "C", "C", "D"),
    ]


def test_what_befell_the_heir_before_it_inherited_does_not_count():
    assert held("A", Y2020, A=[("B", Y2010)], B=[("C", Y2005)]) == "B"


def test_a_chain_of_one_day_is_followed():
    assert held("A", Y2010, A=[("B", Y2010)], B=[("C", Y2010)]) == "C"


def test_the_latest_takeover_by_the_day_counts():
    twice = {"A": [("C", Y2010), ("B", Y2005)]}
    assert held("A", Y2005, **twice) == "B"
    assert held("A", Y2010, **twice) == "C"


def test_of_a_division_the_first_listed_counts():
    assert held("A", Y2010, A=[("C", Y2010), ("B", Y2010)]) == "C"


def test_a_circle_ends():
    assert held("A", Y2020, A=[("B", Y2010)], B=[("A", Y2010)]) == "B"
    assert held("A", Y2020, A=[("A", Y2010)]) == "A"


codes = st.sampled_from("ABCDE")
days = st.sampled_from([Y2000, Y2005, Y2010, Y2015, Y2020])


@given(st.lists(st.tuples(codes, codes, days)), codes, days)
def test_any_list_leads_to_an_end(rows, code, day):
    steps = {each: [(new, on) for old, new, on in rows if old == each] for each in "ABCDE"}
    end = held(code, day, **steps)
    reachable, since = {code}, {code}
    while since:
        since = {new for old, new, on in rows if old in since and on <= day} - reachable
        reachable |= since
    assert end in reachable
    if not any(old == code and on <= day and new != code for old, new, on in rows):
        assert end == code
