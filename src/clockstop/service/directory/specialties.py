"""Specialties and clinic types, by the treatment function that they belong to.

The national lists are not public; these are ours, one specialty for each treatment function of the
RTT return. Whoever runs Clockstop with the national lists puts them in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from clockstop.core.codes.load import read
from clockstop.service.directory.choices import SexTreated

_SPECIALTY = ("function", "specialty", "name", "suspected_cancer", "investigations")
_CLINIC = ("code", "function", "name", "sex", "youngest", "oldest", "conditions")
DIAGNOSTICS = "DIAGNOSTICS"


@dataclass(frozen=True, slots=True)
class Specialty:
    """What the referrals of a treatment function go to."""

    code: str
    name: str
    function: str
    has_suspected_cancer: bool
    investigations: str


@dataclass(frozen=True, slots=True)
class ClinicType:
    """A kind of clinic within a specialty. Ages are years; none is no limit."""

    code: str
    name: str
    function: str
    sex: SexTreated
    youngest: int | None
    oldest: int | None
    conditions: str


@cache
def specialties() -> Mapping[str, Specialty]:
    """The specialty of each treatment function."""
    return {
        row["function"]: Specialty(
            code=row["specialty"],
            name=row["name"],
            function=row["function"],
            has_suspected_cancer=row["suspected_cancer"] == "yes",
            investigations=row["investigations"],
        )
        for row in _rows("specialties.csv", _SPECIALTY)
    }


@cache
def specialty_names() -> Mapping[str, str]:
    """The names of the specialties by their codes, that of tests too."""
    named = {each.code: each.name for each in specialties().values()}
    return named | {DIAGNOSTICS: "Diagnostic tests"}


@cache
def clinic_types() -> Mapping[str, ClinicType]:
    """All clinic types by their codes."""
    return {
        row["code"]: ClinicType(
            code=row["code"],
            name=row["name"],
            function=row["function"],
            sex=SexTreated(row["sex"]) if row["sex"] else SexTreated.BOTH,
            youngest=int(row["youngest"]) if row["youngest"] else None,
            oldest=int(row["oldest"]) if row["oldest"] else None,
            conditions=row["conditions"],
        )
        for row in _rows("clinic_types.csv", _CLINIC)
    }


@cache
def clinic_types_of(function: str) -> tuple[ClinicType, ...]:
    """Those of a treatment function."""
    return tuple(each for each in clinic_types().values() if each.function == function)


def _rows(file: str, columns: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return read(text.splitlines(), file, columns)
