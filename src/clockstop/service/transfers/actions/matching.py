"""The matcher's runs and what the hub makes of them: a proposal is taken or left, never applied."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.analytics.allocation import Terms as Rules
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.audit import recording
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.renewing import renew_requests
from clockstop.service.transfers.actions.stepping import refuse_if
from clockstop.service.transfers.matching import reading, telling
from clockstop.service.transfers.matching.answers import answers_to, in_words
from clockstop.service.transfers.models import AidRequest, Capacity, Match, MatchRun, Offer
from clockstop.service.transfers.policies import LEAVINGS, against_choice
from clockstop.service.transfers.states import Aid

TAKEN, LEFT = "taken", "left"
_BATCH = 500


def run_for(actor: Actor) -> MatchRun:
    """Match the open requests of the ICB of the hub that asks. Raises StepRefusedError."""
    if actor.role is not Role.ICB_HUB or not actor.icb_code:
        raise StepRefusedError(
            [Refusal("NOT_YOURS", "Only the hub of an ICB matches its requests")]
        )
    return run(actor.icb_code, actor.for_audit)


def run(icb_code: str, by: recording.Actor) -> MatchRun:
    """Match the open requests of an ICB with what is posted, and keep what is proposed.

    Nothing is offered by it. What earlier runs proposed, and nobody decided on, makes way. The
    search itself locks nothing: a place that is gone meanwhile is refused when somebody takes it.
    """
    from clockstop.analytics.allocation.assigning import solved  # the compiler, the solver

    today = timezone.localdate()
    terms = Rules.of(today)
    renew_requests(AidRequest.objects.filter(icb_code=icb_code))
    answers = answers_to(reading.open_requests(icb_code))
    requests = reading.asking(icb_code, today, answers)
    capacities = reading.offering(requests, today)
    answer = solved(requests, capacities, terms)
    told = list(telling.lines(answer, terms, in_words(answers, with_comments=True)))
    cancer = AidRequest.objects.filter(icb_code=icb_code, state=Aid.OPEN, is_cancer=True).count()
    found = telling.summary(told, cancer, is_proven=not answer.unproven.any())
    made = MatchRun(
        icb_code=icb_code,
        at=timezone.now(),
        by=by.id,
        digest=reading.digest(requests, capacities, terms),
        requests=len(requests),
        capacities=len(capacities),
        matched=found["matched"],
        told=json.dumps(found),
    )
    with transaction.atomic():
        _keep(made, told, by)
    return made


def _keep(made: MatchRun, told: list[telling.Line], by: recording.Actor) -> None:
    Match.objects.filter(icb_code=made.icb_code, decision="").delete()
    made.save(force_insert=True)
    asked = AidRequest.objects.filter(icb_code=made.icb_code, state=Aid.OPEN, is_cancer=False)
    in_order = asked.order_by("urgency", "waiting_since", "pk").values_list("pk", flat=True)
    at = {str(key): number for number, key in enumerate(in_order)}
    rows = (_match(made, each) for each in sorted(told, key=lambda line: at.get(line.request, -1)))
    Match.objects.bulk_create(rows, batch_size=_BATCH)
    recording.record(
        "match requests for help",
        by,
        icb_code=made.icb_code,
        subject=("match run", made.pk),
        detail={"requests": made.requests, "matched": made.matched, "digest": made.digest},
    )


def _match(made: MatchRun, line: telling.Line) -> Match:
    return Match(
        icb_code=made.icb_code,
        run=made,
        request_id=UUID(line.request),
        capacity_id=UUID(line.capacity) if line.capacity else None,
        weeks_gained=line.weeks_gained,
        miles=line.miles,
        binding=line.binding,
        why=line.why,
    )


def icbs() -> list[str]:
    """The ICBs that have open requests."""
    held = AidRequest.objects.filter(state=Aid.OPEN).order_by("icb_code")
    return list(held.values_list("icb_code", flat=True).distinct())


@transaction.atomic
def take(
    *,
    actor: Actor,
    match_id: int,
    day: date | None,
    team: str = "",
    override: str = "",
    minutes: int | None = None,
) -> Offer:
    """Offer the place that was proposed: it is held, and all is asked again.

    ``override`` says why in spite of a warning that has arisen since.
    Raises Match.DoesNotExist, StaleError, BusyError and StepRefusedError.
    """
    match = _undecided(actor, match_id)
    if match.capacity_id is None:
        raise StepRefusedError([Refusal("NO_PLACE", "No place was proposed for this request")])
    terms = aid.Terms(day=day, team=team, override=override)
    try:
        made = aid.offer(
            actor=actor,
            request_id=match.request_id,
            capacity_id=match.capacity_id,
            terms=terms,
            minutes=minutes,
        )
    except Capacity.DoesNotExist:
        words = "This capacity is no longer posted"
        raise StepRefusedError([Refusal("NOT_POSTED", words)]) from None
    _decide(actor, match, TAKEN)
    return made


@transaction.atomic
def leave(*, actor: Actor, match_id: int, reason: str, comment: str = "") -> Match:
    """Do not offer what was proposed, and say why. Raises as ``take`` does."""
    match = _undecided(actor, match_id)
    refuse_if(against_choice(reason, LEAVINGS, comment))
    match.comment = comment.strip()
    return _decide(actor, match, LEFT, reason)


def _undecided(actor: Actor, match_id: int) -> Match:
    """A match of the actor's own ICB, locked."""
    if actor.role is not Role.ICB_HUB:
        raise Match.DoesNotExist
    visible = Match.objects.visible_to(actor).filter(icb_code=actor.icb_code)
    match: Match = visible.select_for_update(of=("self",)).get(pk=match_id)
    if match.decision:
        words = "Somebody has decided on this already"
        raise StepRefusedError([Refusal("DECIDED_ALREADY", words)])
    return match


def _decide(actor: Actor, match: Match, decision: str, reason: str = "") -> Match:
    match.decision, match.decided_at = decision, timezone.now()
    match.decided_by, match.reason = actor.for_audit.id, reason
    match.save(update_fields=("decision", "decided_at", "decided_by", "reason", "comment"))
    recording.record(
        f"proposed place: {decision}",
        actor.for_audit,
        icb_code=match.icb_code,
        subject=("match", str(match.pk)),
        detail={"request": str(match.request_id), "reason": reason},
    )
    return match
