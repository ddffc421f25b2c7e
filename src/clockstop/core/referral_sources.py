"""Where a referral came from, and whether the record bears that out.

The taskforce's plan asks for weekly figures on whether referrals to the independent sector come
from primary care or from other providers. The code alone cannot be trusted: a verdict holds it
against the referring organisation, the booking reference and the marks of a transfer. Codes and
rules are data: ``codes/referral_sources.csv`` and ``codes/referral_verdicts.csv``, whose order is
that in which the rules are tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from clockstop.core.codes.load import load


class ReferralClass(StrEnum):
    """The kinds of source; where a code belongs is ours to say."""

    PRIMARY_CARE = "PRIMARY_CARE"
    OTHER_PROVIDER = "OTHER_PROVIDER"
    SAME_CONSULTANT = "SAME_CONSULTANT"
    SELF = "SELF"
    SCREENING = "SCREENING"
    UNKNOWN = "UNKNOWN"


class OrganisationKind(StrEnum):
    """What the referring organisation is."""

    PRACTICE = "practice"
    OPTOMETRIST = "optometrist"
    DENTIST = "dentist"
    TRUST = "trust"
    INDEPENDENT = "independent"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What the record says of the code."""

    VALID_PRIMARY = "VALID_PRIMARY"
    VALID_PROVIDER = "VALID_PROVIDER"
    CONFLICT = "CONFLICT"
    TRANSFER = "TRANSFER"
    UNVALIDATED = "UNVALIDATED"


class Evidence(StrEnum):
    """What else in the record a rule may ask for."""

    BOOKING = "booking"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class ReferralSource:
    """A code of the national list: its class, and whether the responsible consultant referred.

    ``status`` is ``fact``, or ``design`` where the class is a choice of ours.
    """

    code: str
    group: ReferralClass
    by_consultant: bool
    meaning: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """A rule: the verdict on these classes, with these organisations and this evidence.

    No class, no organisation or no evidence named means that it does not matter.
    """

    id: str
    verdict: Verdict
    classes: frozenset[ReferralClass]
    organisations: frozenset[OrganisationKind]
    evidence: Evidence | None
    reason: str
    status: str

    def holds(
        self, group: ReferralClass, organisation: OrganisationKind, evidence: frozenset[Evidence]
    ) -> bool:
        """Whether the rule is about such a referral."""
        return (
            (not self.classes or group in self.classes)
            and (not self.organisations or organisation in self.organisations)
            and (self.evidence is None or self.evidence in evidence)
        )


@cache
def referral_sources() -> Mapping[str, ReferralSource]:
    """Every code by itself, in the order of the list.

    Source: NHS Data Dictionary, SOURCE OF REFERRAL FOR OUT-PATIENTS.
    """
    columns = ("code", "class", "by_consultant", "meaning", "status", "source")
    rows = load("referral_sources.csv", columns)
    found = (
        ReferralSource(
            code=row["code"],
            group=ReferralClass(row["class"]),
            by_consultant=row["by_consultant"] == "Y",
            meaning=row["meaning"],
            status=row["status"],
            source=row["source"],
        )
        for row in rows
    )
    return MappingProxyType({each.code: each for each in found})


@cache
def verdict_rules() -> tuple[VerdictRule, ...]:
    """The rules in the order in which they are tried; the last one always holds."""
    columns = ("id", "verdict", "classes", "organisations", "evidence", "reason", "status")
    return tuple(
        VerdictRule(
            id=row["id"],
            verdict=Verdict(row["verdict"]),
            classes=frozenset(map(ReferralClass, row["classes"].split())),
            organisations=frozenset(map(OrganisationKind, row["organisations"].split())),
            evidence=Evidence(row["evidence"]) if row["evidence"] else None,
            reason=row["reason"],
            status=row["status"],
        )
        for row in load("referral_verdicts.csv", columns)
    )


def class_of(code: str | None) -> ReferralClass:
    """The class of a code; UNKNOWN for none and for one that is not in the list."""
    listed = referral_sources().get(code or "")
    return listed.group if listed else ReferralClass.UNKNOWN


def was_transferred(
    *,
    transfer_status: str | None = None,
    accepting_provider: str | None = None,
    received: date | None = None,
    first_received: date | None = None,
) -> bool:
    """Whether the record shows a move between providers.

    It has a transfer status, or names a provider that accepted it, or somebody received the
    referral (``first_received``) before this provider did (``received``).
    """
    earlier = first_received is not None and received is not None and first_received < received
    return bool(transfer_status or accepting_provider or earlier)


def verdict(
    code: str | None, organisation: OrganisationKind, *, booked: bool, transferred: bool
) -> VerdictRule:
    """The first rule that holds: its ``verdict``, and its ``reason`` in words.

    ``booked``: the referral has a unique booking reference number; ``transferred``: as
    ``was_transferred`` says.
    """
    evidence = {Evidence.BOOKING: booked, Evidence.TRANSFER: transferred}
    given = frozenset(each for each, is_there in evidence.items() if is_there)
    group = class_of(code)
    return next(rule for rule in verdict_rules() if rule.holds(group, organisation, given))
