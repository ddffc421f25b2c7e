"""Which roles may be given to whom, whoever gives them. Pure: plain data in, reasons out."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clockstop.core import rulebook
from clockstop.service.accounts.roles import STAFF, Role

# These see what concerns the whole of an ICB, so only the ICB itself gives them.
OF_AN_ICB = frozenset({Role.ICB_HUB, Role.COMMISSIONER})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is refused: the field it is about and the words."""

    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role to be given to somebody, as a sign-in service knows them."""

    issuer: str
    subject: str
    name: str
    role: Role
    organisation_code: str
    icb_code: str
    starts: date
    ends: date | None = None


def against_grant(grant: Grant, today: date) -> tuple[Refusal, ...]:
    """All that stands against giving a role."""
    return (*_about_whom(grant), *_about_role(grant), *_about_days(grant, today))


def _about_whom(grant: Grant) -> Iterable[Refusal]:
    if not grant.subject or not grant.subject.isprintable() or " " in grant.subject:
        yield Refusal("subject", "Enter the user ID as the sign-in service shows it, no spaces")
    if not grant.issuer:
        yield Refusal("issuer", "Say which sign-in service knows them by this user ID")
    if not grant.name.strip():
        yield Refusal("name", "Enter the person's name")


def _about_role(grant: Grant) -> Iterable[Refusal]:
    if grant.role not in STAFF:
        yield Refusal("role", "Patients and carers sign in for themselves: choose a role of staff")
    if grant.role in OF_AN_ICB and grant.organisation_code != grant.icb_code:
        yield Refusal("role", f"Only an ICB has the role {grant.role.label}")
    if not grant.organisation_code:
        yield Refusal("organisation_code", "Say in which organisation")


def _about_days(grant: Grant, today: date) -> Iterable[Refusal]:
    if grant.ends is not None and grant.ends <= grant.starts:
        yield Refusal("ends", "The role must end after the day it starts")
    elif grant.ends is not None and grant.ends <= today:
        yield Refusal("ends", "The role must end after today")


def against_delegation(ends: date, today: date) -> tuple[Refusal, ...]:
    """All that stands against letting a carer see a record until (not including) a day."""
    if ends <= today:
        return (Refusal("ends", "The last day must be today or later"),)
    latest = after_months(today, rulebook.on(today)["carer_longest"].value)
    if ends > latest:
        words = f"The last day must be before {latest:%-d %B %Y}"
        return (Refusal("ends", words),)
    return ()


def after_months(day: date, months: int) -> date:
    """The day after the last one of so many months; a short month ends them earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
