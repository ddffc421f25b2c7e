"""The choices behind the clock: dated rows of the rulebook, and a provider's own reading."""

from dataclasses import fields, replace
from datetime import date

import pytest
from tests.core.rtt.spec import Spec

from clockstop.core.rtt import policy as module
from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.policy import (
    DEFAULT,
    DnaStop,
    InForce,
    PlaceAfter,
    PlaceRule,
    Policy,
    choice_types,
)
from clockstop.core.rulebook import choices as rulebook
from clockstop.core.rulebook.choices import Choice, choices, choices_on

DAY = date(2025, 9, 30)
DISCHARGED = """
    {year}-01-06 referral_received
    {year}-02-03 attendance status=10
    {year}-03-03 did_not_attend appointment=other communicated=true
    {year}-03-10 discharged_to_gp reason=missed communicated=true best_interests=true \
published_policy=true protects_vulnerable=true
    """


def stop(year, policy=DEFAULT):
    events = Spec(paragraph="", title="", events=DISCHARGED.format(year=year)).pathway.events
    return derive(events, policy=policy).periods[0].end


def test_every_choice_is_a_row_with_a_reason_and_a_source():
    names = [each.name for each in fields(InForce)]
    assert list(choices_on(DAY)) == names == [each.name for each in fields(Policy)]
    for each in choices():
        assert each.paragraph.startswith("§"), each.name
        assert each.why, each.name
        assert each.source, each.name


def test_the_choices_of_a_day():
    assert DEFAULT.on(DAY) == InForce(
        dna_discharge_stop=DnaStop.DISCHARGE,
        rebooked_dna_nullifies=True,
        place_rule=PlaceRule.DAYS_WAITED,
        place_after=PlaceAfter.ANY_MONITORING,
        planned_grace=0,
        reasonable_notice=21,
        second_offer_within=42,
        delay_review=42,
        monitoring_review=84,
        monitoring_too_near=14,
        thinking_time=14,
    )


def test_the_values_of_a_day_have_the_types_of_the_engine():
    for name, kind in choice_types().items():
        assert type(getattr(DEFAULT.on(DAY), name)) is kind, name


def test_before_the_first_edition_held_the_oldest_reading_counts():
    assert DEFAULT.on(date(2010, 1, 1)) == DEFAULT.on(date(2025, 2, 11))


def test_a_providers_own_reading_holds_on_every_day_and_leaves_the_rest_alone():
    own = Policy(dna_discharge_stop=DnaStop.MISSED_APPOINTMENT, planned_grace=0)
    assert own.own == {"dna_discharge_stop": DnaStop.MISSED_APPOINTMENT, "planned_grace": 0}
    for day in (date(2010, 1, 1), DAY):
        assert own.on(day).dna_discharge_stop is DnaStop.MISSED_APPOINTMENT
        assert own.on(day).reasonable_notice == DEFAULT.on(day).reasonable_notice


@pytest.fixture
def changed_in_2026(monkeypatch):
    """Puts another reading of one choice into the rulebook, from 2026 on."""

    def change(name, value):
        row = choices_on(DAY)[name]
        older = replace(row, valid_to=date(2025, 12, 31))
        newer = replace(row, value=value, valid_from=date(2026, 1, 1))
        others = [each for each in choices() if each.name != name]
        monkeypatch.setattr(rulebook, "choices", lambda: (older, newer, *others))
        module._in_force.cache_clear()

    yield change
    module._in_force.cache_clear()


def test_the_day_asked_about_is_read_by_its_own_choice(changed_in_2026):
    changed_in_2026("planned_grace", "30")
    listed = Spec(paragraph="", title="", events="2025-06-02 planned_listed due=2025-12-20")
    for as_of, is_overdue in ((date(2025, 12, 31), True), (date(2026, 1, 10), False)):
        assert bool(derive(listed.pathway.events, as_of=as_of).running) is is_overdue


def test_each_event_is_read_by_the_choice_of_its_own_day(changed_in_2026):
    changed_in_2026("dna_discharge_stop", "missed_appointment")
    assert stop(2025) == date(2025, 3, 10)
    assert stop(2026) == date(2026, 3, 3)
    assert stop(2026, Policy(dna_discharge_stop=DnaStop.DISCHARGE)) == date(2026, 3, 10)


def test_a_choice_ends_on_its_last_day():
    row = Choice("planned_grace", "7", date(2025, 1, 1), date(2025, 1, 31), "§5.2", "why", "source")
    assert [row.holds_on(date(2025, 1, day)) for day in (1, 31)] == [True, True]
    assert not row.holds_on(date(2024, 12, 31))
    assert not row.holds_on(date(2025, 2, 1))
