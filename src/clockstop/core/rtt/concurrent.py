"""One patient on several pathways at once: each condition has its own clock (Annex C, Figure B)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from clockstop.core.rtt.clock import Derivation, derive
from clockstop.core.rtt.events import Death, Event
from clockstop.core.rtt.findings import Finding, Problem
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.policy import DEFAULT, Policy

Events = tuple[Event, ...]


def derive_each(
    pathways: Iterable[tuple[PathwayId, Iterable[Event]]],
    *,
    policy: Policy = DEFAULT,
    as_of: date | None = None,
) -> Mapping[PathwayId, Derivation]:
    """Every pathway of one patient, each from its own events; no clock touches another.

    Events under the same identifier are one pathway, whose periods never overlap. What the
    pathways say of each other becomes findings: a death that only one of them knows; and a
    separate condition needs nothing more once it has a pathway of its own (Annex E).
    """
    together: dict[PathwayId, Events] = {}
    for identifier, events in pathways:
        together[identifier] = (*together.get(identifier, ()), *events)
    found = {
        identifier: derive(events, policy=policy, as_of=as_of)
        for identifier, events in together.items()
    }
    return {
        identifier: _beside(each, _others(found, identifier)) for identifier, each in found.items()
    }


def _others(found: Mapping[PathwayId, Derivation], identifier: PathwayId) -> list[Derivation]:
    return [each for other, each in found.items() if other != identifier]


def _beside(found: Derivation, others: list[Derivation]) -> Derivation:
    kept = (each for each in found.findings if not _is_met(each, others))
    return replace(found, findings=(*kept, *_deaths(found, others)))


def _is_met(finding: Finding, others: Iterable[Derivation]) -> bool:
    """Whether the separate condition that a finding asks a pathway for has one."""
    return finding.problem is Problem.OWN_PATHWAY_NEEDED and any(
        period.start_rule == "start-separate-condition" and period.opened_on >= finding.day
        for other in others
        for period in other.periods
    )


def _deaths(found: Derivation, others: Iterable[Derivation]) -> Iterable[Finding]:
    running = found.running
    if running is None:
        return
    for death in (event for other in others for event in _died(other)):
        yield Finding(Problem.DEATH_ELSEWHERE, running.opened_by, death.day)
        return


def _died(found: Derivation) -> list[Event]:
    """The deaths that count on a pathway: neither corrected nor still to come."""
    stepped = {step.event for step in found.steps}
    return [each for each in found.events if isinstance(each, Death) and each.id in stepped]
