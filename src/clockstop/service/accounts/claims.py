"""What a sign-in service said of somebody, and whether it is enough. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.providers import PatientService, StaffService
from clockstop.service.accounts.refusals import RefusedError, Why


@dataclass(frozen=True, slots=True)
class Told:
    """The claims of a verified token, and of the userinfo that goes with it."""

    signed: Mapping[str, Any]
    userinfo: Mapping[str, Any]

    @property
    def subject(self) -> str:
        return str(self.signed["sub"])

    def get(self, name: str) -> Any:
        """A claim: of the signed token first, since nobody can have changed that."""
        return self.signed.get(name) or self.userinfo.get(name)

    @property
    def name(self) -> str:
        """How they are called."""
        parts = (str(self.get(name) or "").strip() for name in ("given_name", "family_name"))
        return (" ".join(filter(None, parts)) or str(self.get("name") or ""))[:200]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works for the NHS. ``organisations``: None where the service named none."""

    subject: str
    organisations: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody whose identity NHS login has proven."""

    subject: str
    name: str
    nhs_number: NhsNumber


def staff_member(told: Told, service: StaffService) -> StaffMember:
    """Who signed in through CIS2. Raises RefusedError where their level is too low."""
    for claim, least in service.levels:
        if _level(told.signed.get(claim)) < least:
            raise RefusedError(Why.LEVEL)
    return StaffMember(told.subject, _organisations(told, service))


def patient(told: Told, service: PatientService) -> Patient:
    """Who signed in through NHS login. Raises RefusedError unless their identity is proven."""
    vot = told.signed.get("vot")
    if told.get("identity_proofing_level") != service.proofing or not satisfies(
        vot, service.vectors
    ):
        raise RefusedError(Why.LEVEL)
    try:
        number = NhsNumber(str(told.get("nhs_number") or ""))
    except ValueError:
        raise RefusedError(Why.NHS_NUMBER) from None
    return Patient(told.subject, told.name, number)


def satisfies(vot: object, vectors: Iterable[str]) -> bool:
    """Whether the trust that was reached has every part of one of the vectors asked for."""
    reached = set(vot.split(".")) if isinstance(vot, str) else set()
    return any(set(vector.split(".")) <= reached for vector in vectors)


def _level(value: object) -> int:
    """A level as a number; text counts too, and what is neither is the lowest."""
    return int(value) if isinstance(value, str | int) and str(value).isdecimal() else 0


def _organisations(told: Told, service: StaffService) -> frozenset[str] | None:
    roles = told.get(service.organisations_claim)
    if not service.only_its_organisations or not isinstance(roles, list):
        return None
    return frozenset(
        str(each["org_code"]).upper()
        for each in roles
        if isinstance(each, dict) and each.get("org_code")
    )
