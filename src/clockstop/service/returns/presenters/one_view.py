"""One view as pages and files show it: counts by provider, findings, the list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from clockstop.analytics.engine.files import table_file, unpacked_table
from clockstop.analytics.reconcile import CASES, Kind
from clockstop.core.codes import UnknownFunctionError
from clockstop.core.codes.lines import reporting_line
from clockstop.core.disclosure import protected, threshold_on
from clockstop.service.returns.models import OneView
from clockstop.service.returns.presenters.cells import Cell, Table, number, tag, text
from clockstop.service.returns.presenters.wording import function_words
from clockstop.service.ui.figures import day as in_words

EVERYBODY = "list"
COLOURS: Mapping[Kind, str] = {
    Kind.TWO_LISTS: "purple",
    Kind.ON_NONE: "red",
    Kind.STARTS_DIFFER: "orange",
    Kind.SENT_NOT_RECEIVED: "pink",
    Kind.RECEIVED_NOT_SENT: "yellow",
}
_SHOWN = 12  # letters of a pseudonym on a page; files have it whole


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a kind of finding (all, if blank) or everybody, and a provider."""

    kind: str = ""
    provider: str = ""

    @property
    def is_list(self) -> bool:
        return self.kind == EVERYBODY

    def query(self, **more: str) -> str:
        given = {"kind": self.kind, "provider": self.provider} | more
        return urlencode({name: value for name, value in given.items() if value})


def wanted(query: Mapping[str, str], providers: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it gets wrong counts as not asked."""
    kind, provider = query.get("kind", ""), query.get("provider", "")
    kinds = {*Kind, EVERYBODY}
    return Wanted(kind if kind in kinds else "", provider if provider in providers else "")


def chosen(table: Any, what: Wanted) -> list[dict[str, Any]]:
    """The rows of the list, or of the findings, that are asked for."""
    rows: list[dict[str, Any]] = table.to_dicts()
    if what.is_list:
        return [each for each in rows if what.provider in {"", each["provider"]}]
    return [
        each
        for each in rows
        if what.kind in {"", each["kind"]}
        and (not what.provider or what.provider in each["providers"])
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above the rows; ``to_do`` says what was seen of each case, and what to do."""

    to_do: Sequence[tuple[str, str]]
    people: str
    made: str
    silent: Sequence[str]
    table: Table
    kinds: Sequence[tuple[str, str, bool]]
    providers: Sequence[tuple[str, str, bool]]


def told(view: OneView, names: Mapping[str, str], what: Wanted) -> Told:
    """Counts of the week; ``kinds`` and ``providers`` are what can be chosen."""
    figures = view.told
    counts = figures["kinds"]
    every = sum(counts.values())
    kinds = [("", f"All findings ({every:,})", not what.kind)]
    kinds += [(k.value, f"{k.label} ({counts[k.value]:,})", what.kind == k.value) for k in Kind]
    kinds += [(EVERYBODY, f"Everybody on a list ({figures['listed']:,})", what.is_list)]
    ordered = sorted(names.items(), key=lambda each: each[1])
    made = timezone.localtime(view.made_at)
    return Told(
        to_do=[
            (case.words, case.to_do)
            for case in CASES.values()
            if what.kind in {"", case.kind} and counts[case.kind]
        ],
        people=f"{figures['people']:,} patients on {figures['listed']:,} pathways",
        made=f"{in_words(made.date())}, {made:%H:%M}",
        silent=[names.get(code, code) for code in figures["silent"]],
        table=_providers(figures["providers"], names),
        kinds=kinds,
        providers=[
            ("", "All providers", not what.provider),
            *((code, name, what.provider == code) for code, name in ordered),
        ],
    )


def _providers(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table:
    heads = ("Provider", "On its list", *(kind.label for kind in Kind))
    shown = [
        (
            text(names.get(each["provider"], each["provider"])),
            tag("Missing", "red") if each["open"] is None else number(each["open"]),
            *(number(each[kind.value]) for kind in Kind),
        )
        for each in rows
    ]
    return Table("Findings at each provider", heads, shown)


def page_table(
    rows: Sequence[Mapping[str, Any]], what: Wanted, names: Mapping[str, str], day: date
) -> Table:
    """A page of findings, or of the list, of the week that ends on a day."""
    return (_list if what.is_list else _findings)(rows, names, day)


def _findings(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], day: date) -> Table:
    heads = ("Patient", "What was found", "Specialty", "Providers and clock starts", "Weeks")
    shown = [
        (
            text(_pseudonym(each["person"])),
            Cell(
                text=Kind(each["kind"]).label,
                colour=COLOURS[Kind(each["kind"])],
                note=CASES[each["case"]].words,
            ),
            text(specialty(each["function"], day)),
            Cell(lines=_starts(each, names)),
            number(each["weeks"]),
        )
        for each in rows
    ]
    return Table("Findings, the longest waits of each kind first", heads, shown)


def _list(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], day: date) -> Table:
    heads = ("Patient", "Provider", "Specialty", "Clock start", "Weeks", "Findings")
    shown = [
        (
            text(_pseudonym(each["person"])),
            text(names.get(each["provider"], each["provider"])),
            text(specialty(each["function"], day)),
            text(in_words(each["start"]) if each["start"] else "Not known"),
            number(each["weeks"]),
            text(", ".join(Kind(kind).label for kind in each["kinds"]) or "–"),
        )
        for each in rows
    ]
    return Table("Everybody on a list, the longest waits first", heads, shown)


def _starts(row: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    pairs = zip(row["providers"], row["starts"], strict=True)
    return [
        f"{names.get(code, code)}, {f'since {in_words(start)}' if start else 'no clock start'}"
        for code, start in pairs
    ]


def _pseudonym(person: str | None) -> str:
    return person[:_SHOWN] if person else "No NHS number"


def specialty(code: str | None, day: date) -> str:
    """A national treatment function as people call it."""
    try:
        return function_words(reporting_line(code, day).line) if code else "Not known"
    except UnknownFunctionError:
        return code or "Not known"


def findings_file(view: OneView, what: Wanted) -> bytes:
    kind = "" if what.is_list else what.kind
    rows = chosen(unpacked_table(bytes(view.found)), Wanted(kind, what.provider))
    columns = {
        "pseudonym": [each["person"] for each in rows],
        "finding": [Kind(each["kind"]).label for each in rows],
        "what_was_seen": [CASES[each["case"]].words for each in rows],
        "what_to_do": [CASES[each["case"]].to_do for each in rows],
        "treatment_function": [each["function"] for each in rows],
        "providers": [" ".join(each["providers"]) for each in rows],
        "clock_starts": [" ".join(str(day or "-") for day in each["starts"]) for each in rows],
        "weeks": [each["weeks"] for each in rows],
        "since": [each["since"] for each in rows],
    }
    return table_file(columns, "csv")


def list_file(view: OneView, what: Wanted) -> bytes:
    rows = chosen(unpacked_table(bytes(view.listed)), Wanted(EVERYBODY, what.provider))
    columns = {
        "pseudonym": [each["person"] for each in rows],
        "provider": [each["provider"] for each in rows],
        "treatment_function": [each["function"] for each in rows],
        "clock_start": [each["start"] for each in rows],
        "weeks": [each["weeks"] for each in rows],
        "findings": [" ".join(each["kinds"]) for each in rows],
    }
    return table_file(columns, "csv")


def providers_file(view: OneView, _what: Wanted) -> bytes:
    """Counts of findings by provider under the small-number rule: what may not be seen is blank."""
    rows = view.told["providers"]
    counts = [[each[kind.value] for kind in Kind] for each in rows]
    if not counts:
        return table_file({"provider": []}, "csv")
    shown = protected(counts, threshold_on(view.week_ending))
    columns: dict[str, Sequence[object]] = {"provider": [*(e["provider"] for e in rows), "all"]}
    for at, kind in enumerate(Kind):
        columns[kind.value] = [*(row[at] for row in shown.rows), shown.column_totals[at]]
    columns["all"] = [*shown.row_totals, shown.total]
    return table_file(columns, "csv")


FILES: Mapping[str, Callable[[OneView, Wanted], bytes]] = {
    "findings.csv": findings_file,
    "list.csv": list_file,
    "providers.csv": providers_file,
}
