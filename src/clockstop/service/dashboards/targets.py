"""Every national target as the rulebook holds it: dates, what replaced it, where sources differ."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.rulebook.targets import Comparison, Target, targets
from clockstop.service.dashboards.downloads import download
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.ui import figures

KEY = "targets"
_IN_FORCE, _PAST, _ENDED = "In force", "Date passed", "Ended"
_TAGS = {_IN_FORCE: "green", _PAST: "yellow", _ENDED: "grey"}
_WORDS = (
    "A target is judged from the day on which it was set until another replaced it, even where "
    "its date has passed. Where sources disagree, each version is kept."
)
_COLUMNS = (
    Column("name", "Target"),
    Column("state", "State"),
    Column("set_on", "Set on"),
    Column("due", "By"),
    Column("replaced", "Until"),
    Column("source", "Source"),
    *(
        Column(key, key, is_shown=False)
        for key in ("measure", "comparison", "threshold", "unit", "applies_to", "retired_on")
    ),
    *(
        Column(key, key, is_shown=False)
        for key in ("baseline", "replaced_by", "conflicts_with", "exceptions", "verified")
    ),
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    context = {"section": "figures", "panel": targets_panel(timezone.localdate())}
    return render(request, "dashboards/targets.jinja", context)


@require_safe
def file(_request: HttpRequest, panel: str, extension: str) -> HttpResponse:
    if panel != KEY:
        raise Http404
    return download(targets_panel(timezone.localdate()), "national-targets", extension)


def targets_panel(today: date) -> Panel:
    """All targets in the rulebook's order, as they stand today."""
    rows = tuple(_row(target, today) for target in targets().values())
    table = Table("National targets", _COLUMNS, rows, is_stacked=True)
    return Panel(KEY, "Every target", (_WORDS,), table=table)


def _row(target: Target, today: date) -> Row:
    state = _state(target, today)
    successor = _successor(target)
    shown = {
        "name": name_of(target),
        "state": state,
        "set_on": figures.day(target.set_on),
        "due": figures.day(target.due) if target.due else "Always",
        "replaced": _until(target, successor),
        "source": source_of(target),
    }
    return Row({"id": target.id} | shown | _facts(target, successor), tags={"state": _TAGS[state]})


def _facts(target: Target, successor: Target | None) -> dict[str, object]:
    """What only files carry, as it is in the rulebook."""
    return {
        "measure": target.measure,
        "comparison": str(target.comparison),
        "threshold": target.threshold,
        "unit": target.unit,
        "applies_to": " ".join(sorted(target.applies_to)),
        "retired_on": target.retired_on,
        "baseline": str(target.baseline) if target.baseline else None,
        "replaced_by": successor.id if successor else None,
        "conflicts_with": " ".join(target.conflicts_with),
        "exceptions": target.exceptions,
        "verified": target.is_verified,
    }


def _state(target: Target, today: date) -> str:
    if not target.is_in_force(today):
        return _ENDED
    return _PAST if target.due and target.due < today else _IN_FORCE


def _successor(target: Target) -> Target | None:
    return next((each for each in targets().values() if each.supersedes == target.id), None)


def _until(target: Target, successor: Target | None) -> str:
    if target.retired_on is None:
        return ""
    day = figures.day(target.retired_on)
    return f"{day}, then: {successor.name}" if successor else f"{day}, dropped"


def source_of(target: Target) -> str:
    """Where a target stands, and what there is to say of its exceptions and doubts."""
    rivals = [targets()[each].name for each in target.conflicts_with]
    notes = [
        target.source,
        target.exceptions,
        "" if target.is_verified else "To be verified",
        f"Another source says: {'; '.join(rivals)}" if rivals else "",
    ]
    return ". ".join(note for note in notes if note)


def name_of(target: Target) -> str:
    """A target's name; one that is a rise says from which month."""
    if target.comparison is Comparison.RISE_OF and target.baseline:
        return f"{target.name}, from {target.baseline.label}"
    return target.name
