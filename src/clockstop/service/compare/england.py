"""England's headline measures: where they stand, where they come from, who is missing."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clockstop.analytics.lists.book import MissingSubmitter, MonthRow
from clockstop.analytics.lists.measures import (
    HEADLINE_MEASURES,
    MEASURES,
    OPEN_ENDED,
    SMALL,
    Measure,
)
from clockstop.core.codes.functions import ALL_FUNCTIONS
from clockstop.core.codes.names import display_name
from clockstop.core.types import Month
from clockstop.service.compare import monthly
from clockstop.service.compare.book import Book, current_book
from clockstop.service.ui import figures
from clockstop.service.ui.charts import LineChart

_GROUPS = {
    "Waiting": (
        "incomplete_pathways",
        "pct_within_18_weeks",
        "over_52_weeks",
        "median_weeks",
        "p92_weeks",
        "incomplete_dta",
    ),
    "Treated, joined and left": (
        "admitted_stops",
        "nonadmitted_stops",
        "new_periods",
        "unreported_removals",
    ),
}
# No list of all England is so small that a limit for small numbers could speak of it.
_MEASURES = {
    key: replace(measure, caveat=measure.caveat.replace(SMALL, OPEN_ENDED))
    for key, measure in MEASURES.items()
}
_SHOWN_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Headline:
    """A key figure: its value, how it moved, and what it is."""

    measure: Measure
    value: str
    on_month: str
    on_year: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A submitter that sent nothing; its name is a link while its last figures are shown."""

    name: str
    href: str
    last_month: str
    last_size: str


@dataclass(frozen=True, slots=True)
class Missing:
    """All submitters that sent nothing for the month, the largest first."""

    shown: tuple[Absent, ...]
    rest: tuple[Absent, ...]
    pathways: int

    @property
    def number(self) -> int:
        return len(self.shown) + len(self.rest)


@require_safe
def england(request: HttpRequest) -> HttpResponse:
    book = current_book()
    rows = book.england()
    page = {
        "section": "england",
        "month": book.month,
        "groups": headline_groups(rows, book.month),
        "other_measures": _other_measures(),
        "charts": charts(rows),
        "table": monthly.month_table(rows),
        "gaps": monthly.months_without_figures(rows),
        "missing": missing(book.missing(book.month), _held(book)),
    }
    return render(request, "compare/england.jinja", page)


def _held(book: Book) -> set[str]:
    return {each.provider for each in book.compare(ALL_FUNCTIONS.code)}


@require_safe
def england_csv(_request: HttpRequest) -> HttpResponse:
    book = current_book()
    return monthly.csv_response(monthly.month_csv(book.england()), f"england-to-{book.month}.csv")


@require_safe
def missing_csv(_request: HttpRequest) -> HttpResponse:
    book = current_book()
    lines = [
        (each.provider, each.name, each.last_month, each.last_size)
        for each in book.missing(book.month)
    ]
    text = monthly.csv_text(("provider", "provider_name", "last_month", "last_size"), lines)
    return monthly.csv_response(text, f"missing-submitters-{book.month}.csv")


def headline_groups(rows: Sequence[MonthRow], month: Month) -> dict[str, tuple[Headline, ...]]:
    return {
        title: tuple(_headline(rows, month, _MEASURES[key]) for key in keys)
        for title, keys in _GROUPS.items()
    }


def _headline(rows: Sequence[MonthRow], month: Month, measure: Measure) -> Headline:
    value = monthly.at(rows, month).get(measure.key)
    return Headline(
        measure=measure,
        value=figures.with_unit(value, measure.unit),
        on_month=_change(rows, month, month.plus(-1), measure),
        on_year=_change(rows, month, month.plus(-12), measure),
    )


def _change(rows: Sequence[MonthRow], month: Month, before: Month, measure: Measure) -> str:
    now, then = (monthly.at(rows, each).get(measure.key) for each in (month, before))
    words = figures.change(now, then, measure.unit)
    if words == figures.NOT_KNOWN:
        return f"Change on {before.label} not known"
    return f"{words[0].upper()}{words[1:]} on {before.label}"


def _other_measures() -> tuple[Measure, ...]:
    shown = {key for keys in _GROUPS.values() for key in keys}
    return tuple(_MEASURES[key] for key in HEADLINE_MEASURES if key not in shown)


def charts(rows: Sequence[MonthRow]) -> tuple[LineChart, ...]:
    drawn = (
        monthly.lines_over_time(rows, "size", "Waiting list", incomplete_pathways="Waiting list"),
        monthly.lines_over_time(
            rows,
            "share",
            "Share of the list within 18 weeks",
            pct_within_18_weeks="Within 18 weeks",
        ),
        monthly.lines_over_time(
            rows,
            "waits",
            "Weeks that people still waiting have waited so far",
            p92_weeks="92 in 100 within",
            median_weeks="Half within",
        ),
        monthly.lines_over_time(
            rows, "long", "Waits of over 52 weeks", over_52_weeks="Over 52 weeks"
        ),
        monthly.lines_over_time(
            rows,
            "treated",
            "Waits that ended in the month",
            nonadmitted_stops="Without admission",
            admitted_stops="With admission",
        ),
    )
    return tuple(chart for chart in drawn if chart)


def missing(submitters: Sequence[MissingSubmitter], held: Container[str]) -> Missing:
    """``held`` are the providers that have a page."""
    ordered = sorted(submitters, key=lambda each: (-each.last_size, each.name))
    absent = [_absent(each, held) for each in ordered]
    return Missing(
        shown=tuple(absent[:_SHOWN_AT_ONCE]),
        rest=tuple(absent[_SHOWN_AT_ONCE:]),
        pathways=sum(each.last_size for each in submitters),
    )


def _absent(submitter: MissingSubmitter, held: Container[str]) -> Absent:
    code = submitter.provider
    return Absent(
        name=display_name(submitter.name),
        href=reverse("provider", args=[code]) if code in held else "",
        last_month=submitter.last_month.label,
        last_size=figures.count(submitter.last_size),
    )
