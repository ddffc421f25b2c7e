"""Many requests at once, for a part of the tracking list: all of them, or none if one cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers.actions.aid.drafting import NOTHING_MORE, Needs, create
from clockstop.service.transfers.actions.locking import hold_pathways
from clockstop.service.transfers.actions.stepping import refuse_if
from clockstop.service.transfers.models import AidRequest, Cohort
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import AID_ENDED

MOST = 500
CANCER, NOT_WAITING, ASKED = "cancer", "not_waiting", "asked"
LEFT_OUT: Mapping[str, str] = {
    CANCER: "on a cancer list or under urgent suspicion: one by one, clinician to clinician",
    NOT_WAITING: "no clock runs",
    ASKED: "help is asked for already",
}


@dataclass(frozen=True, slots=True)
class Sorted:
    """Pathways of a cohort that can be asked for, and why the others are left out, by count."""

    fitting: Sequence[UUID]
    left_out: Counter[str] = field(default_factory=Counter)


def sort_out(actor: Actor, rows: Iterable[ListEntry]) -> Sorted:
    """Who of some rows of the actor's list can be asked for together. Cancer never."""
    held = list(rows)
    live = AidRequest.objects.visible_to(actor).filter(kind=Kind.TREATMENT)
    live = live.exclude(state__in=AID_ENDED).filter(pathway__in=[each.pk for each in held])
    asked = set(live.values_list("pathway_id", flat=True))
    fitting, left_out = [], Counter[str]()
    for each in held:
        if why := _why(each, asked):
            left_out[why] += 1
        else:
            fitting.append(each.pk)
    return Sorted(fitting, left_out)


def _why(entry: ListEntry, asked: set[Any]) -> str:
    if entry.on_cancer_list or entry.priority == "3":
        return CANCER
    if entry.state != State.WAITING:
        return NOT_WAITING
    return ASKED if entry.pk in asked else ""


@transaction.atomic
def create_cohort(
    *,
    actor: Actor,
    name: str,
    needs: Mapping[UUID, Needs] | Iterable[UUID],
    source: str = "list",
) -> Cohort:
    """Draft a request for each pathway, as one cohort. Raises StepRefusedError with all problems.

    ``needs`` are pathways, with what is said of each where a file says more. None of suspected
    cancer is taken: those are asked for one by one.
    """
    told = dict(needs) if isinstance(needs, Mapping) else dict.fromkeys(needs, NOTHING_MORE)
    refuse_if(_against(name, told))
    hold_pathways(pk__in=list(told))
    cohort = Cohort.objects.create(
        icb_code=actor.icb_code,
        organisation_code=actor.organisation_code,
        name=name.strip(),
        source=source,
        made_at=timezone.now(),
        made_by=actor.for_audit.id,
    )
    for pathway_id, said in told.items():
        made = create(actor=actor, pathway_id=pathway_id, needs=said, cohort=cohort)
        refuse_if(_of_cancer(made))
    recording.record(
        "cohort: asked for together",
        actor.for_audit,
        icb_code=actor.icb_code,
        subject=("cohort", cohort.pk),
        detail={"requests": len(told), "source": source},
    )
    return cohort


def _against(name: str, told: Mapping[UUID, Needs]) -> Iterable[Refusal]:
    if not name.strip() or len(name) > 100:  # noqa: PLR2004
        yield Refusal("NAME_IS_REQUIRED", "Enter a name of up to 100 characters", "name")
    if not told:
        yield Refusal("NOBODY", "Nobody is left to ask for", "name")
    if len(told) > MOST:
        yield Refusal("TOO_MANY", f"At most {MOST} at once: found {len(told)}", "name")


def _of_cancer(made: AidRequest) -> Iterable[Refusal]:
    if made.is_cancer:
        words = "Cancer is asked for one by one, clinician to clinician"
        yield Refusal("CANCER", words, "name")
