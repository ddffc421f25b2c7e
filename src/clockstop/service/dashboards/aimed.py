"""National targets as levels on the charts of forecasts."""

from collections import defaultdict

from clockstop.analytics.forecast.quantiles import SIZE
from clockstop.core.rulebook.targets import Comparison, Target, targets_on
from clockstop.core.types import Month
from clockstop.service.dashboards.outlook import MIDDLE, Figure, Outlook, months_of, quantile
from clockstop.service.ui.charts import Level

_SHARE_OVER_52, _OVER_52 = "pct_over_52_weeks", "over_52_weeks"


def levels(outlook: Outlook, figure: Figure) -> tuple[Level, ...]:
    """The targets in force at the origin for one figure, those of the same value together."""
    area, origin = outlook.subject.area, outlook.subject.book.month
    found: dict[float, list[Target]] = defaultdict(list)
    for target in targets_on(origin.census, str(area.kind)):
        value = _value(outlook, figure, target)
        if value is not None:
            found[round(value, 6)].append(target)
    return tuple(_level(figure, value, each) for value, each in found.items())


def _value(outlook: Outlook, figure: Figure, target: Target) -> float | None:
    if target.measure == _SHARE_OVER_52 and figure.measure == _OVER_52:
        return _of_the_list(outlook, target)
    if target.measure != figure.measure:
        return None
    if target.comparison is not Comparison.RISE_OF:
        return target.threshold
    before = outlook.known(figure.measure).get(target.baseline) if target.baseline else None
    return None if before is None else before + target.threshold


def _of_the_list(outlook: Outlook, target: Target) -> float | None:
    """How many waits a share of the list is, in the month in which the target falls due."""
    said = months_of(outlook.said) if outlook.said else {}
    due = month_due(target)
    row = said.get(due) if due else None
    return None if row is None else target.threshold * quantile(row, SIZE, MIDDLE)


def month_due(target: Target) -> Month | None:
    """The month at whose census a target falls due; None for a standing one."""
    return Month(target.due.year, target.due.month) if target.due else None


def _level(figure: Figure, value: float, targets: list[Target]) -> Level:
    due = [month for each in targets if (month := month_due(each))]
    words = ["always"] * (len(due) < len(targets)) + [f"by {month.label}" for month in due]
    name = f"Target {figure.write(value)}: {', '.join(dict.fromkeys(words))}"
    return Level(name, value, tuple(due))
