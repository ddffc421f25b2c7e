"""Every version of every template: neutral, complete, and with whom to call."""

import re
from datetime import date

import pytest

from clockstop.core.codes.functions import ALL_FUNCTIONS
from clockstop.service.messaging import wording

EVERY = wording.all_templates()
TELLING = ("cancer", "surgery", "clinic", "hospital", "diagnos", "tumour", "mental", "specialty")
SMS = 306  # characters: two texts


def name(template):
    return f"{template.id} {template.version}"


@pytest.mark.parametrize("template", EVERY, ids=name)
def test_what_shows_on_a_locked_screen_tells_nothing(template):
    shown = f"{template.subject} {template.short}"
    assert "{provider}" not in shown
    assert not [word for word in TELLING if word in shown.lower()]
    assert len(template.short) < SMS


@pytest.mark.parametrize("template", EVERY, ids=name)
def test_every_message_has_a_confidential_contact(template):
    for text in (template.short, template.letter):
        assert "{phone}" in text
        assert "confiden" in text
    assert "{phone}" in template.easy
    assert "What you say is private." in template.easy


@pytest.mark.parametrize("template", EVERY, ids=name)
def test_a_template_is_filled_by_known_words_alone(template):
    assert template.asks() <= wording.FIELDS
    payload = dict.fromkeys(template.asks(), "x")
    for is_letter, is_easy in ((True, False), (False, False), (True, True)):
        written = wording.write(template, payload, is_letter=is_letter, is_easy=is_easy)
        assert "{" not in written.body
        assert all(written.paragraphs)


@pytest.mark.parametrize("template", EVERY, ids=name)
def test_easy_read_has_short_sentences_each_in_its_line(template):
    lines = [each for each in template.easy.splitlines() if each]
    assert all(each.endswith((".", "?")) for each in lines)
    assert max(len(each.split()) for each in lines) <= 15
    assert not [each for each in lines if set(each) & set(";“”()–")]
    sentences = [re.findall(r"[.?](?= )", each) for each in lines]
    assert max(map(len, sentences)) <= 1


@pytest.mark.parametrize("template", EVERY, ids=name)
def test_easy_read_tells_the_same_as_the_letter(template):
    asked = {name for name in wording.FIELDS if f"{{{name}}}" in template.letter}
    assert {name for name in wording.FIELDS if f"{{{name}}}" in template.easy} == asked
    promised = ("keep your place", "still counts", "never ask", "sorry")
    for words in promised:
        assert words not in template.letter or words in template.easy, words


def test_versions_follow_each_other():
    assert len({(each.id, each.version) for each in EVERY}) == len(EVERY)
    for each in EVERY:
        assert wording.on(each.starts)[each.id] == each
        assert wording.version_of(each.id, each.version) == each
    assert wording.on(date(2000, 1, 1)) == {}


def test_what_asks_whether_care_is_needed_says_that_silence_keeps_the_place():
    asked = wording.on(date(2026, 6, 1))["still_needed"]
    assert "you do not have to do anything" in asked.short
    assert "You keep your place" in asked.letter
    assert ALL_FUNCTIONS.name not in asked.letter
