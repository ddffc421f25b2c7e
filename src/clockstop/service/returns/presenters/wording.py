"""Words for returns: periods, states, parts."""

from collections.abc import Mapping
from datetime import date

from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.core.types import Month, Part
from clockstop.service.returns.models import Kind, Return
from clockstop.service.returns.presenters.cells import Cell, tag
from clockstop.service.returns.states import State
from clockstop.service.ui.figures import day as in_words

COLOURS: Mapping[State, str] = {
    State.DRAFT: "red",
    State.CHECKED: "blue",
    State.SIGNED_OFF: "green",
    State.SENT_BACK: "orange",
    State.ACCEPTED: "green",
    State.SUPERSEDED: "grey",
    State.REJECTED: "red",
}
_WEEKLY = {State.CHECKED: "Ready to submit", State.SIGNED_OFF: "Submitted"}
PARTS: Mapping[Part, str] = {
    Part.ADMITTED: "Completed, admitted (1A)",
    Part.NONADMITTED: "Completed, not admitted (1B)",
    Part.INCOMPLETE: "Waiting (2)",
    Part.INCOMPLETE_DTA: "Waiting, with a decision to admit (2A)",
    Part.NEW_PERIODS: "New clocks (3)",
}
MINUS = "−"  # noqa: RUF001 (as a number is written, not a word)
_OTHERS = {"": "No treatment function"}


def period_words(kind: str, period: date) -> str:
    """``September 2025``, ``Week ending 28 September 2025``."""
    if kind == Kind.MONTHLY:
        return Month(period.year, period.month).label
    return f"Week ending {in_words(period)}"


def state_words(kind: str, state: State) -> str:
    """A state as it is called of a kind of return."""
    return _WEEKLY.get(state, state.label) if kind == Kind.WEEKLY else state.label


def state_cell(held: Return) -> Cell:
    """The state as a tag, and that it was late."""
    return tag(
        state_words(held.kind, held.stands), COLOURS[held.stands], "Late" if held.is_late else ""
    )


def function_words(code: str) -> str:
    """A line of the return as people call it."""
    try:
        return treatment_function(code).name
    except UnknownFunctionError:
        return _OTHERS.get(code, code)


def many(count: int, one: str, several: str = "") -> str:
    """``1 error``, ``1,204 errors``."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def findings_words(held: Return) -> str:
    """``2 errors, 1 query``: what the checks found."""
    errors = sum(each.is_error for each in held.findings)
    others = len(held.findings) - errors
    noun = ("query", "queries") if held.kind == Kind.MONTHLY else ("warning", "warnings")
    told = [many(errors, "error")] if errors else []
    told += [many(others, *noun)] if others else []
    return ", ".join(told) or "None"
