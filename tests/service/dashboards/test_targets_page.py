"""The page of national targets: every target of the rulebook, and what became of it."""

import csv
from datetime import date
from io import StringIO

import pytest

from clockstop.core.rulebook.targets import targets
from clockstop.service.dashboards.targets import targets_panel

TODAY = date(2025, 11, 22)


def states(today: date) -> dict[str, str]:
    return {row.values["id"]: row.values["state"] for row in targets_panel(today).table.rows}


def test_every_target_is_there_in_order(read):
    page = read("/figures/targets/")
    assert page.heading == "National targets"
    rows = page.rows("targets")
    assert len(rows) == len(targets())
    assert rows[0][0] == "18 weeks: the NHS Constitution standard"


@pytest.mark.parametrize(
    ("id", "state"),
    [
        ("rtt-18w", "In force"),
        ("rtt-65a", "Ended"),
        ("rtt-65b", "Date passed"),
        ("rtt-52", "Ended"),
        ("rtt-52b", "In force"),
        ("rtt-18w-29", "In force"),
        ("cwt-2ww", "Ended"),
    ],
)
def test_what_a_target_is_today(id, state):  # noqa: A002 - the rulebook's word
    assert states(TODAY)[id] == state


def test_a_target_passes_the_day_after_its_date():
    assert states(date(2026, 3, 31))["rtt-52b"] == "In force"
    assert states(date(2026, 4, 1))["rtt-52b"] == "Date passed"


def test_what_replaced_a_target_is_named():
    until = {row.values["id"]: row.values["replaced"] for row in targets_panel(TODAY).table.rows}
    assert until["rtt-65a"] == "27 March 2024, then: No waits of over 65 weeks"
    assert until["cwt-2ww"] == "1 October 2023, dropped"
    assert until["rtt-18w"] == ""


def test_the_file_is_the_rulebook(client):
    text = client.get("/figures/targets/targets.csv").content.decode()
    rows = {row["id"]: row for row in csv.DictReader(StringIO(text))}
    assert rows.keys() == targets().keys()
    for target in targets().values():
        row = rows[target.id]
        assert float(row["threshold"]) == target.threshold
        assert row["applies_to"].split() == sorted(target.applies_to)
        assert row["retired_on"] == str(target.retired_on or "")
        assert row["verified"] == str(target.is_verified).lower()
        assert row["conflicts_with"].split() == list(target.conflicts_with)
    assert rows["rtt-65a"]["replaced_by"] == "rtt-65b"
