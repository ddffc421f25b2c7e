"""Who took over whom, and names in place of codes."""

from datetime import date

import pytest
import time_machine

from clockstop.service.registry.models import Kind, Organisation, Succession
from clockstop.service.registry.names import held_names, name_of
from clockstop.service.registry.queries import Takeover, current, successor_on, takeovers_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chain():
    for row in (("A", "B", 2010), ("B", "C", 2020), ("Z", "B", 2012), ("C", "C", 2021)):
        Succession.objects.create(predecessor=row[0], successor=row[1], on=date(row[2], 4, 1))


@pytest.mark.parametrize(
    ("day", "holder"), [("2010-03-31", "A"), ("2010-04-01", "B"), ("2020-04-01", "C")]
)
def test_the_holder_on_a_day_and_today(day, holder):
    assert successor_on("A", date.fromisoformat(day)) == holder
    with time_machine.travel(f"{day}T12:00:00Z"):
        assert current("A") == holder


def test_an_organisation_that_lives_on_is_its_own_holder():
    assert successor_on("Q", date(2030, 1, 1)) == "Q"


def test_of_a_division_the_first_that_was_listed():
    for heir in ("Y", "X"):
        Succession.objects.create(predecessor="D", successor=heir, on=date(2015, 4, 1))
    assert successor_on("D", date(2015, 4, 1)) == "Y"


def test_takeovers_of_both_directions_earliest_first():
    assert takeovers_of("B") == [
        Takeover("A", "B", date(2010, 4, 1)),
        Takeover("Z", "B", date(2012, 4, 1)),
        Takeover("B", "C", date(2020, 4, 1)),
    ]


def test_names_by_one_query_and_the_code_where_there_is_none(django_assert_num_queries):
    Organisation.objects.create(code="RAA", name="Riverside Hospital", kind=Kind.PROVIDER)
    with django_assert_num_queries(1):
        assert name_of(["RAA", "RBB", "RAA"]) == {"RAA": "Riverside Hospital", "RBB": "RBB"}
    assert held_names(["RAA", "RBB"]) == {"RAA": "Riverside Hospital"}


def test_no_codes_are_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert name_of([]) == {}
