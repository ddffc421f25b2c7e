"""Spoils valid files at random, from a seed: what broken exports, transfers and edits do to them."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets.rtt_layout import BANDS

Rng = random.Random


@dataclass(frozen=True)
class Mutation:
    """A spoilt file: what was done to which column (None: to no single one), and the bytes."""

    target: str
    kind: str
    detail: str
    column: str | None
    content: bytes
    name: str

    def __str__(self) -> str:
        return f"{self.target}: {self.kind} ({self.detail})"


Spoilt = tuple[bytes, str, str | None]


def _columns(sheet: Sheet, rng: Rng, count: int) -> list[int]:
    """Columns whose data differ between rows or from each other, mostly the counts of a return."""
    places = range(len(sheet.columns))
    counts = [sheet.place(band) for band in BANDS] if BANDS[0] in sheet.columns else []
    return rng.sample(counts if counts and rng.random() < 0.7 else list(places), count)


def _moved(sheet: Sheet, to: dict[int, int]) -> bytes:
    """The data of columns moved to other places under the same header."""
    other = sheet.copy()
    for old, new in zip(sheet.rows, other.rows, strict=True):
        for target, source in to.items():
            new[target] = old[source]
    return other.bytes()


def _names(sheet: Sheet, places: list[int]) -> str:
    return ", ".join(sheet.columns[place] for place in sorted(places))


def truncated_at_a_byte(sheet: Sheet, rng: Rng) -> Spoilt:
    content = sheet.bytes()
    at = rng.randrange(len(content))
    return content[:at], f"after {at} bytes", None


def truncated_at_a_line(sheet: Sheet, rng: Rng) -> Spoilt:
    other = sheet.copy()
    keep = rng.randrange(len(other.rows))
    other.rows = other.rows[:keep]
    return other.bytes(), f"{keep} rows kept", None


def lines_dropped(sheet: Sheet, rng: Rng) -> Spoilt:
    other = sheet.copy()
    gone = sorted(rng.sample(range(len(other.rows)), min(len(other.rows) - 1, rng.randint(1, 5))))
    other.rows = [row for number, row in enumerate(other.rows) if number not in gone]
    return other.bytes(), f"rows {gone}", None


def lines_doubled(sheet: Sheet, rng: Rng) -> Spoilt:
    other = sheet.copy()
    at = rng.randrange(len(other.rows))
    other.rows.insert(rng.randrange(len(other.rows) + 1), list(other.rows[at]))
    return other.bytes(), f"row {at}", None


def lines_reordered(sheet: Sheet, rng: Rng) -> Spoilt:
    other = sheet.copy()
    rng.shuffle(other.rows)
    return other.bytes(), "", None


def columns_shuffled(sheet: Sheet, rng: Rng) -> Spoilt:
    places = _columns(sheet, rng, rng.randint(2, min(12, len(sheet.columns))))
    order = rng.sample(places, len(places))
    return _moved(sheet, dict(zip(places, order, strict=True))), _names(sheet, places), None


def columns_rotated(sheet: Sheet, rng: Rng) -> Spoilt:
    is_rtt = BANDS[0] in sheet.columns and rng.random() < 0.8
    first, width = (sheet.place(BANDS[0]), len(BANDS)) if is_rtt else (0, len(sheet.columns))
    by = rng.randint(1, width - 1)
    to = {first + place: first + (place + by) % width for place in range(width)}
    return _moved(sheet, to), f"by {by}", None


def columns_swapped(sheet: Sheet, rng: Rng) -> Spoilt:
    a, b = _columns(sheet, rng, 2)
    return _moved(sheet, {a: b, b: a}), _names(sheet, [a, b]), None


def column_permuted(sheet: Sheet, rng: Rng) -> Spoilt:
    """One column's values dealt out anew among the rows."""
    other = sheet.copy()
    place = rng.randrange(len(sheet.columns))
    values = sheet.column(sheet.columns[place])
    for row, value in zip(other.rows, rng.sample(values, len(values)), strict=True):
        row[place] = value
    return other.bytes(), "", sheet.columns[place]


def _cell(sheet: Sheet, rng: Rng, change: Callable[[str], str]) -> Spoilt:
    other = sheet.copy()
    row, place = rng.randrange(len(other.rows)), rng.randrange(len(sheet.columns))
    old = other.rows[row][place]
    other.rows[row][place] = change(old)
    return other.bytes(), f"{old!r} in row {row}", sheet.columns[place]


def cell_made_text(sheet: Sheet, rng: Rng) -> Spoilt:
    return _cell(
        sheet, rng, lambda _: rng.choice(["n/a", "*", "many", "-", "#REF!", "1,234", "5.5"])
    )


def cell_made_negative(sheet: Sheet, rng: Rng) -> Spoilt:
    return _cell(sheet, rng, lambda _: f"-{rng.randint(1, 999)}")


def cell_made_huge(sheet: Sheet, rng: Rng) -> Spoilt:
    return _cell(sheet, rng, lambda _: rng.choice(["9" * 12, "9" * 400, "1e300", "2147483648"]))


def cell_blanked(sheet: Sheet, rng: Rng) -> Spoilt:
    return _cell(sheet, rng, lambda _: "")


def cell_nudged(sheet: Sheet, rng: Rng) -> Spoilt:
    """One digit or letter of a cell replaced by another."""

    def nudge(old: str) -> str:
        if not old:
            return rng.choice("1Z")
        at = rng.randrange(len(old))
        new = rng.choice("0123456789") if old[at].isdigit() else rng.choice("ABCDEFGHIJ")
        return old[:at] + new + old[at + 1 :]

    return _cell(sheet, rng, nudge)


def cells_swapped(sheet: Sheet, rng: Rng) -> Spoilt:
    other = sheet.copy()
    row = rng.choice(other.rows)
    a, b = _columns(sheet, rng, 2)
    row[a], row[b] = row[b], row[a]
    return other.bytes(), _names(sheet, [a, b]), None


def encoded_otherwise(sheet: Sheet, rng: Rng) -> Spoilt:
    text = sheet.bytes().decode(sheet.encoding)
    encoding = rng.choice(["utf-16", "utf-16-le", "utf-32", "cp500"])
    return text.encode(encoding, "replace"), encoding, None


def bytes_flipped(sheet: Sheet, rng: Rng) -> Spoilt:
    content = bytearray(sheet.bytes())
    places = rng.sample(range(len(content)), rng.randint(1, 4))
    for at in places:
        content[at] ^= 1 << rng.randrange(8)
    return bytes(content), f"at {places}", None


def separators_changed(sheet: Sheet, rng: Rng) -> Spoilt:
    old, new = sheet.separator, rng.choice(";\t|")
    return sheet.bytes().replace(old.encode(sheet.encoding), new.encode()), repr(new), None


def quote_left_open(sheet: Sheet, rng: Rng) -> Spoilt:
    content, mark = sheet.bytes(), sheet.separator.encode(sheet.encoding)
    places = [at for at in range(len(content)) if content[at : at + 1] == mark]
    at = rng.choice(places) + 1
    return content[:at] + b'"' + content[at:], f"at {at}", None


def zip_damaged(sheet: Sheet, rng: Rng) -> Spoilt:
    packed = bytearray(_zipped(sheet.bytes(), sheet.name))
    if rng.random() < 0.5:
        at = rng.randrange(4, len(packed))
        return bytes(packed[:at]), f"cut at {at}", None
    places = rng.sample(range(4, len(packed)), rng.randint(1, 8))
    for at in places:
        packed[at] = rng.randrange(256)
    return bytes(packed), f"bytes {places}", None


def gzip_damaged(sheet: Sheet, rng: Rng) -> Spoilt:
    packed = bytearray(gzip.compress(sheet.bytes()))
    at = rng.randrange(10, len(packed))
    packed[at] ^= 0xFF
    return bytes(packed[: rng.choice([at, len(packed)])]), f"at {at}", None


def bomb(sheet: Sheet, rng: Rng) -> Spoilt:
    content = sheet.bytes() + b"0" * (14 << 20)
    return rng.choice([_zipped(content, sheet.name), gzip.compress(content)]), "", None


def _zipped(content: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


KINDS: tuple[Callable[[Sheet, Rng], Spoilt], ...] = (
    truncated_at_a_byte,
    truncated_at_a_line,
    lines_dropped,
    lines_doubled,
    lines_reordered,
    columns_shuffled,
    columns_rotated,
    columns_swapped,
    column_permuted,
    cell_made_text,
    cell_made_negative,
    cell_made_huge,
    cell_blanked,
    cell_nudged,
    cells_swapped,
    encoded_otherwise,
    bytes_flipped,
    separators_changed,
    quote_left_open,
    zip_damaged,
    gzip_damaged,
    bomb,
)


def mutation(number: int, targets: dict[str, Sheet]) -> Mutation:
    """The mutation of that number; the kinds and, for half of them, the extract come in turn."""
    rng = random.Random(f"mutation {number}")
    kind = KINDS[number % len(KINDS)]
    others = [name for name in targets if name != "rtt"]
    target = "rtt" if rng.random() < 0.5 else rng.choice(others)
    content, detail, column = kind(targets[target], rng)
    name = targets[target].name
    if kind is zip_damaged:
        name += ".zip"
    return Mutation(target, kind.__name__.replace("_", " "), detail, column, content, name)
