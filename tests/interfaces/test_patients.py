"""``clockstop data synthetic-patients``: what it writes, says and refuses."""

import json

import pytest
from tests.analytics.story import LANCASHIRE, SOUTH_YORKSHIRE

NOTE = "note left out, as the return contradicts itself: "


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "patients"


def test_the_last_month_by_default(on_story, folder):
    result = on_story("data", "synthetic-patients", folder)
    assert result.exit_code == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    counts = manifest["counts"]
    assert result.stdout.splitlines()[0] == (
        f"Done: {counts['people']:,} people on {counts['pathways']:,} pathways with "
        f"{counts['events']:,} events for 2025-09. All are made up."
    )
    assert sorted(each.name for each in folder.iterdir()) == [
        "cells.parquet",
        "events",
        "faults.parquet",
        "manifest.json",
        "pathways.parquet",
        "people.parquet",
    ]


def test_a_month_an_icb_a_seed_and_a_scale(on_story, folder):
    options = ("--month", "2025-08", "--icb", LANCASHIRE, "--icb", SOUTH_YORKSHIRE, "--seed", 3)
    result = on_story("data", "synthetic-patients", folder, *options, "--scale", 0.5, "--json")
    assert result.exit_code == 0
    manifest = json.loads(result.stdout)
    assert manifest == json.loads((folder / "manifest.json").read_text())
    named = ("month", "seed", "scale")
    assert [manifest[name] for name in named] == ["2025-08", 3, 0.5]
    assert [each["icb"] for each in manifest["icbs"]] == [LANCASHIRE, SOUTH_YORKSHIRE]


def test_what_the_return_contradicts_is_said(on_story, folder):
    result = on_story("data", "synthetic-patients", folder)
    left_out = json.loads((folder / "manifest.json").read_text())["counts"]["new_periods_left_out"]
    assert left_out > 0
    words = f"{left_out} new periods of nobody who waits or was treated"
    assert f"{NOTE}{words}\n" in result.stdout
    assert "decisions to admit" not in result.stdout


def test_seeded_faults_are_counted(on_story, folder):
    result = on_story("data", "synthetic-patients", folder, "--faults", 0.5)
    faults = json.loads((folder / "manifest.json").read_text())["counts"]["faults"]
    assert f"\n{faults:,} faults seeded; faults.parquet lists them.\n" in result.stdout


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--month", "2024-01"), 1, "Error: the lake has no RTT return for 2024-01"),
        (("--month", "September"), 2, "Error: 'September' is not a month"),
        (("--icb", "QXX"), 2, "Error: no providers of QXX in 2025-09; it has QE1, QWO"),
        (("--scale", "0"), 2, "Error: scale must be above 0, not 0.0"),
        (("--faults", "1.5"), 2, "Error: faults must be a share from 0 to 1, not 1.5"),
    ],
)
def test_refusals(on_story, folder, options, code, words):
    result = on_story("data", "synthetic-patients", folder, *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(words)
    assert not folder.exists()


def test_an_empty_lake(home, clockstop, folder):
    result = clockstop("data", "synthetic-patients", folder)
    assert result.exit_code == 1
    assert result.stderr == "Error: the lake holds no RTT month yet\n"
