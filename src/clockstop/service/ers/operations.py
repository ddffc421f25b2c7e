"""The operations of the API, as published: a table. Pure.

Source: the OpenAPI document of the e-Referral Service API (identifiers A004 to A044); the columns
``result`` and ``differs`` are ours and make the page of what is answered as published.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from clockstop.service.accounts.roles import Role


class Function(StrEnum):
    """In which business function somebody calls."""

    REFERRING_CLINICIAN = "REFERRING_CLINICIAN"
    REFERRING_CLINICIAN_ADMIN = "REFERRING_CLINICIAN_ADMIN"
    REFERRING_ADMIN = "REFERRING_ADMIN"
    SERVICE_PROVIDER_CLINICIAN = "SERVICE_PROVIDER_CLINICIAN"
    SERVICE_PROVIDER_CLINICIAN_ADMIN = "SERVICE_PROVIDER_CLINICIAN_ADMIN"
    SERVICE_PROVIDER_ADMIN = "SERVICE_PROVIDER_ADMIN"
    SERVICE_DEFINER = "SERVICE_DEFINER"
    COMMISSIONER = "COMMISSIONER"
    INFORMATION_ANALYST = "INFORMATION_ANALYST"


_SHORT = {
    "RC": Function.REFERRING_CLINICIAN,
    "RCA": Function.REFERRING_CLINICIAN_ADMIN,
    "RA": Function.REFERRING_ADMIN,
    "SPC": Function.SERVICE_PROVIDER_CLINICIAN,
    "SPCA": Function.SERVICE_PROVIDER_CLINICIAN_ADMIN,
    "SPA": Function.SERVICE_PROVIDER_ADMIN,
}
# In which an application of a provider, and of a referrer, stands for its organisation.
_SIDES = {
    "P": Function.SERVICE_PROVIDER_CLINICIAN_ADMIN,
    "R": Function.REFERRING_CLINICIAN_ADMIN,
}
# Which business functions a role here may call in; roles that are not named have none.
FUNCTIONS: dict[Role, tuple[Function, ...]] = {
    Role.REFERRER: (Function.REFERRING_CLINICIAN,),
    Role.REFERRING_ADMINISTRATOR: (
        Function.REFERRING_CLINICIAN_ADMIN,
        Function.REFERRING_ADMIN,
    ),
    Role.PROVIDER_CLINICIAN: (Function.SERVICE_PROVIDER_CLINICIAN,),
    Role.PROVIDER_ADMINISTRATOR: (
        Function.SERVICE_PROVIDER_CLINICIAN_ADMIN,
        Function.SERVICE_PROVIDER_ADMIN,
    ),
    Role.WAITING_LIST_MANAGER: (Function.SERVICE_PROVIDER_ADMIN,),
    Role.SERVICE_DEFINER: (Function.SERVICE_DEFINER,),
    Role.COMMISSIONER: (Function.COMMISSIONER,),
    Role.ANALYST: (Function.INFORMATION_ANALYST,),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """A row: what is called how, by whom, and with which status it refuses.

    ``functions`` is empty where anybody who has signed in may call. ``unattended`` are those in
    which an application may, with nobody at the screen. ``codes`` are those of its own
    list of refusals. ``no_version`` is the status where a change does not say which version it was
    made on; 0 where none is asked for.
    """

    code: str
    title: str
    method: str
    path: str
    functions: frozenset[Function]
    writes: bool
    unattended: frozenset[Function]
    body: str  # json, file or nothing
    refused: int
    codes: frozenset[str]
    no_version: int
    result: str
    differs: str

    @property
    def is_r4(self) -> bool:
        return self.path.startswith("/R4/")

    @property
    def is_there(self) -> bool:
        return self.result != "not done"


@cache
def operations() -> dict[str, Operation]:
    """All of them, by identifier."""
    text = files(__package__).joinpath("operations.csv").read_text(encoding="utf-8")
    return {row["code"]: _operation(row) for row in csv.DictReader(text.splitlines())}


def _operation(row: dict[str, str]) -> Operation:
    return Operation(
        row["code"],
        row["title"],
        row["method"],
        row["path"],
        frozenset(_SHORT[each] for each in row["functions"].split()),
        row["scope"] == "write",
        frozenset(_SIDES[each] for each in row["unattended"].split()),
        row["body"],
        int(row["refused"]),
        frozenset(row["codes"].split()),
        int(row["no_version"] or 0),
        row["result"],
        row["differs"],
    )
