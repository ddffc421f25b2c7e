"""The pages of the clock engine say what its tables and specifications say."""

from pathlib import Path

import pytest
from scripts.make_rtt_rules import pages
from tests.core.rtt.specs import ALL, PATIENTS


@pytest.mark.parametrize("page", list(pages().items()), ids=lambda page: page[0].name)
def test_pages_are_in_step(page):
    file, text = page
    assert file.read_text() == text, "run .venv/bin/python scripts/make_rtt_rules.py"


def test_every_situation_is_on_the_page():
    text = next(text for file, text in pages().items() if file.name == "rtt-rules.md")
    titles = [spec.title for module in ALL for spec in module.SPECS]
    titles += [patient.title for patient in PATIENTS]
    assert all(f"#### {title}" in text for title in titles)


def test_pages_are_text():
    assert all(isinstance(file, Path) and text.endswith("\n") for file, text in pages().items())
