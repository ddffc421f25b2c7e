"""Will an area make its targets: all specialties together, and each against every target."""

from collections.abc import Iterator, Sequence

from clockstop.core.codes import ALL_FUNCTIONS
from clockstop.service.dashboards import chances
from clockstop.service.dashboards.book import current_forecasts
from clockstop.service.dashboards.outlook import outlook_of
from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics import forecast


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    """The page of an area. Raises NotWorkedOutError until the forecasts are worked out."""
    outlook = outlook_of(subject)
    rows = current_forecasts().targets(str(subject.area.kind), subject.area.code)
    whole = [row for row in rows if row["function"] == ALL_FUNCTIONS.code]
    if outlook.said is None or not whole:
        return (forecast.none(outlook),)
    return (chances.of_targets(whole), *_by_target(subject, rows))


def _by_target(subject: Subject, rows: Sequence[chances.Chance]) -> Iterator[Panel]:
    parts = [row for row in rows if row["function"] != ALL_FUNCTIONS.code]
    for target in dict.fromkeys(row["id"] for row in rows):
        found = [row for row in parts if row["id"] == target]
        if any(row["verdict"] for row in found):
            yield chances.of_specialties(subject, found)
