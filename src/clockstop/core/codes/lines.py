"""Under which line of the RTT return a treatment function is reported (§10.1.4)."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from clockstop.core import rulebook
from clockstop.core.codes.functions import OLDER_FUNCTIONS, UnknownFunctionError
from clockstop.core.codes.load import load


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """The line for one treatment function: ``code`` is national (110), ``line`` as filed (C_110).

    ``is_named`` where the guidance names the line; else it is our reading of the function's group.
    """

    code: str
    line: str
    is_named: bool

    @property
    def is_own(self) -> bool:
        """Whether the treatment function has the line to itself, or gives it its name."""
        return self.line == f"C_{self.code}"

    @property
    def is_shared(self) -> bool:
        """Whether it is one of the lines for all that have none of their own."""
        return self.line.startswith("X")

    @property
    def is_older(self) -> bool:
        """Whether it is the one shared line of the returns until March 2021."""
        return self.line in {each.code for each in OLDER_FUNCTIONS}


def reporting_line(code: str, day: date) -> ReportingLine:
    """The line for a national treatment function code in the return of a census day.

    Until March 2021 all functions without a line of their own shared one. Raises
    UnknownFunctionError (KeyError). Source: RTT guidance 5.0, §10.1.4, §10.1.1.3; the groups that
    it leaves to the treatment function standard (DCB0028) are inferred, and marked so in the file.
    """
    try:
        found = _lines()[code]
    except KeyError:
        raise UnknownFunctionError(code) from None
    if found.is_shared and "rtt_other_lines" not in rulebook.on(day):
        return ReportingLine(code, OLDER_FUNCTIONS[0].code, is_named=True)
    return found


def national_functions() -> tuple[str, ...]:
    """Every national treatment function code, in the order of the list."""
    return tuple(_lines())


@cache
def _lines() -> dict[str, ReportingLine]:
    rows = load("reporting_lines.csv", ("code", "name", "line", "source"))
    return {
        row["code"]: ReportingLine(row["code"], row["line"], row["source"] == "guidance")
        for row in rows
    }
