"""Every kind of event, field and answer that the engine knows has words, and no others."""

import pytest

from clockstop.core.rtt.events import KINDS
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.reading import event_fields
from clockstop.core.rtt.rules import RuleEffect, clock_rules
from clockstop.service.pathways import kinds
from clockstop.service.pathways.presenters.patient import ENDED
from clockstop.service.pathways.presenters.wording import (
    effect_colour,
    effect_words,
    sentence,
    specialty,
    weeks_and_days,
)
from clockstop.service.pathways.references import REFERENCES, is_reference
from clockstop.service.pathways.words import (
    all_words,
    field_words,
    kind_words,
    option_words,
    told_patients,
)

HIDDEN = {"id", "recorded", "supersedes"}
CODED = {"status", "intended_status"}
NO_STEP = {"reports", "service"}  # rules that no entry takes a step by
ASKED_OF_ALL = {"why", "acting_for"}
FIELDS = [(kind, name) for kind in KINDS for name in event_fields(kind) if name not in HIDDEN]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_for_staff_and_for_patients(kind):
    words = kind_words(kind)
    assert words.label
    assert words.patient, "write what the patient reads, or - for nothing"


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids="-".join)
def test_every_field_and_every_option_has_words(kind, name):
    words = field_words(kind, name)
    assert words.label
    assert words.short
    for option in () if name in CODED else event_fields(kind)[name].options:
        assert option_words(kind, name, option).label


def test_there_are_no_words_for_what_does_not_exist():
    known = set(KINDS)
    for kind, name in FIELDS:
        known |= {f"{kind}.{name}", f"*.{name}"}
        for option in event_fields(kind)[name].options:
            known |= {f"{kind}.{name}.{option}", f"*.{name}.{option}"}
    assert set(all_words()) - known == {f"*.{name}" for name in ASKED_OF_ALL}


def test_patients_are_told_in_words_without_codes_or_names_of_staff():
    for kind in KINDS:
        words = told_patients(kind)
        assert not any(character.isdigit() for character in words), words
        assert "RTT" not in words
        assert "clock" not in words


def test_every_kind_is_found_under_one_heading_or_has_its_own_page():
    listed = [kind for _, group in kinds.GROUPS for kind in group]
    assert len(listed) == len(set(listed))
    assert set(listed) | kinds.BY_ITS_OWN_PAGE == set(KINDS)
    assert {*kinds.COMMON, *kinds.FIRST} <= set(listed)


def test_every_text_that_names_an_entry_is_chosen_from_the_entries():
    """A field that the engine looks up must never be typed."""
    for reference in REFERENCES:
        assert any(is_reference(kind, name) for kind, name in FIELDS if name == reference.field)
    assert not is_reference("did_not_attend", "appointment")
    assert not is_reference("ubrn_converted", "ubrn")


def test_every_ending_tells_the_patient_where_they_are_and_what_comes_next():
    assert set(ENDED) == set(Ending)
    assert all(stage.title and stage.next for stage in ENDED.values())


def test_every_effect_on_a_clock_has_words_and_a_colour():
    decide = [rule for rule in clock_rules().values() if rule.effect not in NO_STEP]
    said = {rule.effect: effect_words(rule) for rule in decide}
    assert set(said) == set(RuleEffect) - NO_STEP
    assert len(set(said.values())) == len(said)
    assert all(effect_colour(rule) for rule in decide)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (6, "6 days"),
        (7, "1 week"),
        (8, "1 week and 1 day"),
        (126, "18 weeks"),
        (127, "18 weeks and 1 day"),
        (730, "104 weeks and 2 days"),
    ],
)
def test_a_wait_in_weeks_and_days(days, words):
    assert weeks_and_days(days) == words


def test_the_engines_words_become_a_sentence():
    assert sentence("it names an entry that there is not: e12") == (
        "It names an entry that there is not: entry 12"
    )
    assert sentence("the start differs: 2025-01-06 instead of 2025-01-08") == (
        "The start differs: 6 January 2025 instead of 8 January 2025"
    )


def test_a_function_is_named_and_a_strange_one_stays_its_code():
    assert specialty("C_110") == "Trauma and orthopaedics"
    assert specialty("C_ABC") == "C_ABC"
