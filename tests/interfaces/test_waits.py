"""``clockstop waits``: the figures, in every form the same."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.story import FULWOOD, LEEDS, NEW

from clockstop.analytics.lists.tables import as_shown, waits_table
from clockstop.core.types import Month

COMMAND = Path(sys.executable).with_name("clockstop")
SEPTEMBER = ("--month", "2025-09")
KEYS = [
    "month",
    "incomplete_pathways",
    "within_18_weeks",
    "pct_within_18_weeks",
    "over_18_weeks",
    "over_52_weeks",
    "over_65_weeks",
    "over_78_weeks",
    "over_104_weeks",
    "median_weeks",
    "p92_weeks",
    "admitted_stops",
    "admitted_median_weeks",
    "admitted_p95_weeks",
    "nonadmitted_stops",
    "nonadmitted_median_weeks",
    "nonadmitted_p95_weeks",
    "new_periods",
    "incomplete_dta",
    "unreported_removals",
]
QUANTILES = [key for key in KEYS if key.endswith(("median_weeks", "p92_weeks", "p95_weeks"))]


class TestHeadline:
    def test_json_has_exactly_the_promised_keys_in_order(self, on_story):
        result = on_story("waits", "headline", *SEPTEMBER, "--json")
        found = json.loads(result.stdout)
        assert (result.exit_code, result.stderr) == (0, "")
        assert list(found) == KEYS
        assert (found["month"], found["incomplete_pathways"]) == ("2025-09", 179)
        assert found["pct_within_18_weeks"] == 99 / 179
        assert found["p92_weeks"] == "104+"

    def test_the_first_month_has_no_unreported_removals(self, on_story):
        found = json.loads(on_story("waits", "headline", "--month", "2024-08", "--json").stdout)
        assert list(found) == KEYS
        assert found["unreported_removals"] is None

    def test_for_people(self, on_story):
        result = on_story("waits", "headline", *SEPTEMBER)
        found = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
        assert list(found) == KEYS
        assert (found["month"], found["median_weeks"], found["p92_weeks"]) == (
            "2025-09",
            "7.5250",
            "104+",
        )

    def test_what_is_not_known_is_said_in_words(self, on_story):
        lines = on_story("waits", "headline", "--month", "2024-08").stdout.splitlines()
        assert lines[-1].split(maxsplit=1) == ["unreported_removals", "not known"]

    @pytest.mark.parametrize("form", [(), ("--json",)])
    def test_a_month_that_is_not_held(self, on_story, form):
        result = on_story("waits", "headline", "--month", "2031-01", *form)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            "Error: the lake has no RTT return for 2031-01; it holds 2024-08 to 2025-09\n"
        )

    def test_an_empty_lake(self, home, clockstop):
        result = clockstop("waits", "headline", *SEPTEMBER)
        assert result.exit_code == 1
        assert (
            result.stderr
            == "Error: the lake has no RTT return for 2025-09; it holds no RTT month yet\n"
        )
        assert not home.exists()  # asking makes nothing

    @pytest.mark.parametrize("month", ["2025-13", "2025-9", "September", "", "[/x]", "2025-09-01"])
    def test_no_month_at_all(self, on_story, month):
        result = on_story("waits", "headline", "--month", month)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"Error: {month!r} is not a month; write it as 2025-09\n"

    def test_the_month_must_be_named(self, on_story):
        assert on_story("waits", "headline").exit_code == 2


def table(run, *arguments: str) -> list[dict]:
    result = run("waits", "table", *SEPTEMBER, *arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def as_text(value: object) -> str:
    return "" if value is None else str(value)


class TestTable:
    def test_columns(self, on_story):
        for row in table(on_story, "--by", "provider,function"):
            assert list(row) == ["provider", "provider_name", "function", "function_name", *KEYS]

    def test_codes_as_filed_and_no_row_of_the_total(self, on_story):
        codes = {
            (row["provider"], row["function"])
            for row in table(on_story, "--by", "provider,function")
        }
        assert codes == {(LEEDS, "C_110"), (LEEDS, "C_130"), (FULWOOD, "C_110"), (NEW, "X02")}

    def test_spaces_in_the_list_of_groupings_are_forgiven(self, on_story):
        assert table(on_story, "--by", " provider , function ") == table(
            on_story, "--by", "provider,function"
        )

    @pytest.mark.parametrize(
        "by", ["provider", "function,sector", "commissioner_icb", "region,icb", "england"]
    )
    def test_three_forms_of_the_same_figures(self, on_story, story_lake, by, tmp_path):
        expected = list(as_shown(waits_table(story_lake, Month(2025, 9), by.split(","))))
        assert table(on_story, "--by", by) == expected
        result = on_story("waits", "table", *SEPTEMBER, "--by", by, "--csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert rows == [{key: as_text(value) for key, value in row.items()} for row in expected]
        result = on_story("waits", "table", *SEPTEMBER, "--by", by, "--parquet")
        found = pl.read_parquet(io.BytesIO(result.stdout_bytes))
        assert list(as_shown(found)) == expected

    def test_csv_is_the_default(self, on_story):
        plain = on_story("waits", "table", *SEPTEMBER, "--by", "provider")
        assert (
            plain.stdout
            == on_story("waits", "table", *SEPTEMBER, "--by", "provider", "--csv").stdout
        )
        assert plain.stdout.splitlines()[0] == ",".join(["provider", "provider_name", *KEYS])

    def test_the_open_band_in_each_form(self, on_story, tmp_path):
        (row,) = [row for row in table(on_story, "--by", "provider") if row["provider"] == FULWOOD]
        assert (row["median_weeks"], row["p92_weeks"]) == ("104+", "104+")
        file = tmp_path / "waits.parquet"
        on_story("waits", "table", *SEPTEMBER, "--by", "provider", "--parquet", file)
        found = pl.read_parquet(file)
        assert [name for name in found.columns if name.endswith("_open")] == [
            f"{key}_open" for key in QUANTILES
        ]
        (cells,) = found.filter(pl.col("provider") == FULWOOD).rows(named=True)
        assert (cells["median_weeks"], cells["median_weeks_open"]) == (None, True)
        assert found["median_weeks"].dtype == pl.Float64

    @pytest.mark.parametrize("form", ["--json", "--csv", "--parquet"])
    def test_writing_to_a_file(self, on_story, tmp_path, form):
        file = tmp_path / "waits.out"
        result = on_story("waits", "table", *SEPTEMBER, "--by", "provider", form, file)
        assert (result.exit_code, result.stdout) == (0, "")
        assert (
            file.read_bytes()
            == on_story("waits", "table", *SEPTEMBER, "--by", "provider", form).stdout_bytes
        )

    def test_a_file_that_cannot_be_written(self, on_story, tmp_path):
        result = on_story(
            "waits", "table", *SEPTEMBER, "--by", "provider", tmp_path / "no" / "waits.csv"
        )
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert "No such file or directory" in result.stderr

    def test_filters(self, on_story):
        assert [row["provider"] for row in table(on_story, "--by", "provider", "--icb", "QWO")] == [
            NEW,
            LEEDS,
        ]
        (row,) = table(on_story, "--by", "function", "--icb", "QE1")
        assert row["incomplete_pathways"] == 40
        (row,) = table(on_story, "--by", "england", "--sector", "nhs_trust")
        assert row["incomplete_pathways"] == 119

    def test_a_filter_that_nothing_passes(self, on_story):
        assert table(on_story, "--by", "provider", "--icb", "QF7") == []
        result = on_story("waits", "table", *SEPTEMBER, "--by", "provider", "--icb", "QF7")
        assert result.stdout == ",".join(["provider", "provider_name", *KEYS]) + "\n"

    def test_min_count(self, on_story):
        def median(*options: str) -> object:
            rows = table(on_story, "--by", "function", *options)
            return next(row["median_weeks"] for row in rows if row["function"] == "C_130")

        assert (median(), median("--min-count", "19"), median("--min-count", "1")) == (
            None,
            2.5,
            2.5,
        )

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (
                ("--by", "provder"),
                "no grouping provder; there are england, region, icb, commissioner_icb, provider, sector, function",
            ),
            (("--by", ","), "no grouping ; there are"),
            (("--by", "icb,icb"), "a grouping is named twice"),
            (
                ("--by", "icb", "--sector", "[/x]"),
                "no sector '[/x]'; there are nhs_trust, independent, community_or_gp, unknown",
            ),
            (("--by", "icb", "--icb", "QXX"), "no ICB 'QXX' in the lake; there are QE1, QF7, QWO"),
            (("--by", "icb", "--json", "--csv"), "choose one of --json, --csv and --parquet"),
        ],
    )
    def test_what_there_is_not(self, on_story, arguments, words):
        result = on_story("waits", "table", *SEPTEMBER, *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"Error: {words}")

    @pytest.mark.parametrize(
        "arguments", [(), ("--by", "icb", "--min-count", "0"), ("--by", "icb", "--min-count", "x")]
    )
    def test_misuse(self, on_story, arguments):
        assert on_story("waits", "table", *SEPTEMBER, *arguments).exit_code == 2

    def test_a_month_that_is_not_held(self, on_story):
        result = on_story("waits", "table", "--month", "2031-01", "--by", "icb")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "it holds 2024-08 to 2025-09" in result.stderr


class TestInstalled:
    """The command as a shell runs it."""

    def run(self, lake, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        environment = os.environ | {"CLOCKSTOP_HOME": str(lake.home)}
        return subprocess.run(
            [COMMAND, *arguments], env=environment, capture_output=True, check=False
        )

    def test_parquet_through_a_pipe(self, story_lake):
        done = self.run(story_lake, "waits", "table", *SEPTEMBER, "--by", "provider", "--parquet")
        assert (done.returncode, done.stderr) == (0, b"")
        assert pl.read_parquet(io.BytesIO(done.stdout)).height == 3

    def test_an_error_is_one_line(self, story_lake):
        done = self.run(story_lake, "waits", "headline", "--month", "2031-01", "--json")
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.count(b"\n") == 1

    def test_a_reader_that_has_read_enough_is_no_error_to_report(self, story_lake):
        environment = os.environ | {"CLOCKSTOP_HOME": str(story_lake.home)}
        arguments = ("waits", "table", *SEPTEMBER, "--by", "provider,function", "--json")
        with subprocess.Popen(
            [COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as writer:
            writer.stdout.close()
            assert writer.stderr.read() == b""
            assert writer.wait() == 1
