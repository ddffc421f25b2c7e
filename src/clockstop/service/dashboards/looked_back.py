"""What was said before of a list, and what happened: the forecasts of earlier months, held up.

They are worked out today, from no more than was known at the time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clockstop.analytics.forecast.quantiles import SHARE, SIZE
from clockstop.core.types import Month
from clockstop.service.dashboards import fans
from clockstop.service.dashboards.outlook import (
    FIGURES,
    OFTEN,
    USUAL,
    Figure,
    Outlook,
    between,
    interval,
    months_of,
)
from clockstop.service.dashboards.panels import Column, Panel, Row, Table

_SHOWN = (SIZE, SHARE, "over_52_weeks")
_INSIDE, _ABOVE, _BELOW = "as said", "higher than said", "lower than said"
_TAGS = {_INSIDE: "green", _ABOVE: "yellow", _BELOW: "yellow"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of a figure for a month, and what came."""

    origin: Month
    month: Month
    row: Mapping[str, Any]
    figure: Figure
    came: float

    @property
    def words(self) -> str:
        """Whether it came within what was said 8 times in 10."""
        low, high = interval(self.row, self.figure.measure)
        return _BELOW if self.came < low else _ABOVE if self.came > high else _INSIDE


def judged(outlook: Outlook, figure: Figure) -> tuple[Judged, ...]:
    """Everything said before of a figure that can be held against a count, the latest first."""
    known = outlook.known(figure.measure)
    return tuple(
        Judged(said.origin, month, row, figure, came)
        for said in outlook.before
        for month, row in months_of(said).items()
        if (came := known.get(month)) is not None
    )


def verdict(outlook: Outlook) -> str:
    """How well earlier forecasts did, in a sentence."""
    found = [each for figure in FIGURES for each in judged(outlook, figure)]
    if not found:
        return "How well forecasts of this list do cannot be told: too few months are held."
    held = sum(each.words == _INSIDE for each in found)
    return (
        f"Forecasts from earlier months, made from what was known by then, gave ranges that should "
        f"hold {OFTEN}. Of the {len(found)} figures that have since "
        f"been counted, {held} ({held / len(found):.0%}) lay within theirs."
    )


def panels(outlook: Outlook) -> Iterator[Panel]:
    """For the main figures, what was said at each earlier origin and what came."""
    for figure in FIGURES:
        found = judged(outlook, figure)
        if figure.measure in _SHOWN and found:
            yield _panel(outlook, figure, found)


def _panel(outlook: Outlook, figure: Figure, found: tuple[Judged, ...]) -> Panel:
    key = f"said-{figure.key}"
    longest = outlook.before[-1]
    latest = {each.origin: each for each in found}  # for each origin the last month that came
    title = f"What we said, what happened: {figure.title[0].lower()}{figure.title[1:]}"
    return Panel(
        key,
        title,
        tuple(map(_sentence, latest.values())),
        chart=fans.chart_of(outlook, figure, longest, key),
        table=_table(figure, found),
        is_folded=True,
        is_half=True,
    )


def _sentence(judged: Judged) -> str:
    figure = judged.figure
    said = between(*interval(judged.row, figure.measure), figure.unit)
    return (
        f"From {judged.origin.label}, for {judged.month.label}: {said} ({USUAL}). "
        f"It came to {figure.write(judged.came)}, {judged.words}."
    )


def _table(figure: Figure, found: tuple[Judged, ...]) -> Table:
    columns = (
        Column("origin", "Said in"),
        Column("month", "For"),
        *fans.columns(figure),
        Column("verdict", "It came"),
    )
    return Table(f"{figure.title}: said before, and counted", columns, tuple(map(_row, found)))


def _row(judged: Judged) -> Row:
    shown = {
        "origin": judged.origin.label,
        "month": judged.month.label,
        "counted": judged.came,
        "verdict": judged.words,
    }
    said = fans.values(judged.figure, judged.row)
    return Row(shown | said, tags={"verdict": _TAGS[judged.words]})
