"""Files, folders, zips and gzips in any mix; archives that are bombs, broken or locked."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analytics.published import extracts, small
from tests.analytics.published.extracts import zip_of
from tests.analytics.published.helpers import current_tables, take

from clockstop.analytics.published import containers
from clockstop.analytics.published.containers import MAX_MEMBERS, MAX_RATIO, Source, find_sources
from clockstop.analytics.published.ingest import Outcome, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.problems import FileRefusedError, Problem

LIST = small.successors().bytes()


def only(path: Path) -> Source:
    (source,) = find_sources([path])
    return source


def refusal(source: Source, read: Callable[[Source], bytes] = Source.read) -> Problem:
    with pytest.raises(FileRefusedError) as caught:
        read(source)
    (problem,) = caught.value.problems
    return problem


def zip_bytes(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def wrapped(inbox: Path) -> dict[str, Path]:
    """The same list as a file, in a folder, a zip, a zip in a zip, a gzip."""
    (inbox / "plain.csv").write_bytes(LIST)
    (inbox / "deep" / "er").mkdir(parents=True)
    (inbox / "deep" / "er" / "list.csv").write_bytes(LIST)
    (inbox / "list.csv.gz").write_bytes(gzip.compress(LIST))
    zip_of(inbox / "one.zip", {"folder/list.csv": LIST})
    zip_of(inbox / "two.zip", {"inner.zip": zip_bytes({"list.csv": LIST})})
    return {
        "plain.csv": inbox / "plain.csv",
        "deep/er/list.csv": inbox / "deep",
        "list.csv.gz": inbox / "list.csv.gz",
        "one.zip > folder/list.csv": inbox / "one.zip",
        "two.zip > inner.zip > list.csv": inbox / "two.zip",
    }


def test_every_wrapping_leads_to_the_same_bytes(wrapped: dict[str, Path]) -> None:
    for name, path in wrapped.items():
        source = only(path)
        assert (source.name, source.read(), source.head()) == (name, LIST, LIST)


def test_any_mix_is_taken_and_the_same_file_counts_once(
    wrapped: dict[str, Path], lake: Lake
) -> None:
    outcomes = [file.outcome for file in take(lake, *wrapped.values()).files]
    assert outcomes == [Outcome.ADDED, *[Outcome.UNCHANGED] * 4]


def test_the_kind_is_told_by_content_not_by_name(inbox: Path, lake: Lake) -> None:
    zip_of(inbox / "zip.txt", {"x": LIST})
    (inbox / "gzip.dat").write_bytes(gzip.compress(small.trusts().bytes()))
    small.centroids().save(inbox, "picture.png")
    assert {f.data_set for f in take(lake, inbox).files} == {
        "successors",
        "trusts",
        "postcode_centroids",
    }


def test_a_folder_is_read_in_a_settled_order(inbox: Path) -> None:
    for name in ("b.csv", "a.csv", "c/a.csv"):
        (inbox / name).parent.mkdir(exist_ok=True)
        (inbox / name).write_bytes(LIST)
    assert [s.name for s in find_sources([inbox])] == [
        f"inbox/{name}" for name in ("a.csv", "b.csv", "c/a.csv")
    ]


def test_what_unpacks_to_too_much_is_refused(inbox: Path) -> None:
    bomb = LIST + b"0" * (MAX_RATIO * (1 << 16) + 1)
    zip_of(inbox / "bomb.zip", {"list.csv": bomb})
    (inbox / "bomb.gz").write_bytes(gzip.compress(bomb))
    for name in ("bomb.zip", "bomb.gz"):
        problem = refusal(only(inbox / name))
        assert problem.kind == "too large"
        assert f"at most {MAX_RATIO} times its packed size" in problem.expected


def test_a_bomb_is_never_unpacked_beyond_its_limit(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zip_of(inbox / "bomb.zip", {"list.csv": b"0" * (64 << 20)})
    source, asked = only(inbox / "bomb.zip"), []
    read = zipfile.ZipExtFile.read
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda s, n=-1: asked.append(n) or read(s, n))
    assert refusal(source).kind == "too large"
    assert asked == [MAX_RATIO * (1 << 16) + 1]


def sizes_lied(content: bytes, *, claimed: int) -> bytes:
    """A zip whose table of contents gives another unpacked size for its first member."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<I", claimed) + content[at + 4 :]


@pytest.mark.parametrize("claimed", [10, 1 << 31])
def test_a_zip_that_lies_about_its_size_is_not_taken_for_whole(inbox: Path, claimed: int) -> None:
    content = LIST + b"0" * (MAX_RATIO * (1 << 16) + 1)
    (inbox / "liar.zip").write_bytes(sizes_lied(zip_bytes({"list.csv": content}), claimed=claimed))
    assert refusal(only(inbox / "liar.zip")).kind in {"too large", "broken archive"}


def test_nested_bombs_share_one_limit(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zip_bytes({"list.csv": LIST})
    monkeypatch.setattr(containers, "MAX_BYTES", 3 * len(inner))
    zip_of(inbox / "many.zip", {f"{n}.zip": inner for n in range(4)})
    *whole, last = find_sources([inbox / "many.zip"])
    assert len(whole) == 3
    assert refusal(last).kind == "too large"


def test_too_many_members_are_refused(inbox: Path) -> None:
    zip_of(inbox / "many.zip", {f"{n}.csv": b"x" for n in range(MAX_MEMBERS + 1)})
    problem = refusal(only(inbox / "many.zip"))
    assert (problem.kind, problem.found) == ("too large", f"{MAX_MEMBERS + 1:,} files in one zip")


def test_a_zip_without_files_is_refused(inbox: Path) -> None:
    zip_of(inbox / "empty.zip", {})
    assert refusal(only(inbox / "empty.zip")).kind == "empty"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_archive_is_refused(inbox: Path, share: float) -> None:
    whole = {"cut.zip": zip_bytes({"list.csv": LIST}), "cut.gz": gzip.compress(LIST)}
    for name, content in whole.items():
        (inbox / name).write_bytes(content[: int(len(content) * share)])
        problem = refusal(only(inbox / name))
        assert (problem.file, problem.kind) == (name, "broken archive")


def test_damage_inside_a_member_is_refused(inbox: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("list.csv", LIST)
    (inbox / "bad.zip").write_bytes(out.getvalue().replace(b"X2C4Y", b"X2C5Y", 1))
    problem = refusal(only(inbox / "bad.zip"))
    assert problem.kind == "broken archive"
    assert "CRC" in problem.found


def test_a_zip_with_a_password_is_refused(inbox: Path) -> None:
    content = bytearray(zip_bytes({"list.csv": LIST}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    (inbox / "locked.zip").write_bytes(content)
    problem = refusal(only(inbox / "locked.zip"))
    assert (problem.kind, problem.expected) == ("locked", "a file without a password")


def test_a_compression_that_python_has_not_is_refused(inbox: Path) -> None:
    content = bytearray(zip_bytes({"list.csv": LIST}))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(mark) + offset, 97)
    (inbox / "odd.zip").write_bytes(content)
    assert refusal(only(inbox / "odd.zip")).kind == "broken archive"


def test_an_unreadable_file_is_refused(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.successors().save(inbox)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    problem = refusal(only(path))
    assert (problem.kind, problem.found) == ("unreadable", "Permission denied")


def test_a_path_with_nothing_there_is_refused_beside_the_others(inbox: Path, lake: Lake) -> None:
    good = small.successors().save(inbox)
    report = ingest([inbox / "nowhere.csv", good], lake)
    assert [(f.outcome, f.data_set) for f in report.files] == [
        (Outcome.REFUSED, None),
        (Outcome.ADDED, "successors"),
    ]
    assert report.files[0].problems[0].kind == "no such file"
    assert not report.committed
    assert not lake.catalogue().entries


def test_a_pipe_is_refused_rather_than_waited_for(inbox: Path) -> None:
    import os

    os.mkfifo(inbox / "pipe")
    assert refusal(only(inbox / "pipe")).kind == "no such file"


def test_a_broken_archive_is_one_refused_file_among_others(inbox: Path, lake: Lake) -> None:
    (inbox / "bad.zip").write_bytes(zip_bytes({"x.csv": LIST})[:40])
    small.successors().save(inbox)
    report = ingest([inbox], lake)
    assert [(f.file, f.outcome) for f in report.files] == [
        ("inbox/bad.zip", Outcome.REFUSED),
        ("inbox/successors.csv", Outcome.ADDED),
    ]
    assert not report.committed


NAMES = [
    "../../../evil.csv",
    "/etc/evil.csv",
    "..",
    "a/../../b.csv",
    "c:\\evil.csv",
    "\x1b[31mred.csv",
]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_outside_the_lake_whatever_a_member_is_called(
    tmp_path: Path, inbox: Path, lake: Lake, name: str
) -> None:
    zip_of(inbox / "evil.zip", {name: small.hospital_points().bytes()})
    before = {path for path in tmp_path.rglob("*") if lake.folder not in path.parents}
    report = take(lake, inbox / "evil.zip")
    assert report.files[0].file.isprintable()
    after = {path for path in tmp_path.rglob("*") if lake.folder not in path.parents}
    assert after - before == {lake.home, lake.folder}
    assert [path.parent.parent.parent for path in lake.folder.rglob("*.parquet")] == [
        lake.folder / "hospitals"
    ]
    take(lake, extracts.rtt(smooth=False).save(inbox))  # whose sweep must find the folder known
    assert {name for name, _, _ in current_tables(lake)} == {"hospitals", "rtt"}


def test_a_name_too_long_for_a_folder_is_cut(inbox: Path, lake: Lake) -> None:
    zip_of(inbox / "long.zip", {"n" * 5_000 + ".csv": small.hospital_points().bytes()})
    assert len(take(lake, inbox / "long.zip").files[0].key or "") == 60


def test_what_is_unknown_in_a_folder_is_passed_over_and_listed(inbox: Path, lake: Lake) -> None:
    (inbox / "readme.txt").write_text("Notes.")
    small.successors().save(inbox)
    assert [(f.file, f.outcome) for f in take(lake, inbox).files] == [
        ("inbox/readme.txt", Outcome.SKIPPED),
        ("inbox/successors.csv", Outcome.ADDED),
    ]


def test_an_unknown_file_that_is_named_is_refused(inbox: Path, lake: Lake) -> None:
    (inbox / "readme.txt").write_text("Notes.")
    report = ingest([inbox / "readme.txt"], lake)
    (problem,) = report.files[0].problems
    assert (problem.kind, report.committed) == ("unknown", False)
    assert "Referral to treatment waiting times" in problem.expected


def test_a_named_zip_may_hold_a_readme_and_a_gzip(lake: Lake, inbox: Path) -> None:
    sheet = small.successors()
    path = inbox / "mixed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "what this is")
        archive.writestr("successors.csv.gz", gzip.compress(sheet.bytes()))
    report = ingest([path], lake)
    assert report.committed
    assert [str(file.outcome) for file in report.files] == ["skipped", "added"]


def test_a_named_zip_of_which_nothing_is_known_is_refused(lake: Lake, inbox: Path) -> None:
    path = inbox / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "what this is")
    report = ingest([path], lake)
    assert not report.committed
    (refused,) = report.refused
    assert refused.file == "odd.zip"


def test_a_zip_three_deep_is_refused_as_such(lake: Lake, inbox: Path) -> None:
    content = small.successors().bytes()
    for depth in range(3):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("successors.csv" if depth == 0 else "inner.zip", content)
        content = packed.getvalue()
    path = inbox / "deep.zip"
    path.write_bytes(content)
    (refused,) = ingest([path], lake).refused
    assert [problem.kind for problem in refused.problems] == ["too deep"]
