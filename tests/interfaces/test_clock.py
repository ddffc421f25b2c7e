"""``clockstop clock explain``: one pathway, in words and as JSON."""

import json

import pytest

PATHWAY = {
    "pathway": {"id": "00000000000012345678", "issuer": "X09"},
    "as_of": "2025-09-30",
    "events": [
        {"id": "e1", "kind": "referral_received", "day": "2025-01-06", "provider": "RAA"},
        {"id": "e2", "kind": "attendance", "day": "2025-02-03", "status": "99"},
        {"id": "e3", "kind": "monitoring_started", "day": "2025-03-03", "by": "patient"},
        {"id": "e4", "kind": "patient_goes_ahead", "day": "2025-06-03"},
        {"id": "e5", "kind": "patient_goes_ahead", "day": "2025-06-02", "supersedes": "e4"},
        {"id": "e6", "kind": "admission", "day": "2025-10-06"},
    ],
}


@pytest.fixture
def explained(clockstop, home, tmp_path):
    def explain(pathway=PATHWAY, *options):
        file = tmp_path / "pathway.json"
        file.write_text(pathway if isinstance(pathway, str) else json.dumps(pathway))
        return clockstop("clock", "explain", file, *options)

    return explain


def test_json_has_periods_steps_and_reasons(explained):
    result = explained(PATHWAY, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert found["pathway"] == PATHWAY["pathway"]
    assert [each["days_waited"] for each in found["periods"]] == [56, 120]
    first, second = found["periods"]
    assert (first["ending"], first["status"], first["part"]) == (
        "monitoring_by_patient",
        "31",
        "Part_1B",
    )
    assert second["queue_place"] == {"since": "2025-04-07", "days_brought": 56}
    assert second["over_18_weeks_from"] == "2025-10-07"
    assert [each["rule"] for each in found["steps"]] == [
        "start-referral",
        "keep-activity",
        "stop-monitoring-patient",
        "start-goes-ahead",
    ]
    assert found["steps"][0]["reference"] == "rule 1a, §3.2"
    assert [each["problem"] for each in found["findings"]] == ["status_missing", "review_overdue"]
    assert found["corrections"] == [{"wrong": "e4", "superseded_by": "e5"}]
    assert found["not_yet"] == ["e6"]


def test_for_people(explained):
    text = explained().stdout
    for words in (
        "RTT periods on 2025-09-30",
        "active monitoring, at the patient's wish",
        "still waiting",
        "e1 referral received",
        "rule 3d, §3.4.4, §8.3",
        "To look at: e2, 2025-02-03: no status code was recorded",
        "Corrected: e4 by e5",
        "After 2025-09-30, so left out: e6",
    ):
        assert words in text


def test_a_diagnostic_wait_and_no_period(explained):
    listing = {"id": "p", "kind": "planned_listed", "day": "2025-01-06", "due": "2025-03-03"}
    text = explained({"events": [{**listing, "planned_for": "test"}]}).stdout
    assert "No RTT period" in text
    assert "Diagnostic wait since 2025-03-03, until now" in text


def test_what_the_return_counts_is_said_for_people(explained):
    printed = explained().stdout
    assert "In the return of September 2025, counted up to this day:" in printed
    assert "Part 2, period 2: " in printed
    assert "weeks 17-18" in printed


def test_another_day_may_be_asked_about(explained):
    found = json.loads(explained(PATHWAY, "--json", "--as-of", "2025-10-06").stdout)
    assert found["periods"][1]["provisional"]
    assert found["day"] == "2025-10-06"


def test_a_providers_own_policy_counts(explained):
    found = json.loads(
        explained({**PATHWAY, "policy": {"place_rule": "old_date"}}, "--json").stdout
    )
    assert found["periods"][1]["queue_place"]["since"] == "2025-01-06"


def test_the_schema_knows_every_kind(clockstop, home):
    schema = json.loads(clockstop("clock", "schema").stdout)
    kinds = [each["title"] for each in schema["properties"]["events"]["items"]["oneOf"]]
    assert {each["kind"] for each in PATHWAY["events"]} <= set(kinds)


def test_everything_wrong_is_said_at_once(explained):
    result = explained({"events": [{"id": "[b]e1[/b]", "kind": "death"}, {"kind": "tea"}]})
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "events[0].day: found nothing, expected a day like 2025-01-31" in result.stderr
    assert 'events[1].kind: found "tea", expected one of' in result.stderr


def test_what_is_no_json(explained):
    result = explained("tea")
    assert (result.exit_code, "not JSON" in result.stderr) == (1, True)


def test_what_is_no_text(clockstop, home, tmp_path):
    file = tmp_path / "pathway.json"
    file.write_bytes(b"\xff\xfe{")
    result = clockstop("clock", "explain", file)
    assert (result.exit_code, "not text in UTF-8" in result.stderr) == (1, True)


def test_a_day_that_is_none(explained):
    result = explained(PATHWAY, "--as-of", "tomorrow")
    assert result.exit_code == 2
    assert "'tomorrow' is not a day" in result.stderr


def test_a_file_that_is_not_there(clockstop, home, tmp_path):
    result = clockstop("clock", "explain", tmp_path / "none.json")
    assert result.exit_code == 1
    assert "No such file" in result.stderr
