"""``clockstop data fetch`` against a server on this machine that plays NHS England's pages."""

import json
from io import StringIO

import pytest
from rich.console import Console
from tests.analytics.published.extracts import rtt
from tests.analytics.published.fetchers.fault_server import always, running
from tests.analytics.published.fetchers.publication import packed
from tests.analytics.published.fetchers.story import MONTHS, PAGES, Publication, file

from clockstop.analytics.published.fetchers.manners import user_agent
from clockstop.analytics.published.fetchers.shelf import shelf
from clockstop.interfaces.cli import output

FEBRUARY, MARCH, APRIL = MONTHS
PERIOD = ("--from", "2025-02", "--to", "2025-04")


@pytest.fixture
def published(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as server:
        publication = Publication(server)
        monkeypatch.setenv("CLOCKSTOP_FETCH_ADDRESS", publication.address)
        yield publication


@pytest.fixture
def fetch(published, home, clockstop):
    """Fetch rtt for the period, without a pause, with further options."""

    def run(*options: object, period=PERIOD):
        return clockstop("data", "fetch", "rtt", *period, "--pause", 0, *options)

    return run


def test_what_was_fetched(fetch, home):
    result = fetch()
    folder = home / "originals" / "rtt"
    assert (result.exit_code, result.stdout) == (0, f"Done: 3 fetched, in {folder}.\n")
    assert len(list(folder.glob("*.zip"))) == 3
    assert fetch().stdout == f"Done: 3 unchanged, in {folder}.\n"


def test_into_a_folder_of_my_own(fetch, home, tmp_path):
    assert fetch("--into", tmp_path / "mine").exit_code == 0
    assert len(list((tmp_path / "mine").glob("*.zip"))) == 3
    assert not home.exists()


def test_a_revision(fetch, published):
    fetch()
    published.publish(MARCH, file(MARCH, seed=2), suffix=" revised", name="revised")
    result = fetch()
    assert result.exit_code == 0
    assert "revised 2025-03: rtt-2025-03-v02.zip beside rtt-2025-03-v01.zip" in result.stdout
    assert "Done: 2 unchanged, 1 revised, in " in result.stdout


def test_then_ingested(fetch, lake, published):
    result = fetch("--ingest")
    assert result.exit_code == 0
    assert result.stdout.endswith("Done: 3 added.\n")
    assert set(lake.catalogue().current("rtt")) == {str(month) for month in MONTHS}
    published.publish(MARCH, file(MARCH, seed=2), suffix=" revised")
    assert fetch("--ingest").stdout.endswith("Done: 2 unchanged, 1 revised.\n")


def test_a_month_refused_and_nothing_ingested(fetch, published, lake):
    path = published.publish(MARCH, always(404))
    result = fetch("--ingest")
    assert result.exit_code == 1
    url = published.server.address + path
    assert f"refused 2025-03: {url}: found 404 Not Found; expected 200 OK\n" in result.stdout
    assert "Not all is there: 2 fetched, 1 refused, in " in result.stdout
    assert result.stdout.endswith(
        "Nothing was ingested: that is done once all the months are there.\n"
    )
    assert not lake.catalogue().entries


def test_what_ingest_refuses_is_told(fetch, published, lake):
    """The layout's head is right, so that it is fetched; its sums are not."""
    wrong = rtt("2025-03").put(2, "Total All", 1)
    published.publish(MARCH, always(200, packed(("extract.csv", wrong.bytes()))))
    result = fetch("--ingest")
    assert result.exit_code == 1
    assert "Done: 3 fetched" in result.stdout
    assert "Nothing was changed: " in result.stdout
    assert not lake.catalogue().entries


def test_pages_that_are_not_as_expected(fetch, published):
    del published.links[FEBRUARY]
    published.publish(APRIL, file(APRIL), suffix=" [/x] withdrawn")
    published.write_pages()
    result = fetch()
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == (
        f"refused {published.address}rtt-data-2024-25/, February 2025: found full CSV data files of"
        " 2025-03 only; expected a link 'Full CSV data file Feb25 (ZIP, …)'"
    )
    assert lines[1].startswith(
        f"refused {published.address}rtt-data-2025-26/, April 2025: found 'Full"
    )
    assert "[/x] withdrawn" in lines[1]
    assert lines[2:] == ["Nothing was fetched: first every page must read as expected."]


def test_json(fetch, published, home):
    said = json.loads(fetch("--json").stdout)
    assert (said["complete"], said["problems"]) == (True, [])
    assert said["folder"] == str(home / "originals" / "rtt")
    month = said["months"][1]
    assert (month["month"], month["outcome"], month["replaces"]) == ("2025-03", "fetched", None)
    assert month["url"] == published.server.address + published.links[MARCH][1]
    assert month["file"].endswith("rtt-2025-03-v01.zip")
    assert "ingested" not in said


def test_json_with_ingest(fetch):
    said = json.loads(fetch("--json", "--ingest").stdout)
    assert said["ingested"]["committed"]
    assert [each["outcome"] for each in said["ingested"]["files"]] == ["added"] * 3


def test_json_of_a_refusal(fetch, published):
    published.publish(MARCH, always(404))
    result = fetch("--json", "--ingest")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["complete"]) == (1, False)
    assert said["months"][1]["problems"][0]["kind"] == "not found"
    assert "ingested" not in said


def test_a_terminal_sees_the_progress(fetch, monkeypatch):
    screen = StringIO()
    monkeypatch.setattr(output, "err", Console(file=screen, force_terminal=True, width=100))
    assert fetch().exit_code == 0
    assert "3/3" in screen.getvalue()


def test_who_asks_is_named(fetch, published):
    fetch("--about", "https://docs.example/fetch")
    agents = {request["User-Agent"] for request in published.server.requests}
    assert agents == {user_agent("https://docs.example/fetch")}


def test_the_address_may_be_an_option(fetch, published, monkeypatch):
    monkeypatch.setenv("CLOCKSTOP_FETCH_ADDRESS", "http://127.0.0.1:1/")
    assert fetch("--address", published.address).exit_code == 0


def test_the_last_month_is_the_last_published_unless_it_is_said(fetch, published):
    """Years of months are missing then from the pages that there are."""
    result = fetch(period=("--from", "2025-04"))
    assert result.exit_code == 1
    assert "rtt-data-2025-26/, May 2025: found full CSV data files of 2025-04 only" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dm01", *PERIOD), "no fetcher for 'dm01'; there are: rtt"),
        (("rtt", "--from", "May"), "'May' is not a month; write it as 2025-09"),
        (("rtt", "--from", "2025-04", "--to", "2025-02"), "2025-04 to 2025-02 is no period"),
        (("rtt", "--from", "2021-03", "--to", "2021-05"), "2021-03: Clockstop reads extracts from"),
        (("rtt", "--from", "2025-04", "--to", "2999-01"), "2999-01 is not over"),
        (("rtt", *PERIOD, "--address", "here"), "'here' is no address such as https://"),
    ],
)
def test_misuse(published, home, clockstop, arguments, words):
    result = clockstop("data", "fetch", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {words}")
    assert published.server.requests == []
    assert not home.exists()


@pytest.mark.parametrize("arguments", [(), ("rtt",), ("rtt", *PERIOD, "--pause", "-1")])
def test_too_few_words_is_misuse(home, clockstop, arguments):
    assert clockstop("data", "fetch", *arguments).exit_code == 2


def test_a_folder_in_use(fetch, tmp_path):
    with shelf(tmp_path / "mine", "rtt"):
        result = fetch("--into", tmp_path / "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: another process is fetching into {tmp_path / 'mine'}\n"


def test_a_folder_that_cannot_be_made(fetch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = fetch("--into", tmp_path / "file" / "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")


def test_an_index_that_cannot_be_read(fetch, tmp_path):
    (tmp_path / "fetched.json").write_text("{")
    result = fetch("--into", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {tmp_path / 'fetched.json'}: found ")


def test_a_site_that_moved_elsewhere(fetch, published):
    for year in ("2024-25", "2025-26"):
        away = always(301, headers={"Location": "https://elsewhere.example/"})
        published.server.play(f"{PAGES}rtt-data-{year}/", away)
    result = fetch()
    assert result.exit_code == 1
    assert result.stdout.count("found a redirect to https://elsewhere.example/; expected") == 2
