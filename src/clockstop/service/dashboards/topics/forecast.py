"""Where a list is heading: in words, as fans with the targets, and how well it was told before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clockstop.analytics.forecast.book import NotWorkedOutError, Said
from clockstop.analytics.forecast.forecast import LEAST_MONTHS
from clockstop.analytics.forecast.notes import Note
from clockstop.analytics.forecast.quantiles import SHARE, SIZE
from clockstop.analytics.forecast.targets.planning import year_end
from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.core.codes import known_mergers
from clockstop.core.types import Month
from clockstop.service.dashboards import by_sector, chances, fans, looked_back
from clockstop.service.dashboards.book import current_forecasts
from clockstop.service.dashboards.outlook import (
    FIGURES,
    USUAL,
    Figure,
    Outlook,
    between,
    interval,
    months_of,
    outlook_of,
)
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject, address_of

_OVER_A_YEAR = "over_52_weeks"
_IN_WORDS = {
    SIZE: "In {month} the list will probably be {between} waits ({usual}). {now}.",
    SHARE: "Of these, {between} will probably have waited at most 18 weeks ({usual}). {now}.",
    _OVER_A_YEAR: "{Between} will probably have waited over 52 weeks ({usual}). {now}.",
}
_HOW = (
    "A forecast takes every list as it has been going: who joins it, who is treated, and in what "
    "order, month by month. It knows of no plan, strike or change of rules to come. What is far "
    "away is told less surely: the bands widen."
)


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    """The page of a list. Raises NotWorkedOutError until the forecasts are worked out."""
    outlook = outlook_of(subject)
    return tuple(_panels(outlook, outlook.said)) if outlook.said else (none(outlook),)


def _panels(outlook: Outlook, said: Said) -> Iterator[Panel]:
    yield _in_words(outlook, said)
    yield from (fans.panel(outlook, figure, said) for figure in FIGURES)
    if sectors := by_sector.panel(outlook.subject):
        yield sectors
    yield from _targets(outlook.subject)
    yield from looked_back.panels(outlook)
    if known := notes(outlook.subject):
        yield known


def not_yet(subject: Subject, error: NotWorkedOutError) -> Panel:
    """What stands in place of a forecast until there is one."""
    how = (
        "Whoever keeps this site works forecasts out with that command. It needs "
        f"{LEAST_MONTHS} consecutive months of returns; {len(subject.book.months)} are held."
    )
    return Panel("not-yet", "There is no forecast yet", (f"{str(error).capitalize()}.", how))


def none(outlook: Outlook) -> Panel:
    """What stands in place of the forecast of a list of which nothing can be said, and why."""
    return Panel(
        "none", "There is no forecast of this list", (why_none(outlook.subject, outlook.counted),)
    )


def why_none(subject: Subject, counted: Mapping[Month, Mapping[str, Any] | None]) -> str:
    """Why there is no forecast of a list, from what was counted of it at providers."""
    origin = subject.book.month
    sizes = {month: row[SIZE] for month, row in counted.items() if row is not None}
    if not sizes:
        return (
            "No provider here files such a list. Forecasts are made from the lists of providers, "
            "not from what an area pays for elsewhere."
        )
    last = max(sizes)
    if (into := _became(subject)) and last < origin:
        return f"Its lists are part of those of {into} now."
    if last < origin:
        return f"The last figures are those of {last.label}: what is on it now is not known."
    if not sizes[last]:
        return f"Nobody was on this list in {last.label}."
    return "Too little is known of it: it is new, or its figures come and go."


def _became(subject: Subject) -> str | None:
    """The provider that is known to have taken its lists over, by name."""
    area, day = subject.area, subject.book.month.census
    is_provider = area.kind is AreaKind.PROVIDER
    for each in known_mergers():
        new = subject.book.areas.get((AreaKind.PROVIDER, each.new))
        if is_provider and each.old == area.code and each.on <= day and new:
            return new.name
    return None


def _in_words(outlook: Outlook, said: Said) -> Panel:
    """What to know of the forecast, and what it is made of."""
    sentences = [
        _sentence(outlook, figure, said) for figure in FIGURES if figure.measure in _IN_WORDS
    ]
    month = outlook.subject.book.month.label
    title = f"Where it is heading, as known in {month}"
    return Panel("in-words", title, (*sentences, looked_back.verdict(outlook), _HOW))


def _sentence(outlook: Outlook, figure: Figure, said: Said) -> str:
    month = year_end(said.origin)
    words = between(*interval(months_of(said)[month], figure.measure), figure.unit)
    return _IN_WORDS[figure.measure].format(
        month=month.label,
        between=words,
        Between=words[0].upper() + words[1:],
        usual=USUAL,
        now=_now(outlook, figure),
    )


def _now(outlook: Outlook, figure: Figure) -> str:
    origin = outlook.subject.book.month
    value = outlook.known(figure.measure).get(origin)
    if value is None:
        return f"For {origin.label} it is not known"
    return f"In {origin.label} it was {figure.write(value)}"


def _targets(subject: Subject) -> Iterator[Panel]:
    rows = current_forecasts().targets(str(subject.area.kind), subject.area.code)
    if of_list := [row for row in rows if row["function"] == subject.function]:
        yield chances.of_targets(of_list)


def notes(subject: Subject) -> Panel | None:
    """What must be known of the lists that the forecast adds up, by provider."""
    rows = tuple(_note_rows(subject))
    columns = (Column("name", "Provider"), Column("text", "What to know"))
    table = Table("Notes on this forecast", columns, rows, is_stacked=True)
    return Panel("notes", "What to know of it", table=table) if rows else None


def notes_on(subject: Subject) -> Iterator[Note]:
    """The notes on all lists, and on those of the providers that the area has."""
    for note in current_forecasts().notes:
        area = _provider(subject, note)
        if not note.provider or (area and subject.area in (area, *_above(subject, area))):
            yield note


def _note_rows(subject: Subject) -> Iterator[Row]:
    for note in notes_on(subject):
        area = _provider(subject, note)
        said = {"provider": note.provider, "name": area.name if area else "All", "text": note.text}
        yield Row(said, href=address_of(area) if area else "")


def _provider(subject: Subject, note: Note) -> Area | None:
    return subject.book.areas.get((AreaKind.PROVIDER, note.provider))


def _above(subject: Subject, area: Area) -> list[Area]:
    return [each.area for each in subject.of(area).above()]
