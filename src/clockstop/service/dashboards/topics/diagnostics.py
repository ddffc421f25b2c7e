"""Diagnostic tests: who waits over six weeks, for which test, and how many tests are done."""

from collections.abc import Iterator, Sequence

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.monitoring.diagnostics import ALL_TESTS, FIGURES
from clockstop.core.codes.diagnostic_tests import diagnostic_tests
from clockstop.core.types import Month
from clockstop.service.dashboards.judged import targets_table
from clockstop.service.dashboards.panels import Column, Panel, Row, Table, by_month
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Series, line_chart
from clockstop.service.ui.charts.spark import spark

SOURCE = "NHS England, diagnostics waiting times and activity (DM01)"
_DONE = "In the month: from the waiting list, planned and unscheduled."
_COLUMNS = (
    Column("waiting", "Waiting", Unit.PATHWAYS, "People waiting at the month's end."),
    Column("over_6_weeks", "Over 6 weeks", Unit.PATHWAYS, "Those waiting 6 weeks or more."),
    Column("over_13_weeks", "Over 13 weeks", Unit.PATHWAYS, "Those waiting 13 weeks or more."),
    Column("pct_within_6_weeks", "Within 6 weeks", Unit.FRACTION, "Waiting under 6 weeks, of all."),
    Column(
        "tests_done",
        "Tests done",
        Unit.PATHWAYS,
        _DONE,
    ),
)
_OWN_PEOPLE = "Tests of the people whose care this area pays for, wherever they are tested."
_AT_PROVIDERS = "Tests at the area's own providers."


def applies(subject: Subject) -> bool:
    return subject.book.diagnostics.has(subject.area)


def panels(subject: Subject) -> Sequence[Panel]:
    return tuple(_panels(subject))


def _panels(subject: Subject) -> Iterator[Panel]:
    book, area = subject.book.diagnostics, subject.area
    month = book.months[-1]
    series = book.series(area)
    yield Panel(
        "six-weeks",
        f"Diagnostic tests, {month.label}",
        ()
        if area.kind is AreaKind.PROVIDER
        else (_OWN_PEOPLE if area.kind is AreaKind.ICB else _AT_PROVIDERS,),
        chart=line_chart(
            "six-weeks-chart",
            "Share of people waiting for a test who have waited under 6 weeks",
            [Series("Under 6 weeks", by_month(series, "pct_within_6_weeks"))],
            figures.percent,
            0.001,
        ),
        table=targets_table(subject, "pct_within_6_weeks", by_month(series, "pct_within_6_weeks")),
        source=SOURCE,
    )
    yield Panel("tests", "By test", table=_tests(subject, month), source=SOURCE)
    yield Panel(
        "done",
        "Tests done",
        chart=line_chart(
            "done-chart",
            "Tests done in the month",
            [Series("Tests", by_month(series, "tests_done"))],
            figures.count,
            1.0,
        ),
        source=SOURCE,
    )


def _tests(subject: Subject, month: Month) -> Table:
    book = subject.book.diagnostics
    found = book.by_test(subject.area, month)
    names = {ALL_TESTS: "All tests"} | {test.code: test.name for test in diagnostic_tests()}
    rows = tuple(
        Row(
            {"test": code, "name": name} | {key: found[code][key] for key in FIGURES},
            spark=spark(book.months, by_month(book.series(subject.area, code), "waiting")),
        )
        for code, name in names.items()
        if code in found
    )
    caption = f"Tests at the end of {month.label}"
    return Table(caption, (Column("name", "Test"), *_COLUMNS), rows, "People waiting over time")
