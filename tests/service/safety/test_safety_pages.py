"""The safety documents agree with themselves, and with the tests that they rest on."""

import re
from pathlib import Path

import pytest

SAFETY = Path(__file__).parents[3] / "docs" / "safety"
LOG = (SAFETY / "hazard-log.md").read_text()
RULES = (SAFETY / "index.md").read_text()
SECTIONS = re.findall(r"^### (H\d\d) (.+?)\n(.*?)(?=^##)", LOG, re.MULTILINE | re.DOTALL)
FIELDS = [
    "Cause",
    "Effect",
    "Initial risk",
    "Controls",
    "Test",
    "Residual risk",
    "Status, owner",
]


def fields(body: str) -> dict[str, str]:
    return dict(re.findall(r"^\| ([A-Z][^|]+) \| (.+) \|$", body, re.MULTILINE))


def matrix() -> dict[tuple[str, str], int]:
    lines = re.search(r"^\| Likelihood \|.*?\n\n", LOG, re.MULTILINE | re.DOTALL)[0].split("\n")[
        :-2
    ]
    heads, _, *rows = ([each.strip() for each in line.strip("| ").split("|")] for line in lines)
    return {
        (severity, row[0].lower()): int(rating)
        for row in rows
        for severity, rating in zip(heads[1:], row[1:], strict=True)
    }


def rating(text: str) -> int:
    severity, likelihood, given = re.fullmatch(r"(\w+), ([\w ]+): (\d)", text).groups()
    assert matrix()[severity, likelihood] == int(given)
    return int(given)


def test_there_are_at_least_twenty_hazards_numbered_in_order():
    assert [each[0] for each in SECTIONS] == [f"H{at:02d}" for at in range(1, len(SECTIONS) + 1)]
    assert len(SECTIONS) >= 20


@pytest.mark.parametrize(("key", "name", "body"), SECTIONS, ids=[each[0] for each in SECTIONS])
def test_a_hazard_is_complete_and_rated_by_the_matrix(key, name, body):
    found = fields(body)
    assert list(found) == FIELDS
    assert all(found.values())
    assert rating(found["Residual risk"]) <= rating(found["Initial risk"])
    assert re.match("Open|Controlled", found["Status, owner"])
    if found["Test"] == "None":
        assert found["Status, owner"].startswith("Open"), "what nothing tests is not controlled"
    else:
        assert re.fullmatch(r"`tests/[\w/]+\.py::\w+`", found["Test"])


def test_no_hazard_that_is_left_is_out_of_bounds():
    assert max(rating(fields(body)["Residual risk"]) for *_, body in SECTIONS) <= 3


def test_a_rule_that_holds_now_names_its_test_and_another_its_context():
    table = RULES.partition("|---|---|---|---|\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert len(rows) > 30
    for _, _, test, state in rows:
        assert bool(test) is state.startswith("Now")
        assert test or state.startswith("With ")


def test_every_rule_of_the_design_is_in_the_table():
    for words in (
        "care relationship",
        "sensitive",
        "death",
        "child",
        "merge reversibly",
        "Silence",
        "neutral",
        "Opt-out of messages",
        "national data opt-out",
        "pseudonymised",
        "secondary suppression",
        "No postcode or NHS number",
        "Audit holds references",
        "corrected visibly",
        "Persona sign-in",
        "Suspected cancer",
        "Clinical priority",
        "overdue priority review",
        "small-number rule",
    ):
        assert words in RULES
