"""A download is whole and of one version, whatever the line and the server do to it."""

import random
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analytics.published.fetchers.fault_server import (
    File,
    Play,
    Reply,
    always,
    cut,
    running,
    without_ranges,
)

from clockstop.analytics.published.fetchers import parts
from clockstop.analytics.published.fetchers.download import Downloaded, download
from clockstop.analytics.published.fetchers.manners import Manners, UnavailableError
from clockstop.analytics.published.fetchers.parts import Part, Version
from clockstop.analytics.published.fetchers.site import Site
from clockstop.analytics.published.problems import FileRefusedError

CONTENT = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(300_000)
FILE, REVISED = File(CONTENT), File(OTHER, '"2"', "Fri, 11 Jul 2025 09:30:00 GMT")
PATH = "/may.zip"


@pytest.fixture
def part(tmp_path: Path) -> Part:
    return Part(tmp_path / "may.zip.part")


def fetch(site: Site, part: Part, known: Version | None = None) -> Downloaded | None:
    return download(site, f"{site.address}{PATH}", part, known)


def got(site: Site, part: Part) -> bytes:
    assert fetch(site, part) is not None
    return part.file.read_bytes()


def ranges(server) -> list[str | None]:
    return [request["Range"] for request in server.asked(PATH)]


def test_whole(server, site, part) -> None:
    url = server.play(PATH, FILE)
    done = fetch(site, part)
    assert done is not None
    assert done.version == Version(url, FILE.etag, FILE.last_modified, len(CONTENT))
    assert part.file.read_bytes() == CONTENT


def test_dropped_in_the_middle_goes_on_where_it_stopped(server, site, part, slept) -> None:
    server.play(PATH, cut(FILE, 100_000), cut(FILE, 50_000), FILE)
    assert got(site, part) == CONTENT
    assert ranges(server) == [None, "bytes=100000-", "bytes=150000-"]
    assert server.asked(PATH)[1]["If-Range"] == FILE.etag
    assert slept == [2, 4]


def test_dropped_and_taken_up_by_a_later_run(server, manners, part) -> None:
    server.play(PATH, cut(FILE, 100_000), always(503))
    with Site(server.address, manners) as site, pytest.raises(UnavailableError):
        fetch(site, part)
    assert part.size == 100_000
    server.play(PATH, FILE)
    with Site(server.address, manners) as site:
        assert got(site, part) == CONTENT
    assert ranges(server)[-1] == "bytes=100000-"


def test_a_server_that_ignores_ranges(server, site, part) -> None:
    server.play(PATH, cut(FILE, 100_000), without_ranges(FILE))
    assert got(site, part) == CONTENT


def test_a_revision_between_two_attempts_is_not_spliced(server, site, part) -> None:
    server.play(PATH, cut(FILE, 100_000), REVISED)
    assert got(site, part) == OTHER


def partial(file: File) -> Play:
    """The rest of the file, whatever version was begun."""

    def play(request) -> Reply:
        start = int(request["Range"].removeprefix("bytes=").rstrip("-"))
        return file.rest(start, {"ETag": file.etag or ""})

    return play


@pytest.mark.parametrize(
    "wrong",
    [
        partial(REVISED),
        lambda _: Reply(206, CONTENT[5:], {"Content-Range": "bytes 5-299999/300000"}),
        lambda _: Reply(206, CONTENT[100_000:], {"Content-Range": "bytes 100000-299999/300001"}),
        lambda _: Reply(206, CONTENT[100_000:], {"Content-Range": "bytes 100000-299999/*"}),
        lambda _: Reply(206, CONTENT[100_000:]),
        lambda _: Reply(416, b"no such range"),
    ],
    ids=["another tag", "another start", "another size", "no size", "no range", "beyond"],
)
def test_a_rest_that_does_not_fit_begins_anew(server, site, part, wrong) -> None:
    server.play(PATH, cut(FILE, 100_000), wrong, FILE)
    assert got(site, part) == CONTENT
    assert ranges(server) == [None, "bytes=100000-", None]


def test_a_rest_that_is_only_a_piece_is_gone_on_with(server, site, part) -> None:
    """Its own length is right, so that only the file's length tells that more must come."""
    headers = {"Content-Range": "bytes 100000-199999/300000"}
    piece = always(206, CONTENT[100_000:200_000], headers)
    server.play(PATH, cut(FILE, 100_000), piece, FILE)
    assert got(site, part) == CONTENT
    assert ranges(server) == [None, "bytes=100000-", "bytes=200000-"]


@pytest.mark.parametrize(
    ("etag", "last_modified", "resumes"),
    [
        ('W/"1"', None, False),
        ('W/"1"', FILE.last_modified, True),
        (None, FILE.last_modified, True),
        (None, None, False),
    ],
)
def test_what_a_rest_may_be_asked_by(server, site, part, etag, last_modified, resumes) -> None:
    file = File(CONTENT, etag, last_modified)
    server.play(PATH, cut(file, 100_000), file)
    assert got(site, part) == CONTENT
    assert ranges(server)[1] == ("bytes=100000-" if resumes else None)
    assert server.asked(PATH)[1]["If-Range"] == (last_modified if resumes else None)


def test_the_part_of_another_address_is_not_gone_on_with(server, site, part) -> None:
    server.play(PATH, cut(FILE, 100_000), always(404))
    with pytest.raises(FileRefusedError):
        fetch(site, part)
    moved = server.play("/2025/07/may.zip", FILE)
    assert download(site, moved, part) is not None
    assert server.asked("/2025/07/may.zip")[0]["Range"] is None
    assert part.file.read_bytes() == CONTENT


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"url": 1, "x": 2}', b"\xff"])
def test_a_spoilt_note_begins_anew(server, site, part, note: bytes) -> None:
    part.file.write_bytes(OTHER[:100])
    part.note.write_bytes(note)
    server.play(PATH, FILE)
    assert got(site, part) == CONTENT


@pytest.mark.parametrize("length", [300_001, 1_000_000])
def test_a_length_that_never_comes(server, site, part, length: int) -> None:
    server.play(PATH, lambda request: Reply(200, CONTENT, {"ETag": '"1"'}, length=length))
    with pytest.raises(UnavailableError, match="at the last of 5 attempts"):
        fetch(site, part)


def test_a_body_longer_than_its_length_is_cut_to_it(server, site, part) -> None:
    """Its content then tells that it is not whole."""
    server.play(PATH, always(200, CONTENT, length=1_000))
    assert got(site, part) == CONTENT[:1_000]


def test_unchanged(server, site, part) -> None:
    server.play(PATH, FILE)
    first = fetch(site, part)
    assert first is not None
    assert fetch(site, part, first.version) is None
    assert not part.file.exists()
    assert not part.note.exists()
    assert server.asked(PATH)[-1]["If-None-Match"] == FILE.etag


def test_unchanged_by_its_day_alone(server, site, part) -> None:
    server.play(PATH, File(CONTENT, None))
    first = fetch(site, part)
    assert first is not None
    assert fetch(site, part, first.version) is None


def test_changed(server, site, part) -> None:
    server.play(PATH, FILE, REVISED)
    first = fetch(site, part)
    assert first is not None
    again = fetch(site, part, first.version)
    assert again is not None
    assert (again.sha256 != first.sha256, part.file.read_bytes()) == (True, OTHER)


def test_unchanged_is_no_answer_to_who_has_nothing(server, site, part) -> None:
    server.play(PATH, always(304))
    with pytest.raises(FileRefusedError, match="304"):
        fetch(site, part)


def test_packed_on_the_way_though_not_asked_for(server, site, part) -> None:
    server.play(PATH, always(200, CONTENT, {"Content-Encoding": "gzip"}))
    with pytest.raises(FileRefusedError, match="'gzip'"):
        fetch(site, part)
    assert server.asked(PATH)[0]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("length", [None, 1 << 40])
def test_a_file_without_end(server, site, part, monkeypatch, length) -> None:
    monkeypatch.setattr(parts, "MAX_BYTES", 200_000)
    server.play(PATH, always(200, CONTENT, length=length))
    with pytest.raises(FileRefusedError, match="at most 200,000 bytes"):
        fetch(site, part)
    assert part.size <= 200_000


def test_a_full_disk(server, site, part) -> None:
    """Written to a device that is always full: the error names the file, and is not tried again."""
    part.file.symlink_to("/dev/full")
    server.play(PATH, FILE)
    with pytest.raises(OSError, match=r"No space left on device: .*may\.zip\.part"):
        fetch(site, part)
    assert len(server.requests) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cuts=st.lists(st.integers(0, 2_000), max_size=4), kinds=st.lists(st.booleans(), min_size=4))
def test_however_it_breaks_off_the_bytes_are_right(cuts, kinds, tmp_path_factory) -> None:
    content = CONTENT[:2_000]
    file = File(content)
    plays = [
        cut(file if good else without_ranges(file), after)
        for after, good in zip(cuts, kinds, strict=False)
    ]
    part = Part(tmp_path_factory.mktemp("cuts") / "may.zip.part")
    with running() as server, Site(server.address, Manners(pause=0, sleep=lambda _: None)) as site:
        server.play(PATH, *plays, file)
        assert got(site, part) == content


def test_errors_of_the_line_are_not_errors_of_the_disk() -> None:
    """Else a full disk would be tried again, and a dropped line would not."""
    assert not issubclass(httpx.RequestError, OSError)
