"""How a patient comes to a service: referrals, booking references, slot issues (§3.2, §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clockstop.core.rtt.events.base import Event


class Service(StrEnum):
    """What kind of service the patient is referred to (§6, §7, §13)."""

    CONSULTANT_LED = "consultant_led"
    STRAIGHT_TO_TEST = "straight_to_test"
    INTERFACE = "interface"
    ASSESSMENT = "assessment"
    COMMUNITY_CONSULTANT_LED = "community_consultant_led"
    NOT_CONSULTANT_LED = "not_consultant_led"
    DIRECT_ACCESS_TEST = "direct_access_test"


class Referrer(StrEnum):
    """Who refers."""

    PROFESSIONAL = "professional"
    SELF = "self"
    CONSULTANT = "consultant"
    EMERGENCY = "emergency"
    OUTSIDE_ENGLAND = "outside_england"


@dataclass(frozen=True, kw_only=True)
class ReferralReceived(Event):
    """The provider received notice of a referral.

    ``via_ers`` marks one whose booking reference decides the start. ``ratified`` is for
    self-referrals. ``original_start`` is the clock start that an interface service or another
    provider passed on. ``same_condition`` is false for a condition that deserves its own pathway.
    """

    service: Service = Service.CONSULTANT_LED
    referrer: Referrer = Referrer.PROFESSIONAL
    via_ers: bool = False
    ratified: bool = False
    original_start: date | None = None
    same_condition: bool = True


@dataclass(frozen=True, kw_only=True)
class ReferralRatified(Event):
    """A professional ratified the self-referral that ``referral`` names (rule 2)."""

    referral: str


@dataclass(frozen=True, kw_only=True)
class UbrnConverted(Event):
    """The patient converted a booking reference; ``linked_to`` names an earlier one."""

    ubrn: str
    linked_to: str | None = None
    service: Service = Service.CONSULTANT_LED
    original_start: date | None = None


@dataclass(frozen=True, kw_only=True)
class SlotIssueListed(Event):
    """A booking reference appeared on the provider's appointment slot issue (ASI) list."""

    ubrn: str
    service: Service = Service.CONSULTANT_LED
    original_start: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReferralRejected(Event):
    """The chosen provider rejected the referral; the patient is referred elsewhere."""


@dataclass(frozen=True, kw_only=True)
class OnwardReferral(Event):
    """An interface service referred the patient on, to the kind of ``service`` named."""

    service: Service = Service.CONSULTANT_LED


@dataclass(frozen=True, kw_only=True)
class AdviceRequested(Event):
    """A GP asked a specialist for advice."""
