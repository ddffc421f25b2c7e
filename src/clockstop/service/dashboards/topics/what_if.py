"""What if: scenarios of an area's lists. Their pages are those of ``scenarios``."""

from collections.abc import Sequence

from clockstop.service.dashboards.outlook import outlook_of
from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics import forecast


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    """Why there is nothing to try a scenario on; none where there is a forecast.

    Raises NotWorkedOutError until the forecasts are worked out.
    """
    outlook = outlook_of(subject)
    return () if outlook.said else (forecast.none(outlook),)
