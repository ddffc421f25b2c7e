"""One treatment function of an area: its list over time, and where its waits are long."""

from collections.abc import Sequence

from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics import places
from clockstop.service.dashboards.trends import charts, key_figures, month_by_month


def panels(subject: Subject) -> Sequence[Panel]:
    series = subject.series()
    return (
        key_figures(subject, series),
        *charts(subject, series),
        *places.panels(subject),
        month_by_month(series),
    )
