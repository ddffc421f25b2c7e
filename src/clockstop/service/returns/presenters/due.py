"""The months and weeks that a provider must return, and how each stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone

from clockstop.service.returns.deadlines import months_due, provider_deadline, weeks_due
from clockstop.service.returns.models import Kind, Return
from clockstop.service.returns.presenters.cells import Cell, tag
from clockstop.service.returns.presenters.wording import (
    findings_words,
    period_words,
    state_cell,
)
from clockstop.service.returns.states import State
from clockstop.service.ui.figures import day as in_words

_SOON = timedelta(days=7)
_GONE = frozenset({State.REJECTED, State.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Due:
    """A period; ``href`` leads to its latest version, and without one it can be made."""

    kind: str
    period: str
    words: str
    by: str
    state: Cell
    about: str
    findings: str
    href: str
    submission: UUID


def due(kind: str, held: Iterable[Return], today: date, names: Mapping[str, str]) -> list[Due]:
    """The latest periods with the version that stands for each, the latest period first."""
    of_period: dict[date, Return] = {}
    for each in sorted(held, key=lambda held: held.version):
        if each.kind == kind and each.stands not in _GONE:
            of_period[each.period] = each
    periods = [m.census for m in months_due(today)] if kind == Kind.MONTHLY else weeks_due(today)
    return [_due(kind, each, of_period.get(each), today, names) for each in periods]


def _due(
    kind: str, period: date, held: Return | None, today: date, names: Mapping[str, str]
) -> Due:
    deadline = provider_deadline(kind, period)
    return Due(
        kind=kind,
        period=period.isoformat(),
        words=period_words(kind, period),
        by=in_words(deadline),
        state=state_cell(held) if held else _missing(deadline, today),
        about=_about(held, names) if held else "",
        findings=findings_words(held) if held else "",
        href=reverse("return", args=(held.pk,)) if held else "",
        submission=uuid4(),
    )


def _missing(deadline: date, today: date) -> Cell:
    if today > deadline:
        return tag("Overdue", "red")
    return tag("Due soon", "orange") if deadline - today <= _SOON else tag("Not made", "grey")


def _about(held: Return, names: Mapping[str, str]) -> str:
    who = names.get(held.made_by)
    when = in_words(timezone.localdate(held.made_at))
    return f"Version {held.version}, {when}{f', {who}' if who else ''}"
