"""Which pathways stand behind a figure of a monthly return, as they did when it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.engine.files import unpacked_table
from clockstop.analytics.returns.entries import typed
from clockstop.analytics.returns.lines import lines_of
from clockstop.analytics.returns.monthly import Asked as Month
from clockstop.analytics.returns.monthly import by_parts
from clockstop.analytics.returns.tables import Return as Counted
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.rtt.rules import clock_rules
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
            rule = clock_rules().get(self.left_out)
            return rule.text if rule else self.left_out
        return f"{function_words(self.function)}, {PARTS[Part(self.part)].lower()}"


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

    for lines in by_parts(events, counted.month, _lines, policy=DEFAULT):
        for key, part, by, function in _cells(lines):
            if by in {code, None}:
                add(key, part, function or "", unfiled.get((key, part), ""))
    for key, _, rule in counted.left_out.iter_rows():
        add(key, "", "", rule)
    return columns


def _named(table: Any) -> Any:
    return table.select("pathway", "issuer", "identifier").iter_rows()


def _cells(lines: Any) -> Any:
    return lines.select("pathway", "part", "provider", "function").iter_rows()


def _lines(part: Any, asked_of: Month) -> Any:
    found = derive_tables(part, policy=asked_of.policy, as_of=asked_of.as_of)
    lines, _ = lines_of(
        found.periods,
        typed(part),
        asked_of.census,
        policy=asked_of.policy,
        as_of=asked_of.as_of,
    )
    return lines
