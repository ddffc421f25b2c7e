"""A run that a line, a disk or a hand breaks off: the folder stays whole, the next run goes on."""

import json
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.analytics.published.fetchers.fault_server import (
    File,
    Play,
    Reply,
    Request,
    always,
    cut,
    page,
)
from tests.analytics.published.fetchers.publication import html_of
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

from clockstop.analytics.published.fetchers.fetching import (
    months_between,
)
from clockstop.analytics.published.fetchers.parts import Part
from clockstop.analytics.published.fetchers.records import Index
from clockstop.analytics.published.fetchers.rtt import RTT
from clockstop.analytics.published.fetchers.run import fetch
from clockstop.core.types import Month

FEBRUARY, MARCH, _ = MONTHS


def test_dropped_and_taken_up_again(run, published, server) -> None:
    path = published.publish(MARCH, cut(file(MARCH), 1_000), file(MARCH))
    assert run(MARCH).files[0].read_bytes() == extract("2025-03")
    assert [request["Range"] for request in server.asked(path)] == [None, "bytes=1000-"]


def test_a_full_disk_leaves_what_was_whole(run, folder, published) -> None:
    run(FEBRUARY)
    (folder / "rtt-2025-03.zip.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        run(FEBRUARY, MARCH)
    assert set(index(folder)) == {"2025-02"}
    (folder / "rtt-2025-03.zip.part").unlink()
    assert outcomes(run(FEBRUARY, MARCH)) == ["unchanged", "fetched"]


def test_a_disk_too_full_for_the_index(run, folder) -> None:
    run(FEBRUARY)
    before = (folder / "fetched.json").read_text()
    (folder / "fetched.json.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        run(FEBRUARY, MARCH)
    assert (folder / "fetched.json").read_text() == before
    (folder / "fetched.json.part").unlink()
    assert run(FEBRUARY, MARCH).files[1].name == "rtt-2025-03-v01.zip"


def test_a_folder_that_cannot_be_written(run, tmp_path, server) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        run(into=tmp_path / "file")
    with pytest.raises(NotADirectoryError):
        run(into=tmp_path / "file" / "rtt")
    assert server.requests == []


@pytest.mark.parametrize(
    ("owner", "step"),
    [(Part, "append"), (Part, "begin"), (Path, "replace"), (Index, "keep"), (Index, "_write")],
)
def test_interrupted_at_any_step_and_run_again(run, folder, monkeypatch, owner, step) -> None:
    """What has its final name is whole at the interrupt; the next run brings the rest."""
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, interrupted_at(2, getattr(owner, step)))
        with pytest.raises(KeyboardInterrupt):
            run()
    for file_ in folder.glob("*.zip"):
        assert file_.read_bytes() == extract(file_.name[4:11])
    report = run()
    assert report.complete
    assert names(folder) == ["fetched.json", *(f"rtt-{month}-v01.zip" for month in MONTHS)]
    assert {path.name for path in report.files} == {
        each[-1]["file"] for each in index(folder).values()
    }


def interrupted_at(number: int, method):
    calls = iter(range(1, number))

    def played(*args, **kwargs):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return method(*args, **kwargs)

    return played


def test_what_lies_there_is_whole_at_every_request(run, folder, published, server) -> None:
    """Seen from the server's side, while the client waits for the rest of a file."""
    seen = []

    def watched(month: Month, play: Play) -> Play:
        def played(request: Request) -> Reply:
            here = {path.name: path.read_bytes() for path in folder.glob("*.zip")}
            is_whole = here == {name: extract(name[4:11]) for name in here}
            seen.append(is_whole and f"rtt-{month}-v01.zip" not in here)
            return play(request)

        return played

    for month in MONTHS:
        published.publish(
            month,
            watched(month, cut(file(month), 700)),
            watched(month, always(503)),
            watched(month, file(month)),
        )
    assert run().complete
    assert seen == [True] * 9


@pytest.mark.real_data
def test_official_files_over_a_line_that_breaks(real_data, server, folder, manners, lake) -> None:
    sources = json.loads((real_data / "rtt" / "source_manifest.json").read_text())["sources"]
    pages = defaultdict(list)
    for source in sources:
        page_path, path = (urlsplit(source[name]).path for name in ("page_url", "url"))
        pages[page_path].append((source["text"], path))
        extract_file = real_data / "rtt" / "full-extracts" / f"{source['period']}.zip"
        if source["dataset"] == "rtt_full_extract_zip" and extract_file.exists():
            official = File(extract_file.read_bytes())
            server.play(path, cut(official, 1_000_000), cut(official, 2_000_000), official)
    for page_path, links in pages.items():
        server.play(page_path, page(html_of(links)))
    months = months_between(Month(2024, 4), Month(2025, 9))
    report = fetch(RTT, months, folder, address=f"{server.address}{PAGES}", manners=manners)
    assert outcomes(report) == ["fetched"] * 18
    for month, path in zip(months, report.files, strict=True):
        official_file = real_data / "rtt" / "full-extracts" / f"{month}.zip"
        assert path.read_bytes() == official_file.read_bytes()
    take(lake, *report.files[:2])
    assert set(lake.catalogue().current("rtt")) == {"2024-04", "2024-05"}
