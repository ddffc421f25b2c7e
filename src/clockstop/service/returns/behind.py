"""Which pathways stand behind a figure of a monthly return, as they did when it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clockstop.analytics.engine.files import unpacked_table
from clockstop.analytics.returns.lines import PROVIDER_MISSING
from clockstop.analytics.returns.pathway_lines import pathway_lines
from clockstop.analytics.returns.summary import words_of
from clockstop.analytics.returns.tables import Return as Counted
from clockstop.core.types import Part
from clockstop.service.returns.models import Return
from clockstop.service.returns.presenters.wording import PARTS, function_words

LINES = "lines.parquet"
_COLUMNS = ("issuer", "identifier", "part", "function", "reason")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell (part and treatment function), or a reason for being left out."""

    part: str = ""
    function: str = ""
    left_out: str = ""

    @property
    def query(self) -> Mapping[str, str]:
        if self.left_out:
            return {"left_out": self.left_out}
        return {"part": self.part, "function": self.function}

    @property
    def words(self) -> str:
        if self.left_out:
            return reason_words(self.left_out)
        part = PARTS[Part(self.part)]
        return f"{function_words(self.function)}, {part[0].lower()}{part[1:]}"


def reason_words(rule: str) -> str:
    """Why something is left out; a rule that there is not is named as it is."""
    try:
        return words_of(rule)
    except KeyError:
        return rule


def asked(query: Mapping[str, str]) -> Asked | None:
    """What an address asks for; None where it asks for nothing that there is."""
    if query.get("left_out"):
        return Asked(left_out=query["left_out"])
    if query.get("part") not in {part.value for part in Part}:
        return None
    return Asked(part=query["part"], function=query.get("function", ""))


def pathways(held: Return, what: Asked) -> list[Key]:
    """Issuer and identifier of the pathways, in order; none where the return kept none."""
    file = held.files.filter(name=LINES).first()
    if file is None:
        return []
    table = unpacked_table(file.content)
    if what.left_out:
        rows = table.filter(reason=what.left_out)
    else:
        rows = table.filter(part=what.part, function=what.function, reason="")
    return sorted(set(rows.select("issuer", "identifier").iter_rows()))


def lines_behind(
    code: str, table: Any, events: Any, counted: Counted
) -> Mapping[str, Sequence[object]]:
    """A line for each pathway of each cell of a provider, and of each reason for leaving one out.

    A line that has a reason is in no cell that is filed.
    """
    names = {key: (issuer, identifier) for key, issuer, identifier in _named(table)}
    unfiled = {(key, part): reason for key, _, part, reason in counted.unfiled.iter_rows()}
    columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}

    def add(key: int, part: str, function: str, reason: str) -> None:
        for name, value in zip(_COLUMNS, (*names[key], part, function, reason), strict=True):
            columns[name].append(value)

    for by in (code, None) if PROVIDER_MISSING in unfiled.values() else (code,):
        lines = pathway_lines(table, events, counted.month, {"provider": by})
        for key, part, function in lines.select("pathway", "part", "function").iter_rows():
            add(key, part, function or "", unfiled.get((key, part), ""))
    for key, _, rule in counted.left_out.iter_rows():
        add(key, "", "", rule)
    return columns


def _named(table: Any) -> Any:
    return table.select("pathway", "issuer", "identifier").iter_rows()
