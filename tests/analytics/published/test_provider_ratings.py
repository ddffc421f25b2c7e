"""Ratings that a user supplies: what they become, and what they are refused for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.analytics.published.helpers import read, refusals
from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.provider_ratings import DOMAINS, PROVIDER_RATINGS

FILE = sheet(
    "ratings.csv",
    "provider,domain,rating,rated_on,source",
    (
        "RR8,overall,Good,2024-03-31,The regulator's own page",
        "RR8,well-led,requires IMPROVEMENT,2024-03-31,The regulator's own page",
        "RHQ,overall,Not rated,2023-01-01,The regulator's own page",
    ),
)
TOMORROW = datetime.now(UTC).date() + timedelta(days=2)


def test_each_domain_of_a_provider_keeps_its_rating_and_day() -> None:
    assert recognise(FILE.bytes()) is PROVIDER_RATINGS
    reading = read(PROVIDER_RATINGS, FILE.bytes())
    table = reading.tables["ratings"]
    assert table.columns == ["provider", "domain", "rating", "rated_on", "source"]
    assert table.row(1)[:4] == ("RR8", "well-led", "Requires improvement", date(2024, 3, 31))
    assert (reading.key, reading.warnings) == ("own", [])


FAULTS: list[tuple[Callable[[Sheet], Sheet], str, str | None]] = [
    (lambda s: s.put(2, "rating", "Excellent"), "value", "rating"),
    (lambda s: s.put(2, "rating", ""), "blank", "rating"),
    (lambda s: s.put(2, "domain", "kind"), "value", "domain"),
    (lambda s: s.put(2, "provider", "Leeds"), "value", "provider"),
    (lambda s: s.put(2, "rated_on", "31/03/2024"), "value", "rated_on"),
    (lambda s: s.put(2, "rated_on", TOMORROW), "value", "rated_on"),
    (lambda s: s.put(2, "source", ""), "blank", "source"),
    (lambda s: s.put(3, "domain", "overall"), "duplicate", None),
]


@pytest.mark.parametrize(("spoil", "kind", "column"), FAULTS)
def test_a_fault_is_refused(spoil: Callable[[Sheet], Sheet], kind: str, column: str | None) -> None:
    problems = refusals(PROVIDER_RATINGS, spoil(FILE.copy()).bytes())
    assert [(problem.kind, problem.column) for problem in problems] == [(kind, column)]


def test_a_refusal_names_every_word_that_would_do() -> None:
    bad = FILE.copy().put(2, "rating", "Excellent").put(3, "domain", "kind")
    first, second = refusals(PROVIDER_RATINGS, bad.bytes())
    assert "Outstanding, Good, Requires improvement, Inadequate, Not rated" in first.expected
    assert second.expected == f"one of {', '.join(DOMAINS)}"


def test_a_provider_that_we_do_not_know_is_a_warning_once() -> None:
    strange = FILE.copy().put(2, "provider", "QQQ9").put(3, "provider", "QQQ9")
    (warning,) = read(PROVIDER_RATINGS, strange.bytes()).warnings
    assert (warning.kind, warning.row) == ("unknown organisation", 2)
