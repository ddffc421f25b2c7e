"""Read an extract that the fast reader cannot, to name every row and cell that is at fault."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.problems import Problem

_FIRST_COUNT = len(layout.KEYS)
_NUMBER = re.compile(r"(-?[0-9]{1,10})?")
_MAX = 2**31 - 1


@dataclass(frozen=True)
class Mended:
    """What can be read of a broken extract: whole rows, with cells that are no number left blank.

    ``lines`` are the rows' lines in the file; ``problems`` say what was left out.
    """

    content: bytes
    lines: list[int]
    problems: list[Problem]


def mend(content: bytes, columns: Layout, file: str) -> Mended:
    """Leave out what cannot be read. Raises FileRefusedError if the file is no such text."""
    text, width = columns.decode(content, file), len(columns.columns)
    out, lines, problems = io.StringIO(), [], []
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns.columns)
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    try:
        for fields in reader:
            if fields and len(fields) != width:
                found, expected = f"{len(fields)} fields", f"{width} fields"
                problems.append(Problem(file, "fields", found, expected, reader.line_num))
            elif fields:
                problems += _blank_out(fields, columns, file, reader.line_num)
                writer.writerow(fields)
                lines.append(reader.line_num)
    except csv.Error as error:
        problem = Problem(file, "fields", str(error), "well-formed CSV", reader.line_num)
        problems.append(problem)
    return Mended(out.getvalue().encode(), lines, problems)


def _blank_out(fields: list[str], columns: Layout, file: str, line: int) -> Iterator[Problem]:
    """Blank the counts of a row that are no whole number, and say which."""
    for place in range(_FIRST_COUNT, len(fields)):
        cell = fields[place]
        if not (_NUMBER.fullmatch(cell) and abs(int(cell or 0)) <= _MAX):
            found, column = repr(cell[:40]), columns.columns[place]
            fields[place] = ""
            yield Problem(file, "number", found, "a whole number, 0 or more", line, column)
