"""One version of a return: how it stands, what was found, its figures, who decided what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from clockstop.core.types import Month, Part
from clockstop.service.returns import weekly
from clockstop.service.returns.deadlines import provider_deadline, review_deadline
from clockstop.service.returns.models import Decision, Kind, Return, ReturnFile
from clockstop.service.returns.policies import Check
from clockstop.service.returns.presenters.cells import Cell, Table, number, tag, text
from clockstop.service.returns.presenters.sent import change_words
from clockstop.service.returns.presenters.wording import (
    PARTS,
    function_words,
    many,
    period_words,
    state_cell,
    state_words,
)
from clockstop.service.returns.states import State
from clockstop.service.ui.figures import day as in_words

_NEXT = {
    State.DRAFT: "The checks found errors. Mend the records, then make the return again.",
    State.REJECTED: "These files cannot be used, so nothing in them counts. Mend them and upload "
    "them again.",
    State.SUPERSEDED: "A later version has taken the place of this one.",
    State.SENT_BACK: "The commissioner sent this back. Until a corrected version is signed off, "
    "this one stands.",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in the history."""

    words: str
    who: str
    reason: str
    explained: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of one version shows."""

    period: str
    state: Cell
    next: str
    rows: Sequence[tuple[str, str]]
    findings: Sequence[Check]
    not_asked: Sequence[str]
    history: Sequence[Decided]
    files: Sequence[tuple[str, str, str]]
    parts: Table
    tables: Sequence[Table]


def shown(
    held: Return,
    decisions: Iterable[Decision],
    files: Iterable[ReturnFile],
    names: Mapping[str, str],
    *,
    drills: bool,
) -> Shown:
    """``names`` are those of people; ``drills`` where the reader may see the pathways."""
    is_monthly = held.kind == Kind.MONTHLY
    return Shown(
        period=period_words(held.kind, held.period),
        state=state_cell(held),
        next=_NEXT.get(held.stands, ""),
        rows=_rows(held, names),
        findings=held.findings,
        not_asked=held.told.get("not_asked", ()),
        history=[_decided(each, held, names) for each in decisions],
        files=[_file(held, each) for each in files if not each.name.endswith(".parquet")],
        parts=_parts(held.told.get("parts", {})) if is_monthly else _weekly(held),
        tables=_monthly(held, drills=drills) if is_monthly else [],
    )


def _rows(held: Return, names: Mapping[str, str]) -> list[tuple[str, str]]:
    made = timezone.localtime(held.made_at)
    who = names.get(held.made_by, "")
    rows = [
        ("Version", f"{held.version}, {held.get_source_display().lower()}"),
        ("Made", f"{in_words(made.date())}, {made:%H:%M}{f', {who}' if who else ''}"),
        ("Due by", in_words(provider_deadline(held.kind, held.period))),
    ]
    if held.kind == Kind.MONTHLY:
        rows.append(("Commissioner reviews by", in_words(review_deadline(held.period))))
    return rows


def _decided(each: Decision, held: Return, names: Mapping[str, str]) -> Decided:
    words = {check.key: check.words for check in held.findings}
    at = timezone.localtime(each.at)
    state = state_words(held.kind, State(each.state))
    return Decided(
        words=f"{state} on {in_words(at.date())}, {at:%H:%M}",
        who=names.get(each.by, ""),
        reason=each.reason,
        explained=[(words[key], why) for key, why in each.explanations.items() if key in words],
    )


def _file(held: Return, file: ReturnFile) -> tuple[str, str, str]:
    size = f"{max(1, round(file.size / 1024)):,} KB"
    return file.name, size, reverse("return_file", args=(held.pk, file.name))


def _weekly(held: Return) -> Table:
    counts = held.told.get("tables", {})
    rows = [(text(weekly.title(name)), number(count)) for name, count in counts.items()]
    return Table("Rows in each table", ("Table", "Rows"), rows)


def _monthly(held: Return, *, drills: bool) -> list[Table]:
    told = held.told
    tables = [_functions(held, drills=drills)] if told.get("functions") else []
    left = {**told.get("unfiled", {}), **told.get("left_out", {})}
    if left:
        tables.append(_left_out(held, drills=drills))
    if told.get("to_revise"):
        tables.append(_to_revise(told["to_revise"]))
    return tables


def _parts(parts: Mapping[str, Mapping[str, int | None]]) -> Table:
    heads = ("Part", "This month", "Last month", "Change", "Over 52 weeks", "Start unknown")
    rows = []
    for part, words in PARTS.items():
        of = parts.get(part.value, {})
        now, before = of.get("total", 0), of.get("before")
        is_new = part is Part.NEW_PERIODS
        rows.append(
            (
                text(words),
                number(now),
                number(before),
                Cell(text=change_words(now, before), is_number=True),
                number(None if is_new else of.get("long", 0)),
                number(None if is_new else of.get("unknown", 0)),
            )
        )
    return Table("The parts of the return", heads, rows)


def _functions(held: Return, *, drills: bool) -> Table:
    functions: Mapping[str, Mapping[str, int]] = held.told.get("functions", {})
    heads = ("Treatment function", "1A", "1B", "2", "2A", "3")
    rows = [
        (
            text(function_words(code)),
            *(_cell(held, code, part, of.get(part.value, 0), drills=drills) for part in PARTS),
        )
        for code, of in sorted(functions.items())
    ]
    return Table("By treatment function", heads, rows)


def _cell(held: Return, code: str, part: Part, count: int, *, drills: bool) -> Cell:
    if not (count and drills):
        return number(count)
    return number(
        count,
        href=pathways_of(held, part=part.value, function=code),
        hidden=f" pathways: {function_words(code)}, {PARTS[part]}",
    )


def pathways_of(held: Return, **what: str) -> str:
    """The address of the pathways behind a figure."""
    return f"{reverse('return_pathways', args=(held.pk,))}?{urlencode(what)}"


def _left_out(held: Return, *, drills: bool) -> Table:
    rows = []
    for kind, words in (("unfiled", "No row of the return"), ("left_out", "Not counted, rightly")):
        colour = "orange" if kind == "unfiled" else "grey"
        for rule, told in held.told.get(kind, {}).items():
            href = pathways_of(held, left_out=rule) if drills else ""
            hidden = f" pathways: {told['words']}"
            count = number(told["count"], href=href, hidden=hidden if href else "")
            rows.append((text(told["words"]), tag(words, colour), count))
    return Table("What was left out, and why", ("Why", "What it means", "Pathways"), rows)


def _to_revise(told: Sequence[Mapping[str, int | str]]) -> Table:
    """A row for each month, and what each part was and should be where they differ."""
    months: dict[str, dict[str, Cell]] = {}
    for each in told:
        words = f"{each['counted']:,} → {each['should']:,}"
        months.setdefault(str(each["month"]), {})[str(each["part"])] = Cell(
            text=words, is_number=True
        )
    rows = [
        (text(Month.parse(month).label), *(of.get(part.value, number(None)) for part in PARTS))
        for month, of in months.items()
    ]
    heads = ("Month", "1A", "1B", "2", "2A", "3")
    return Table("Earlier months that today's records would change", heads, rows)


def sign_words(held: Return) -> str:
    """What the button says that puts the provider's name to it."""
    return "Submit" if held.kind == Kind.WEEKLY else "Sign off"


def pathways_title(count: int, what: str) -> str:
    return f"{many(count, 'pathway')}: {what}"
