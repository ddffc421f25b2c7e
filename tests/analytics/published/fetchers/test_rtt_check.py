"""What a fetched file must be before it may take its place."""

from pathlib import Path

import pytest
from tests.analytics.published.extracts import rtt
from tests.analytics.published.fetchers.publication import packed

from clockstop.analytics.published.datasets import rtt_layout
from clockstop.analytics.published.fetchers.rtt import check
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month

EXTRACT = rtt("2025-09", smooth=False)
SEPTEMBER = Month(2025, 9)


GOOD = packed(("extract.csv", EXTRACT.bytes()))


def problems(tmp_path: Path, content: bytes, month: Month = SEPTEMBER) -> list[Problem]:
    file = tmp_path / "work.part"
    file.write_bytes(content)
    try:
        check(file, month, "site.zip")
    except FileRefusedError as refusal:
        return refusal.problems
    return []


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        packed(("readme.txt", b"as revised"), ("folder/extract.csv", EXTRACT.bytes())),
        packed(("inner.zip", GOOD)),
        packed(("bom.csv", b"\xef\xbb\xbf" + EXTRACT.bytes())),
    ],
    ids=["one", "beside a note", "in a zip", "with a mark"],
)
def test_a_good_file(tmp_path, content: bytes) -> None:
    assert problems(tmp_path, content) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Sorry, this page is not here</html>",
        GOOD[: len(GOOD) // 2],
        GOOD[:-1],
        flipped(GOOD, len(GOOD) // 2),
        packed(),
    ],
    ids=["nothing", "a page", "half", "all but a byte", "a byte flipped", "empty"],
)
def test_a_file_that_is_no_whole_zip(tmp_path, content: bytes) -> None:
    (problem,) = problems(tmp_path, content)
    assert problem.kind in {"broken archive", "empty"}
    assert problem.file == "site.zip"


def test_every_cut_is_seen(tmp_path) -> None:
    for length in range(0, len(GOOD), len(GOOD) // 40):
        assert problems(tmp_path, GOOD[:length]), length


def test_a_locked_file(tmp_path) -> None:
    locked = bytearray(GOOD)
    locked[6] |= 1
    locked[GOOD.index(b"PK\x01\x02") + 8] |= 1
    (problem,) = problems(tmp_path, bytes(locked))
    assert problem.kind == "locked"


def test_a_bomb_is_not_unpacked(tmp_path) -> None:
    (problem,) = problems(tmp_path, packed(("extract.csv", bytes(64 << 20))))
    assert problem.kind == "too large"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (packed(("a.csv", b"a,b\n1,2\n")), "0 in site.zip > a.csv"),
        (
            packed(("a.csv", EXTRACT.bytes()), ("b.csv", EXTRACT.bytes())),
            "2 in site.zip > a.csv, site.zip > b.csv",
        ),
    ],
)
def test_a_zip_of_other_content(tmp_path, content: bytes, found: str) -> None:
    (problem,) = problems(tmp_path, content)
    assert (problem.kind, problem.found) == ("content", found)


def test_a_column_renamed(tmp_path) -> None:
    other = EXTRACT.copy()
    other.columns[0] = "Reporting Period"
    (problem,) = problems(tmp_path, packed(("extract.csv", other.bytes())))
    assert (problem.file, problem.kind) == ("site.zip > extract.csv", "header")
    assert problem.expected == "'Period' as column 1"


def test_the_file_of_another_month(tmp_path) -> None:
    """A link may carry the wrong text: the file itself says what it is."""
    (problem,) = problems(tmp_path, GOOD, Month(2025, 8))
    assert (problem.found, problem.expected) == (
        "'RTT-September-2025'",
        "RTT-August-2025, as the link says",
    )


def test_an_extract_without_rows(tmp_path) -> None:
    head = ",".join(rtt_layout.COLUMNS).encode()
    (problem,) = problems(tmp_path, packed(("extract.csv", head)))
    assert (problem.kind, problem.found) == ("month", "''")


@pytest.mark.real_data
@pytest.mark.parametrize("month", ["2024-04", "2025-09"])
def test_official_files_pass(real_data, month: str) -> None:
    check(real_data / "rtt" / "full-extracts" / f"{month}.zip", Month.parse(month), "site.zip")
