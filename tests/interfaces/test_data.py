"""``clockstop data``: what it says, how it exits, and that a refusal changes nothing."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from tests.analytics import story
from tests.analytics.published import small
from tests.analytics.published.extracts import rtt, zipped
from tests.analytics.published.helpers import tree
from tests.analytics.published.sheets import sheet
from tests.analytics.story import EUXTON, LEEDS, Filed

from clockstop.analytics.published.lake import Lake
from clockstop.interfaces.cli import output
from clockstop.interfaces.cli.data import SHOWN

HEADER = "old_code,new_code,date"


def successors(folder: Path, *rows: str, name: str = "successors.csv") -> Path:
    return sheet(name, HEADER, rows).save(folder)


@pytest.fixture
def good(inbox) -> Path:
    return successors(inbox, "RHQ,R1X,2025-08-01")


@pytest.fixture
def bad(inbox) -> Path:
    return successors(inbox / "bad", "RHQ,R1X,yesterday", "rhq!,R1X,2025-08-01", name="bad.csv")


class TestIngest:
    def test_what_was_taken(self, home, clockstop, lake, inbox):
        rtt("2025-09").save(inbox)
        small.successors().save(inbox)
        result = clockstop("data", "ingest", inbox)
        assert result.exit_code == 0
        assert result.stdout.endswith("Done: 2 added.\n")
        assert set(lake.catalogue().current("rtt")) == {"2025-09"}

    def test_files_folders_and_zips_in_any_mix(self, home, clockstop, good, inbox):
        packed = zipped(inbox.parent / "packed.zip", extract=rtt("2025-08").bytes())
        folder = inbox.parent / "more"
        small.trust_points().save(folder)
        (folder / "notes.txt").write_text("not ours")
        result = clockstop("data", "ingest", good, packed, folder)
        assert (result.exit_code, result.stdout.splitlines()[-1]) == (
            0,
            "Done: 3 added, 1 skipped.",
        )

    def test_again_does_nothing(self, home, clockstop, good, lake):
        clockstop("data", "ingest", good)
        before = tree(lake)
        result = clockstop("data", "ingest", good)
        assert (result.exit_code, result.stdout) == (0, "Done: 1 unchanged.\n")
        assert tree(lake) == before

    def test_another_file_of_the_same_key_is_a_revision(self, home, clockstop, good, inbox):
        clockstop("data", "ingest", good)
        other = successors(inbox / "later", "RHQ,R1X,2025-08-02")
        assert clockstop("data", "ingest", other).stdout.endswith("Done: 1 revised.\n")
        assert clockstop("data", "ingest", good).stdout == "Done: 1 restored.\n"

    def test_a_refusal_lists_every_problem_and_changes_nothing(
        self, home, clockstop, good, bad, lake
    ):
        clockstop("data", "ingest", good)
        before = tree(lake)
        result = clockstop("data", "ingest", small.trust_points().save(good.parent), bad)
        assert result.exit_code == 1
        assert result.stdout.splitlines()[-1] == "Nothing was changed: 1 added, 1 refused."
        assert "refused bad.csv: " in result.stdout
        assert "bad.csv, row 2, column 'date': found 'yesterday'; expected" in result.stdout
        assert "bad.csv, row 3, column 'old_code': found 'rhq!'; expected" in result.stdout
        assert tree(lake) == before

    def test_a_long_list_of_problems_is_cut_on_the_terminal_alone(self, home, clockstop, inbox):
        wrong = successors(inbox, *(f"R{number},R1X,never" for number in range(100, 150)))
        result = clockstop("data", "ingest", wrong)
        assert result.stdout.count("found 'never'") == SHOWN
        assert f"… and {50 - SHOWN} more (--json lists them)" in result.stdout
        (file,) = json.loads(clockstop("data", "ingest", "--json", wrong).stdout)["files"]
        assert len(file["problems"]) == 50

    def test_a_file_that_is_not_there(self, home, clockstop, tmp_path):
        result = clockstop("data", "ingest", tmp_path / "nothing.csv")
        assert result.exit_code == 1
        assert "found nothing there; expected a file or folder" in result.stdout

    def test_a_named_file_of_no_known_layout_is_refused(self, home, clockstop, tmp_path):
        stranger = tmp_path / "stranger.csv"
        stranger.write_text("a,b\n1,2\n")
        result = clockstop("data", "ingest", stranger)
        assert result.exit_code == 1
        assert "a file of no known layout; expected one of: Referral to treatment" in result.stdout

    def test_busy(self, home, clockstop, good, lake):
        with lake.writing():
            result = clockstop("data", "ingest", good)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"Error: another process is writing to {lake.folder}\n"

    def test_a_broken_catalogue(self, home, clockstop, good, lake):
        lake.folder.mkdir(parents=True)
        lake.catalogue_file.write_text("{")
        result = clockstop("data", "ingest", good)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"Error: {lake.catalogue_file}: ")
        assert lake.catalogue_file.read_text() == "{"

    def test_no_path_is_misuse(self, home, clockstop):
        assert clockstop("data", "ingest").exit_code == 2

    @pytest.mark.parametrize("name", ["[bold].csv", "[/x].csv", ":smile:.csv"])
    def test_a_file_name_is_printed_as_it_is(self, home, clockstop, inbox, name):
        """Not as the terminal's markup: ``[/x]`` would end a style that never began."""
        folder, file = (inbox / name).parent, (inbox / name).name
        successors(folder, "RHQ,R1X,never", name=file)
        assert f"refused inbox/{name}: " in clockstop("data", "ingest", inbox).stdout
        successors(folder, "RHQ,R1X,2025-08-01", name=file)
        assert clockstop("data", "ingest", inbox).exit_code == 0
        assert f"inbox/{name}" in clockstop("data", "status", "--revisions").stdout

    def test_a_list_that_differs_from_the_published_series_is_noted(self, home, clockstop, inbox):
        extract, other = rtt("2025-09"), rtt("2025-09", seed=2)
        extract.save(inbox)
        small.overview(other).save(inbox)
        result = clockstop("data", "ingest", inbox)
        assert result.exit_code == 0
        assert "note 2025-09: " in result.stdout
        assert "published England series" in result.stdout


class TestIngestJson:
    def test_nothing_but_json_on_stdout(self, home, clockstop, inbox, lake):
        rtt("2025-09").save(inbox)
        result = clockstop("data", "ingest", inbox, "--json")
        said = json.loads(result.stdout)
        (file,) = said["files"]
        assert (said["committed"], result.exit_code) == (True, 0)
        assert (file["outcome"], file["data_set"], file["key"]) == ("added", "rtt", "2025-09")
        assert file["revision"] == lake.catalogue().current("rtt")["2025-09"].id
        assert file["rows"] > 0
        assert said["months"] == [{"month": "2025-09", "notes": []}]

    def test_a_terminal_sees_the_progress_beside_it(self, home, clockstop, good, monkeypatch):
        screen = StringIO()
        monkeypatch.setattr(output, "err", Console(file=screen, force_terminal=True, width=100))
        result = clockstop("data", "ingest", good, "--json")
        assert json.loads(result.stdout)["committed"]
        assert "1/1" in screen.getvalue()

    def test_of_a_refusal(self, home, clockstop, bad):
        result = clockstop("data", "ingest", bad, "--json")
        said = json.loads(result.stdout)
        assert (said["committed"], result.exit_code) == (False, 1)
        (file,) = said["files"]
        assert file["outcome"] == "refused"
        first = {(problem["row"], problem["column"]): problem for problem in file["problems"]}[
            2, "date"
        ]
        assert (first["file"], first["found"]) == ("bad.csv", "'yesterday'")
        assert first["expected"]

    def test_of_an_error_there_is_none(self, home, clockstop, good, lake):
        with lake.writing():
            result = clockstop("data", "ingest", good, "--json")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: ")

    def test_only_the_months_of_this_run(self, home, clockstop, inbox):
        clockstop("data", "ingest", rtt("2025-08").save(inbox))
        said = json.loads(clockstop("data", "ingest", rtt("2025-09").save(inbox), "--json").stdout)
        assert [month["month"] for month in said["months"]] == ["2025-09"]


class TestStatus:
    def test_an_empty_lake(self, home, clockstop):
        result = clockstop("data", "status")
        assert result.exit_code == 0
        assert f"Lake: {home}" in result.stdout
        assert "rtt" not in result.stdout

    def test_a_row_for_each_data_set(self, on_story, monkeypatch):
        monkeypatch.setenv("COLUMNS", "200")
        rows = on_story("data", "status").stdout.splitlines()
        cells = {row.split()[1]: [c.strip() for c in row.split("│")] for row in rows if "│ " in row}
        span = f"{min(story.MONTHS)} to {max(story.MONTHS)} ({len(story.MONTHS)})"
        assert cells["rtt"][1:3] == ["rtt", span]
        assert cells["successors"][1:5] == ["successors", "ods", "1", "0"]
        assert cells["rtt"][7] == "NHS England"

    def test_replaced_files_are_counted(self, home, clockstop, good, inbox, monkeypatch):
        monkeypatch.setenv("COLUMNS", "200")
        clockstop("data", "ingest", good)
        later = successors(inbox / "later", "RHQ,R1X,2025-08-02", "RHX,R1Y,2025-08-02")
        clockstop("data", "ingest", later)
        rows = clockstop("data", "status").stdout.splitlines()
        line = next(row for row in rows if "successors" in row)
        assert [cell.strip() for cell in line.split("│")[1:6]] == [
            "successors",
            "ods",
            "2",
            "1",  # that the file changed what was held
            "1",
        ]

    def test_every_file(self, home, clockstop, good):
        clockstop("data", "ingest", good)
        rows = clockstop("data", "status", "--revisions").stdout.splitlines()
        line = next(row for row in rows if "successors" in row)
        cells = [cell.strip() for cell in line.split("│")[1:-1]]
        assert cells[:4] == ["successors", "ods", "1", "0"]
        assert cells[-1] == "successors.csv"

    def test_the_kept_revisions_stand_below_the_current_one(self, home, clockstop, good, inbox):
        clockstop("data", "ingest", good)
        clockstop(
            "data", "ingest", successors(inbox / "later", "RHQ,R1X,2025-08-02", name="later.csv")
        )
        rows = [
            row.split()
            for row in clockstop("data", "status", "--revisions").stdout.splitlines()
            if ".csv" in row
        ]
        assert [row[-2] for row in rows] == ["later.csv", "successors.csv"]
        assert "(kept)" in rows[1]
        assert "(kept)" not in rows[0]

    @pytest.mark.parametrize("width", ["60", "80"])
    def test_a_narrow_terminal_loses_nothing(self, home, clockstop, inbox, monkeypatch, width):
        monkeypatch.setenv("COLUMNS", width)
        clockstop("data", "ingest", small.hospital_points().save(inbox))
        assert "…" not in clockstop("data", "status").stdout
        assert "…" not in clockstop("data", "status", "--revisions").stdout

    def test_the_months_and_who_is_missing(self, on_story, monkeypatch):
        monkeypatch.setenv("COLUMNS", "200")
        rows = on_story("data", "status").stdout.splitlines()
        month = next(row for row in rows if row.startswith("│ 2025-09") and "179" in row)
        assert [cell.strip() for cell in month.split("│")[1:5]] == ["2025-09", "179", "–", "4"]
        assert any("not counted as zero" in row for row in rows)

    def test_json(self, on_story, story_lake):
        result = on_story("data", "status", "--json")
        said = json.loads(result.stdout)
        assert (result.exit_code, said["home"]) == (0, str(story_lake.home))
        named = {each["name"]: each for each in said["data_sets"]}
        assert [key["key"] for key in named["rtt"]["keys"]] == sorted(story.MONTHS)
        assert named["trusts"]["source"].startswith("NHS England")
        revision = named["successors"]["keys"][0]["revisions"][0]
        assert (revision["source"], revision["rows"]) == ("inbox/successors.csv", 1)
        last = said["months"][-1]
        assert (last["month"], last["incomplete_pathways"], last["published"]) == (
            "2025-09",
            179,
            None,
        )
        euxton = next(each for each in last["missing"] if each["provider"] == EUXTON)
        assert (euxton["last_size"], euxton["succeeded_by"]) == (33, None)

    def test_a_broken_catalogue(self, home, clockstop, lake):
        lake.folder.mkdir(parents=True)
        lake.catalogue_file.write_bytes(b"\xff\xfe")
        result = clockstop("data", "status")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: ")


class TestRestore:
    @pytest.fixture
    def two(self, home, clockstop, good, inbox, lake: Lake) -> list[str]:
        """The ids of two revisions, the second current."""
        clockstop("data", "ingest", good)
        clockstop("data", "ingest", successors(inbox / "later", "RHQ,R1X,2025-08-02"))
        return [revision.id for revision in lake.catalogue().entry("successors", "ods").revisions]

    def test_by_the_start_of_its_name(self, two, clockstop, lake):
        result = clockstop("data", "restore", "successors", "ods", two[0][:6])
        assert result.exit_code == 0
        assert (
            result.stdout == f"successors ods is now revision {two[0][:12]}, from successors.csv.\n"
        )
        assert lake.catalogue().current("successors")["ods"].id == two[0]

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("nothing", "ods", "a"), "Error: the lake holds no nothing for ods\n"),
            (("successors", "2025-09", "a"), "Error: the lake holds no successors for 2025-09\n"),
            (
                ("successors", "ods", "zz"),
                "Error: no single revision 'zz' of successors ods; there are ",
            ),
            (
                ("successors", "ods", ""),
                "Error: no single revision '' of successors ods; there are ",
            ),
        ],
    )
    def test_what_there_is_not(self, two, clockstop, lake, arguments, words):
        before = tree(lake)
        result = clockstop("data", "restore", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(words)
        assert tree(lake) == before

    def test_the_message_names_what_there_is(self, two, clockstop):
        said = clockstop("data", "restore", "successors", "ods", "zz").stderr
        assert all(revision[:12] in said for revision in two)

    def test_busy(self, two, clockstop, lake):
        with lake.writing():
            assert clockstop("data", "restore", "successors", "ods", two[0]).exit_code == 1
        assert lake.catalogue().current("successors")["ods"].id == two[1]

    def test_too_few_words_is_misuse(self, home, clockstop):
        assert clockstop("data", "restore", "rtt").exit_code == 2


def test_synthetic_and_published_months_do_not_mix(home, clockstop, inbox, lake):
    story.publish(lake, "2025-08", [Filed(LEEDS, "C_110", {3: 25})], synthetic=True)
    before = tree(lake)
    result = clockstop("data", "ingest", rtt("2025-09").save(inbox))
    assert result.exit_code == 1
    assert "found published data; expected synthetic data" in result.stdout
    assert tree(lake) == before


class TestPrepare:
    def test_the_figures_of_new_months_are_kept(self, home, clockstop, inbox):
        clockstop("data", "ingest", rtt("2025-09").save(inbox))
        assert clockstop("data", "prepare").exit_code == 0
        (kept,) = (home / "summaries").iterdir()
        assert kept.name.startswith("2025-09-")

    def test_an_empty_lake_needs_nothing(self, home, clockstop):
        assert clockstop("data", "prepare").exit_code == 0
        assert not (home / "summaries").exists()
