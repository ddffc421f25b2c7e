"""The fifteen diagnostic tests of the DM01 return, in their three groups."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from clockstop.core.codes.load import load

_COLUMNS = ("code", "number", "name", "official_name", "group", "source")


class TestGroup(StrEnum):
    """The groups in which DM01 reports; the value is what tables and files carry."""

    __test__ = False  # no class of tests, whatever its name

    IMAGING = "imaging"
    PHYSIOLOGICAL = "physiological"
    ENDOSCOPY = "endoscopy"


@dataclass(frozen=True, slots=True)
class DiagnosticTest:
    """A test: ``code`` as the extract files it (``MRI``), ``number`` its DM01 number (1 to 15).

    ``name`` is in plain words, ``official_name`` as the provider workbook prints it.
    """

    code: str
    number: int
    name: str
    official_name: str
    group: TestGroup


class UnknownTestError(KeyError):
    """No diagnostic test has this code."""

    def __str__(self) -> str:
        return f"{self.args[0]!r} is not a DM01 test code; expected one like MRI"


@cache
def diagnostic_tests() -> tuple[DiagnosticTest, ...]:
    """The 15 tests in the order of the return.

    Source: NHS Data Dictionary, Diagnostics Waiting Times and Activity Data Set (DM01).
    """
    return tuple(
        DiagnosticTest(
            code=row["code"],
            number=int(row["number"]),
            name=row["name"],
            official_name=row["official_name"],
            group=TestGroup(row["group"]),
        )
        for row in load("diagnostic_tests.csv", _COLUMNS)
    )


def diagnostic_test(code: str) -> DiagnosticTest:
    """The test filed as ``code``. Raises UnknownTestError (KeyError)."""
    for test in diagnostic_tests():
        if test.code == code:
            return test
    raise UnknownTestError(code)
