"""Read delimited text strictly: right encoding, right header, right number of fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO

import polars as pl

from clockstop.analytics.published.problems import FileRefusedError, Problem

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
LIKE_ENOUGH = 0.75  # share of names in common at which a file counts as of a layout


@dataclass(frozen=True)
class Layout:
    """The columns of a delimited file, in order, and how it is written."""

    columns: tuple[str, ...]
    separator: str = ","
    encoding: str = "utf-8"
    has_header: bool = True

    def header(self, head: bytes) -> list[str]:
        """The names on the first line, or an empty list if it is no such text."""
        try:
            first = re.split(r"[\r\n]", as_text(head, self.encoding), maxsplit=1)[0]
            return next(csv.reader([first], delimiter=self.separator), [])
        except (csv.Error, StopIteration):
            return []

    def likeness(self, head: bytes) -> float:
        """The share of column names, of the longer header, that the layout and the file have."""
        known, found = set(self.columns), set(self.header(head))
        return len(known & found) / max(len(known), len(found))

    def resembles(self, head: bytes) -> bool:
        """Whether the header is this one, or near enough that a refusal should explain."""
        return self.likeness(head) >= LIKE_ENOUGH

    def decode(self, content: bytes, file: str) -> str:
        """The content as text. Raises FileRefusedError with the row of the first odd byte."""
        if b"\0" in content:
            at, found = content.index(b"\0"), "a NUL byte (UTF-16 text, or no text at all)"
        else:
            try:
                return content.decode(self.encoding)
            except UnicodeDecodeError as error:
                at = error.start
                found = f"byte 0x{content[at]:02X}, which is not {self.encoding.upper()}"
        row = content.count(b"\n", 0, at) + 1
        raise FileRefusedError(
            [Problem(file, "encoding", found, f"{self.encoding.upper()} text", row)]
        )

    def check_header(self, found: Sequence[str], file: str) -> None:
        """Raise FileRefusedError, naming each column, unless the header is exactly this one."""
        if tuple(found) != self.columns:
            raise FileRefusedError(self._header_problems(found, file))

    def _header_problems(self, found: Sequence[str], file: str) -> Iterator[Problem]:
        for place, (have, want) in enumerate(zip(found, self.columns, strict=False), start=1):
            if have != want:
                yield Problem(file, "header", f"{have!r}", f"{want!r} as column {place}", 1, have)
        for want in self.columns[len(found) :]:
            near = [] if want in found else get_close_matches(want, found, n=1, cutoff=0.9)
            hint = f"no such column (near: {near[0]!r})" if near else "no such column"
            yield Problem(file, "header", hint, f"{want!r}", 1, want)
        for name in found[len(self.columns) :]:
            yield Problem(file, "header", f"{name!r}", "no further column", 1, name)

    def ragged_rows(self, text: str, file: str) -> Iterator[Problem]:
        """A problem for each row whose number of fields is not the layout's."""
        width = len(self.columns)
        reader = csv.reader(StringIO(text, newline=""), delimiter=self.separator)
        try:
            for fields in reader:
                if fields and len(fields) != width:
                    found = f"{len(fields)} fields"
                    yield Problem(file, "fields", found, f"{width} fields", reader.line_num)
        except csv.Error as error:
            yield Problem(file, "fields", str(error), "well-formed CSV", reader.line_num)

    def read(self, content: bytes, file: str) -> pl.DataFrame:
        """A small table as text columns, blanks as null, and ``row`` the line of the file.

        Raises FileRefusedError for wrong encoding, header or fields, and for a file without rows.
        """
        text = self.decode(strip_bom(content), file)
        if self.has_header:
            self.check_header(self.header(text.split("\n", 1)[0].encode(self.encoding)), file)
        table = self._rows_at_once(text)
        if table is None:
            problems = list(self.ragged_rows(text, file))
            if problems:
                raise FileRefusedError(problems)
            table = rows_of(text, self.columns, self.separator).slice(int(self.has_header))
        if table.is_empty():
            raise FileRefusedError([Problem(file, "empty", "no rows", "at least one row")])
        return table

    def _rows_at_once(self, text: str) -> pl.DataFrame | None:
        """The rows by the fast reader; None where it may have read over a fault."""
        if len(self.separator.encode()) > 1 or text.count("\r") != text.count("\r\n"):
            return None
        schema = dict.fromkeys(self.columns, pl.String)
        try:
            table = pl.read_csv(
                text.encode(), separator=self.separator, has_header=self.has_header, schema=schema
            )
        except pl.exceptions.PolarsError:
            return None
        if not self._is_whole(table, text):
            return None
        cells = table.select(pl.all().str.strip_chars()).select(pl.all().replace("", None))
        return cells.with_row_index("row", offset=1 + self.has_header).cast({"row": pl.Int64})

    def _is_whole(self, table: pl.DataFrame, text: str) -> bool:
        """Whether each line is a row of as many cells as there are columns, none oddly quoted.

        The fast reader fills a short row with blanks, so that its last cell is blank, and drops
        an empty cell too many, which leaves a separator over.
        """
        lines = text.count("\n") + (not text.endswith("\n"))
        if lines != table.height + self.has_header or table[self.columns[-1]].has_nulls():
            return False
        quoted = pl.sum_horizontal(pl.all().str.count_matches('"', literal=True).sum())
        inside = pl.sum_horizontal(pl.all().str.count_matches(self.separator, literal=True).sum())
        quotes, separators = table.select(quotes=quoted, separators=inside).row(0)
        between = (len(self.columns) - 1) * lines
        return bool(quotes == 0 and text.count(self.separator) == between + separators)


def nearest(layouts: Mapping[str, Layout], head: bytes) -> str:
    """The name of the layout that a file's header is most like."""
    return max(layouts, key=lambda name: layouts[name].likeness(head))


def rows_of(text: str, columns: Sequence[str], separator: str = ",") -> pl.DataFrame:
    """Every row of the text, the header's too, as text columns after ``row``."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    cells = [
        [reader.line_num, *(cell.strip() or None for cell in fields)] for fields in reader if fields
    ]
    schema = {"row": pl.Int64, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(cells, schema=schema, orient="row")


def as_text(head: bytes, encoding: str = "utf-8") -> str:
    """The start of a file as text, to recognise it by: odd bytes pass, UTF-16 is seen through.

    A file that was saved in the wrong encoding must be refused by name, not passed over.
    """
    if head.startswith(_UTF16):
        return head.decode("utf-16", "replace")
    return strip_bom(head).decode(encoding, "replace")


def strip_bom(content: bytes) -> bytes:
    """The content without a UTF-8 byte order mark."""
    return content.removeprefix(_BOM)
