"""What kind of service a referral goes to, and so whether it starts a clock (§3.2, §6, §7, §13)."""

from __future__ import annotations

from dataclasses import dataclass

from clockstop.core.rtt.events import Service
from clockstop.core.rtt.rules import ClockRule, clock_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """What a commissioner knows of a service.

    ``consultant_led``: a consultant keeps overall clinical responsibility, in whatever setting;
    ``community_service``: it is a community service itself. ``gp_keeps_responsibility``: tests
    alone, and nobody is to see a consultant. ``traditional_care``: primary or community care as it
    always was, or the same in another setting. ``non_consultant_only``: it brings nothing but
    services that no consultant leads out of hospital. ``mental_health``: of a mental health trust.
    ``special_interest``: a practitioner with a special interest; ``wider_interface``: who works in
    a wider interface service. ``instead_of_consultant``: it takes referrals that a consultant's
    team would otherwise have had; ``may_refer_on`` to one before it hands back; ``treats``, or only
    advises on the next step.
    """

    consultant_led: bool = False
    community_service: bool = False
    gp_keeps_responsibility: bool = False
    traditional_care: bool = False
    non_consultant_only: bool = False
    mental_health: bool = False
    special_interest: bool = False
    wider_interface: bool = False
    instead_of_consultant: bool = False
    may_refer_on: bool = False
    treats: bool = False


def kind_of_service(facts: ServiceFacts) -> tuple[Service, ClockRule]:
    """The kind of service, and the rule that makes it so; what nothing brings in scope is out."""
    service, rule = _in_consultant_care(facts) or _kept_out(facts) or _interface(facts)
    return service, clock_rules()[rule]


def _in_consultant_care(facts: ServiceFacts) -> tuple[Service, str] | None:
    if facts.gp_keeps_responsibility:
        return Service.DIRECT_ACCESS_TEST, "service-direct-access"
    if not facts.consultant_led:
        return None
    if facts.community_service:
        return Service.COMMUNITY_CONSULTANT_LED, "service-community"
    return Service.CONSULTANT_LED, "service-consultant-led"


def _kept_out(facts: ServiceFacts) -> tuple[Service, str] | None:
    """What is no interface service, whatever else it does (§6.1)."""
    reasons = {
        "service-traditional": facts.traditional_care,
        "service-non-consultant-only": facts.non_consultant_only,
        "service-mental-health": facts.mental_health,
        "service-special-interest": facts.special_interest
        and not (facts.wider_interface and facts.may_refer_on),
    }
    for rule, holds in reasons.items():
        if holds:
            return Service.NOT_CONSULTANT_LED, rule
    return None


def _interface(facts: ServiceFacts) -> tuple[Service, str]:
    if not facts.may_refer_on:
        return Service.NOT_CONSULTANT_LED, "service-never-refers-on"
    if not facts.treats:
        return Service.ASSESSMENT, "service-assessment"
    if facts.instead_of_consultant or facts.wider_interface:
        return Service.INTERFACE, "service-interface"
    return Service.NOT_CONSULTANT_LED, "service-not-instead"
