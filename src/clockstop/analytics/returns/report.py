"""The page that goes with a return: what is in it, what is not and why, what to look into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from clockstop.analytics.returns.summary import PARTS, Summary

Rows = Iterable[Sequence[Any]]


def page(found: Summary) -> str:
    """The summary as a page that any browser opens, without anything from elsewhere."""
    title = f"RTT return, {found.month.label}"
    body = "".join(
        [
            f"<h1>{escape(title)}</h1>",
            f"<p>From {found.pathways:,} pathways; {found.silent:,} of them have no events.</p>",
            _table("Counted", ("Part", "Patients", "Start not known"), counted(found)),
            _table("Left out, and why", ("Reason", "Periods"), (row[1:] for row in found.left_out)),
            _table(
                "Counted, but the return has no room for them: complete the records",
                ("Reason", "Lines"),
                (row[1:] for row in found.unfiled),
            ),
            _table(
                "Earlier months to revise: what their returns said, and should have said",
                ("Month", "Provider", "Part", "Counted", "Should be"),
                found.to_revise,
            ),
            _table(
                "For other providers to return: patients who were handed over",
                ("Provider", "Lines"),
                found.others.items(),
            ),
            _table(
                "To look into (NHS England's checks, Annex B)",
                ("Provider", "Part", "Found", "What to do"),
                ((f.provider, f.part or "", f.words, f.check.todo) for f in found.findings),
            ),
            _not_asked(found.not_asked),
        ]
    )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{body}</body></html>\n'


def counted(found: Summary) -> Rows:
    """A row for each part, in words: patients, and those whose start nobody knows."""
    for part, n, unknown in found.parts:
        yield PARTS[part], n, "" if unknown is None else unknown


def _table(caption: str, columns: Sequence[str], rows: Rows) -> str:
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    if not lines:
        return f"<h2>{escape(caption)}</h2><p>None.</p>"
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    return f"<h2>{escape(caption)}</h2><table><tr>{heads}</tr>{lines}</table>"


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f'<td align="right">{value:,}</td>'
    return f"<td>{escape('not known' if value is None else str(value))}</td>"


def _not_asked(checks: Sequence[str]) -> str:
    if not checks:
        return ""
    return f"<p>Not asked, for want of something to compare with: {', '.join(checks)}.</p>"
