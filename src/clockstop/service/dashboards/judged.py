"""Targets beside figures: what an area has to reach, and where it stands."""

from collections.abc import Mapping, Sequence

from clockstop.analytics.lists.measures import Unit
from clockstop.core.rulebook.targets import (
    Judgement,
    Target,
    Verdict,
    judge,
    targets_on,
)
from clockstop.core.types import Month
from clockstop.service.dashboards.panels import Column, Row, Table
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.targets import name_of, source_of
from clockstop.service.ui import figures

_TAGS = {Verdict.MET: "green", Verdict.NOT_MET: "red", Verdict.NOT_KNOWN: "grey"}
_COLUMNS = (
    Column("target", "Target"),
    Column("due", "By"),
    Column("value", "Now"),
    Column("gap", "Still to go"),
    Column("verdict", "Standing"),
    Column("source", "Source"),
)


def targets_table(
    subject: Subject, measure: str, values: Mapping[Month, float | None]
) -> Table | None:
    """The targets in force for one measure, judged at its latest month; None if there are none."""
    known = [month for month, value in values.items() if value is not None]
    if not known:
        return None
    month = max(known)
    judgements = [
        judge(target, values[month], values.get(target.baseline) if target.baseline else None)
        for target in targets_on(month.census, str(subject.area.kind))
        if target.measure == measure
    ]
    return judged_table(judgements, month) if judgements else None


def judged_table(judgements: Sequence[Judgement], month: Month) -> Table:
    """Targets, each with where it stands at a month's end."""
    caption = f"National targets at {figures.day(month.census)}"
    return Table(caption, _COLUMNS, tuple(map(_row, judgements)), is_stacked=True)


def _row(judgement: Judgement) -> Row:
    target, unit = judgement.target, _unit(judgement.target)
    is_missed = judgement.verdict is Verdict.NOT_MET
    gap = figures.figure(judgement.gap, unit).replace("%", " points") if is_missed else ""
    return Row(
        {
            "id": target.id,
            "target": name_of(target),
            "due": figures.day(target.due) if target.due else "Always",
            "value": figures.figure(judgement.value, unit),
            "gap": gap,
            "verdict": str(judgement.verdict),
            "source": source_of(target),
        },
        tags={"verdict": _TAGS[judgement.verdict]},
    )


def _unit(target: Target) -> Unit:
    return Unit.FRACTION if target.unit == "fraction" else Unit.PATHWAYS
