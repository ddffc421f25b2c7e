"""Where an area stands in three sentences, each made from its figures by a rule.

The first says how many wait and how that has moved on the year; the second how the wait stands
against the 18-week standard and against England; the third speaks of the longest waits: the lowest
limit of 104, 78, 65 and 52 weeks that somebody still passes, highest first, or that nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.core.codes.icbs import UnknownIcbError, icb
from clockstop.core.rulebook.targets import targets

Row = Mapping[str, Any]
STEADY = 0.005  # a list that moved by less than this share on the year "hardly changed"
LEVEL = 0.005  # a share within half a point of another is "about the same"
_STANDARD = "rtt-18w"
_YEAR = 52


def sentences(book: MonitoringBook, area: Area, basis: Basis) -> tuple[str, ...]:
    """Three sentences on an area at the latest census; one if it sent nothing for it."""
    series = book.series(area, basis)
    row = series[book.month]
    if merged := _merged(book, area):
        return (merged,)
    if row is None or not row["incomplete_pathways"]:
        month = book.month.label
        return (f"{area.name} sent no figures for {month}: what its waits are now is not known.",)
    england = next(each for each in book.areas.values() if each.kind is AreaKind.ENGLAND)
    whole = None if area.kind is AreaKind.ENGLAND else book.series(england)[book.month]
    return (
        _size(book, area, basis, row, series.get(book.month.plus(-12))),
        _standard(row, whole),
        _longest(row),
    )


def _merged(book: MonitoringBook, area: Area) -> str | None:
    """What became of an ICB that there is no more, else None."""
    if area.kind is not AreaKind.ICB:
        return None
    try:
        board = icb(area.code)
    except UnknownIcbError:
        return None
    if board.valid_to is None or book.month.census <= board.valid_to:
        return None
    names = " and ".join(icb(code).name for code in board.successors)
    end = board.valid_to + timedelta(days=1)
    return (
        f"{area.name} became part of {names} on {end.day} {end:%B %Y}; earlier figures are below."
    )


def _size(book: MonitoringBook, area: Area, basis: Basis, row: Row, before: Row | None) -> str:
    size = row["incomplete_pathways"]
    day = book.month.census
    start = f"On {day.day} {day:%B %Y} {_who(area, basis)} {size:,} waits for treatment"
    if before is None or not before["incomplete_pathways"]:
        return f"{start}; there is no figure of a year before to set beside it."
    lost = book.lost(area, book.month.plus(-12))
    if lost >= STEADY * before["incomplete_pathways"]:
        return (
            f"{start}, without those of providers that have stopped sending figures ({lost:,} when "
            "last counted): it cannot be set beside a year before."
        )
    change = size - before["incomplete_pathways"]
    if abs(change) < STEADY * before["incomplete_pathways"]:
        return f"{start}, hardly changed from a year before."
    share = abs(change) / before["incomplete_pathways"]
    word = "more" if change > 0 else "fewer"
    return f"{start}, {abs(change):,} ({share:.1%}) {word} than a year before."


def _who(area: Area, basis: Basis) -> str:
    if area.kind is AreaKind.ENGLAND:
        return "England had"
    if area.kind is AreaKind.PROVIDER:
        return f"{area.name} had"
    of = "the people" if basis is Basis.COMMISSIONER else "the providers"
    return f"{of} of {area.name} had"


def _standard(row: Row, england: Row | None) -> str:
    share, standard = row["pct_within_18_weeks"], targets()[_STANDARD].threshold
    met = "meets" if share >= standard else "is short of"
    text = f"{share:.1%} had waited at most 18 weeks, which {met} the standard of {standard:.0%}"
    if england is None:
        return f"{text}."
    gap = share - england["pct_within_18_weeks"]
    if abs(gap) < LEVEL:
        return f"{text} and about the same as England."
    word = "better" if gap > 0 else "worse"
    return f"{text}, and {abs(gap) * 100:.1f} points {word} than England."


def _longest(row: Row) -> str:
    over = {weeks: row[f"over_{weeks}_weeks"] for weeks in (104, 78, 65, _YEAR)}
    longest = next((weeks for weeks, people in over.items() if people), None)
    if longest is None:
        return "Nobody had waited over a year."
    start = f"{over[longest]:,} had waited over {longest} weeks"
    share = f"{_percent(row['pct_over_52_weeks'])} of the list"
    return (
        f"{start}, {share}."
        if longest == _YEAR
        else f"{start}; {over[_YEAR]:,}, {share}, over a year."
    )


def _percent(share: float) -> str:
    """What is little is not written as nothing."""
    text = f"{share:.1%}"
    return "less than 0.1%" if text == "0.0%" else text
