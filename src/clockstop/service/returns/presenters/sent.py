"""What an ICB's providers have returned: a month side by side, and the log of weeks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone

from clockstop.core.types import Part
from clockstop.service.returns.deadlines import provider_deadline
from clockstop.service.returns.models import Kind, Return
from clockstop.service.returns.presenters.cells import Cell, Table, number, tag, text
from clockstop.service.returns.presenters.wording import (
    MINUS,
    findings_words,
    period_words,
    state_cell,
)
from clockstop.service.returns.states import COUNTS
from clockstop.service.ui.figures import day as in_words


def month_table(
    period: date, held: Iterable[Return], providers: Mapping[str, str], today: date
) -> Table:
    """One month: a row for each provider, those that are missing too."""
    counting = {each.organisation_code: each for each in held if each.stands in COUNTS}
    caption = f"Returns for {period_words(Kind.MONTHLY, period)}"
    heads = ("Provider", "State", "Signed off", "Checks", "Waiting", "Change")
    rows = [
        _month_row(name, counting.get(code), period, today)
        for code, name in sorted(providers.items(), key=lambda each: each[1])
    ]
    return Table(caption, heads, rows)


def _month_row(name: str, held: Return | None, period: date, today: date) -> Sequence[Cell]:
    if held is None:
        return (
            text(name),
            _absent(Kind.MONTHLY, period, today),
            *[text("–")] * 2,
            *[number(None)] * 2,
        )
    part = held.told.get("parts", {}).get(Part.INCOMPLETE.value, {})
    now, before = part.get("total"), part.get("before")
    signed = in_words(timezone.localdate(held.signed_at)) if held.signed_at else "–"
    return (
        text(name, href=reverse("return", args=(held.pk,))),
        state_cell(held),
        text(signed),
        text(findings_words(held)),
        number(now),
        Cell(text=change_words(now, before), is_number=True),
    )


def week_table(
    weeks: Sequence[date], held: Iterable[Return], providers: Mapping[str, str], today: date
) -> Table:
    """The log of weekly submissions: for each provider and week, the latest that counts."""
    counting = {(e.organisation_code, e.period): e for e in held if e.stands in COUNTS}
    heads = ("Provider", *(f"{each.day} {each:%b}" for each in weeks))
    rows = [
        (text(name), *(_week_cell(counting.get((code, each)), each, today) for each in weeks))
        for code, name in sorted(providers.items(), key=lambda each: each[1])
    ]
    return Table("Weekly submissions, by the Sunday that ends the week", heads, rows)


def _week_cell(held: Return | None, week: date, today: date) -> Cell:
    if held is None:
        return _absent(Kind.WEEKLY, week, today)
    version = f"version {held.version}" if held.version > 1 else ""
    return tag("In, late" if held.is_late else "In", "yellow" if held.is_late else "green", version)


def _absent(kind: str, period: date, today: date) -> Cell:
    is_missing = today > provider_deadline(kind, period)
    return tag("Missing", "red") if is_missing else tag("Not yet due", "grey")


def change_words(now: int | None, before: int | None) -> str:
    """``+120 (+1.4%)``; a dash where either is not known."""
    if now is None or before is None:
        return "–"
    share = f" ({(now - before) / before:+.1%})" if before else ""
    return f"{now - before:+,}{share}".replace("-", MINUS)
