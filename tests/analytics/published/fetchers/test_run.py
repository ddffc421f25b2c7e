"""A run of months: what lies in the folder afterwards, and what is said of it."""

import json
from hashlib import sha256

import pytest
from tests.analytics.published.fetchers.fault_server import (
    File,
    always,
    cut,
)
from tests.analytics.published.fetchers.story import (
    MONTHS,
    PAGES,
    extract,
    file,
    index,
    names,
    outcomes,
)
from tests.analytics.published.helpers import take

from clockstop.analytics.published.containers import find_sources
from clockstop.analytics.published.fetchers.fetching import (
    FetchReport,
    MonthResult,
    Outcome,
    months_between,
)
from clockstop.analytics.published.fetchers.rtt import RTT
from clockstop.analytics.published.fetchers.run import fetch
from clockstop.analytics.published.fetchers.shelf import FolderBusyError, shelf
from clockstop.analytics.published.problems import FileRefusedError

FEBRUARY, MARCH, APRIL = MONTHS
TEXTS = ("file", "url", "etag", "last_modified", "sha256", "fetched_at")
RECORD = dict.fromkeys(TEXTS, "") | {"size": 1}


def refused(report: FetchReport, kind: str) -> MonthResult:
    """The one month refused, with its problem of the kind, and no file of it."""
    assert not report.complete
    (result,) = (month for month in report.months if month.outcome is Outcome.REFUSED)
    assert ([p.kind for p in result.problems], result.file) == ([kind], None)
    return result


def test_every_month_is_brought_and_entered(run, folder, published) -> None:
    report = run()
    assert (outcomes(report), report.complete) == (["fetched"] * 3, True)
    assert report.files == [folder / f"rtt-{month}-v01.zip" for month in MONTHS]
    assert [path.read_bytes() for path in report.files] == [extract(str(m)) for m in MONTHS]
    assert names(folder) == ["fetched.json", *(path.name for path in report.files)]
    (record,) = index(folder)["2025-02"]
    assert record.pop("fetched_at")
    assert record == {
        "file": "rtt-2025-02-v01.zip",
        "url": published.server.address + published.links[FEBRUARY][1],
        "etag": '"2025-02-1"',
        "last_modified": File.last_modified,
        "sha256": sha256(extract("2025-02")).hexdigest(),
        "size": len(extract("2025-02")),
    }


def test_a_page_is_read_once_and_one_request_is_made_at_a_time(run, server) -> None:
    run()
    assert len(server.requests) == 2 + 3
    assert server.most_at_once == 1


def test_again_brings_nothing(run, folder, server) -> None:
    run()
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert outcomes(run()) == ["unchanged"] * 3
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert [r["If-None-Match"] for r in server.requests[-3:]] == [f'"{m}-1"' for m in MONTHS]


@pytest.mark.parametrize("name", ["revised", "SrRW6y"], ids=["another address", "the same"])
def test_a_revised_file_is_put_beside_the_old_one(run, folder, published, name) -> None:
    run()
    published.publish(MARCH, file(MARCH, seed=2), suffix=" revised", name=name)
    report = run()
    assert outcomes(report) == ["unchanged", "revised", "unchanged"]
    assert report.months[1].replaces == folder / "rtt-2025-03-v01.zip"
    assert report.files[1] == folder / "rtt-2025-03-v02.zip"
    assert (folder / "rtt-2025-03-v01.zip").read_bytes() == extract("2025-03")
    assert report.files[1].read_bytes() == extract("2025-03", 2)
    assert [each["file"] for each in index(folder)["2025-03"]] == [
        "rtt-2025-03-v01.zip",
        "rtt-2025-03-v02.zip",
    ]
    assert outcomes(run()) == ["unchanged"] * 3


def test_a_revision_taken_back_is_a_revision(run, folder, published) -> None:
    """The folder's last file must be the one that is published now."""
    run()
    published.publish(MARCH, file(MARCH, seed=2))
    run()
    published.publish(MARCH, file(MARCH))
    assert run().files[1].name == "rtt-2025-03-v03.zip"


def test_ingest_takes_the_last_version_of_a_folder(run, folder, published, lake) -> None:
    run(MARCH)
    published.publish(MARCH, file(MARCH, seed=2))
    run(MARCH)
    (folder / "rtt-2025-04.zip.part").write_bytes(extract("2025-04")[:500])
    take(lake, folder)
    assert set(lake.catalogue().current("rtt")) == {"2025-03"}
    assert lake.catalogue().current("rtt")["2025-03"].source.startswith("rtt/rtt-2025-03-v02.zip")


def test_a_file_that_only_moved_is_unchanged(run, folder, published) -> None:
    run()
    path = published.publish(MARCH, file(MARCH), name="moved")
    assert outcomes(run()) == ["unchanged"] * 3
    assert index(folder)["2025-03"][-1]["url"] == published.server.address + path
    assert len(index(folder)["2025-03"]) == 1
    assert "rtt-2025-03-v02.zip" not in names(folder)


def test_a_server_that_knows_no_versions(run, published) -> None:
    published.publish(MARCH, File(extract("2025-03"), None, None))
    assert outcomes(run(MARCH)) == ["fetched"]
    assert outcomes(run(MARCH)) == ["unchanged"]


def test_a_spoilt_or_lost_file_is_fetched_again(run, folder) -> None:
    files = run().files
    files[0].write_bytes(b"spoilt")
    files[1].unlink()
    report = run()
    assert outcomes(report) == ["fetched", "fetched", "unchanged"]
    assert report.files == files
    assert files[0].read_bytes() == extract("2025-02")


def test_a_lost_index_is_made_anew(run, folder) -> None:
    files = run().files
    (folder / "fetched.json").unlink()
    assert run().files == files
    assert set(index(folder)) == {str(month) for month in MONTHS}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "months": {}}',
        '{"format": 1, "months": {"May": []}}',
        '{"format": 1, "months": {"2025-02": [{"file": "a"}]}}',
        json.dumps({"format": 1, "months": {"2025-02": [RECORD | {"file": 1}]}}),
        json.dumps({"format": 1, "months": {"2025-02": [RECORD | {"etag": 1}]}}),
    ],
)
def test_an_index_that_cannot_be_read(run, folder, text, server) -> None:
    folder.mkdir(parents=True)
    (folder / "fetched.json").write_text(text)
    with pytest.raises(FileRefusedError, match=r"fetched\.json: found .*; expected the index"):
        run()
    assert names(folder) == ["fetched.json"]
    assert server.requests == []


def test_changed_between_two_attempts(run, published) -> None:
    published.publish(MARCH, cut(file(MARCH), 1_000), file(MARCH, seed=2))
    assert run(MARCH).files[0].read_bytes() == extract("2025-03", 2)


@pytest.mark.parametrize(
    ("play", "kind"),
    [
        (always(404), "not found"),
        (always(403), "status"),
        (always(200, b"<html>sorry</html>"), "broken archive"),
        (always(200, extract("2025-03")[:-100]), "broken archive"),
        (always(200, extract("2025-03"), length=5_000), "broken archive"),
        (always(200, extract("2025-02")), "month"),
        (always(302, headers={"Location": "https://elsewhere.example/may.zip"}), "other site"),
    ],
    ids=["404", "403", "a page", "cut", "wrong length", "another month", "redirect"],
)
def test_a_month_refused_leaves_nothing_and_the_others_are_kept(
    run, folder, published, play, kind
) -> None:
    published.publish(MARCH, play)
    report = run()
    assert outcomes(report) == ["fetched", "refused", "fetched"]
    refused(report, kind)
    assert names(folder) == ["fetched.json", "rtt-2025-02-v01.zip", "rtt-2025-04-v01.zip"]
    assert len(report.files) == 2


def test_a_revision_refused_leaves_the_old_one(run, folder, published) -> None:
    run()
    published.publish(MARCH, always(200, extract("2025-03", 2)[:-100]), name="revised")
    refused(run(), "broken archive")
    assert (folder / "rtt-2025-03-v01.zip").read_bytes() == extract("2025-03")
    assert index(folder)["2025-03"][-1]["file"] == "rtt-2025-03-v01.zip"


def test_who_does_not_answer_is_not_asked_for_more(run, folder, published, server) -> None:
    path = published.publish(MARCH, cut(file(MARCH), 1_000), always(503))
    report = run()
    assert outcomes(report) == ["fetched", "refused", "not tried"]
    refused(report, "unavailable")
    assert len(server.asked(path)) == 5
    assert server.asked(published.links[APRIL][1]) == []
    assert "rtt-2025-03.zip.part" in names(folder)
    assert not any("2025-03" in source.name for source in find_sources([folder]))
    published.publish(MARCH, file(MARCH))
    assert outcomes(run()) == ["unchanged", "fetched", "fetched"]
    assert server.asked(path)[-1]["Range"] == "bytes=1000-"


def test_500_then_well_and_429_then_well(run, published, slept) -> None:
    published.publish(FEBRUARY, always(500), file(FEBRUARY))
    published.publish(MARCH, always(429, headers={"Retry-After": "30"}), file(MARCH))
    assert run().complete
    assert slept == [2, 30]


def test_pages_that_are_not_as_expected_are_told_all_at_once(
    run, folder, published, server
) -> None:
    del published.links[FEBRUARY]
    published.publish(MARCH, file(MARCH), suffix=" withdrawn")
    server.play(f"{PAGES}rtt-data-2025-26/", always(404))
    report = run()
    assert [problem.kind for problem in report.problems] == ["no link", "link text", "not found"]
    assert [problem.file for problem in report.problems] == [
        f"{published.address}rtt-data-2024-25/, February 2025",
        f"{published.address}rtt-data-2024-25/, March 2025",
        f"{published.address}rtt-data-2025-26/",
    ]
    assert (report.months, report.complete, names(folder)) == ([], False, [])


def test_a_site_that_is_down(run, published, server) -> None:
    server.play(f"{PAGES}rtt-data-2024-25/", always(502))
    report = run()
    assert [problem.kind for problem in report.problems] == ["unavailable"]
    assert server.asked(f"{PAGES}rtt-data-2025-26/") == []


def test_a_folder_that_somebody_else_fetches_into(run, folder, server) -> None:
    with shelf(folder, "rtt"), pytest.raises(FolderBusyError, match=str(folder)):
        run()
    assert server.requests == []
    assert run().complete


def test_progress(published, folder, manners) -> None:
    seen = []
    fetch(
        RTT,
        MONTHS,
        folder,
        address=published.address,
        manners=manners,
        progress=lambda result, total: seen.append((result.month, total)),
    )
    assert seen == [("2025-02", 3), ("2025-03", 3), ("2025-04", 3)]


@pytest.mark.parametrize("address", ["here", "ftp://england.nhs.uk/"])
def test_an_address_that_cannot_be_asked(folder, address) -> None:
    with pytest.raises(ValueError, match="is no address such as"):
        fetch(RTT, MONTHS, folder, address=address)
    assert not folder.exists()


def test_months_between() -> None:
    assert months_between(FEBRUARY, APRIL) == MONTHS
    assert months_between(MARCH, MARCH) == [MARCH]
    with pytest.raises(ValueError, match="2025-04 to 2025-02 is no period"):
        months_between(APRIL, FEBRUARY)
