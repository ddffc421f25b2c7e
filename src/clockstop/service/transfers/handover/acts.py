"""What either side may do with a transfer: the questions of each page, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.actions import moving
from clockstop.service.transfers.actions.moving.returning import REASONS
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import Aid
from clockstop.service.ui.day_field import PARTS, read_day

Given = Mapping[str, str]
_TREATED = {"outpatient": "In an outpatient clinic", "therapy": "By a therapist"}


@dataclass(frozen=True, slots=True)
class Act:
    """A page that asks a few questions, then takes a step. ``asks`` are the names of its fields."""

    slug: str
    label: str
    words: str
    asks: tuple[str, ...]
    call: Callable[[Actor, AidRequest, Given], Any]
    side: str
    states: tuple[Aid, ...]
    tests: bool | None = None  # for tests alone, for treatment alone, or for both

    def fits(self, request: AidRequest, side: str) -> bool:
        """Whether a side may take it now, as far as the state says."""
        is_kind = self.tests is None or self.tests == request.is_diagnostic
        return is_kind and side == self.side and request.state in self.states


def _acknowledge(actor: Actor, request: AidRequest, given: Given) -> Any:
    return moving.acknowledge(actor=actor, request_id=request.pk, minutes=minutes_in(given))


def _receive(actor: Actor, request: AidRequest, given: Given) -> Any:
    on = day_of(given, "on")
    treated = None
    if given.get("treated"):
        treated = {"kind": "treatment_started", "day": on.isoformat(), "setting": given["treated"]}
    return moving.receive(
        actor=actor,
        request_id=request.pk,
        on=on,
        treated=treated,
        acting_for=clinician_of(given),
        version=version_of(given),
        minutes=minutes_in(given),
    )


def _return(actor: Actor, request: AidRequest, given: Given) -> Any:
    return moving.return_patient(
        actor=actor,
        request_id=request.pk,
        reason=given.get("reason", ""),
        comment=given.get("comment", ""),
        acting_for=clinician_of(given),
        version=version_of(given),
        minutes=minutes_in(given),
    )


def _report(actor: Actor, request: AidRequest, given: Given) -> Any:
    return moving.report_result(
        actor=actor,
        request_id=request.pk,
        result=given.get("result", ""),
        tested_on=day_of(given, "tested_on"),
        version=version_of(given),
        minutes=minutes_in(given),
    )


def _read(actor: Actor, request: AidRequest, given: Given) -> Any:
    return moving.read_result(
        actor=actor,
        request_id=request.pk,
        acting_for=clinician_of(given),
        version=version_of(given),
        minutes=minutes_in(given),
    )


ACTS: Mapping[str, Act] = {
    each.slug: each
    for each in (
        Act(
            "acknowledge",
            "Acknowledge the form",
            "Say that the data set and its documents have arrived.",
            ("minutes",),
            _acknowledge,
            "receiver",
            (Aid.TRANSFERRING,),
        ),
        Act(
            "receive",
            "Receive the patient",
            "From this day you have clinical responsibility and report the wait. The clock goes on "
            "from its start.",
            ("on", "treated", "acting_for", "minutes"),
            _receive,
            "receiver",
            (Aid.TRANSFERRING,),
            tests=False,
        ),
        Act(
            "receive-test",
            "Receive the patient for the test",
            "The sender keeps clinical responsibility and the wait.",
            ("on", "minutes"),
            _receive,
            "receiver",
            (Aid.TRANSFERRING,),
            tests=True,
        ),
        Act(
            "result",
            "Send the result back",
            "A clinician of the sender reads it. Put the report itself to the documents.",
            ("tested_on", "result", "minutes"),
            _report,
            "receiver",
            (Aid.TRANSFERRED,),
            tests=True,
        ),
        Act(
            "return",
            "Return the patient",
            "The patient goes back by the return route of the form. The clock goes on.",
            ("reason", "comment", "acting_for", "minutes"),
            _return,
            "receiver",
            (Aid.TRANSFERRED,),
        ),
        Act(
            "read",
            "Mark the result as read",
            "This ends the request: the receiver sees the record until tonight.",
            ("acting_for", "minutes"),
            _read,
            "sender",
            (Aid.RESULTED,),
            tests=True,
        ),
    )
}
OPTIONS: Mapping[str, Mapping[str, str]] = {"reason": REASONS, "treated": _TREATED}


def possible(request: AidRequest, side: str) -> list[Act]:
    """What a side may do now."""
    return [each for each in ACTS.values() if each.fits(request, side)]


def day_of(given: Given, name: str) -> date:
    """A day of three boxes; today where all are empty. Raises StepRefusedError."""
    day, month, year = (given.get(f"{name}-{part}", "").strip() for part in PARTS)
    typed = (day, month, year)
    if not any(typed):
        return timezone.localdate()
    found = read_day(typed)
    if found is None:
        raise StepRefusedError([Refusal("DAY_NOT_READ", "Enter a real day, like 27 3 2026", name)])
    return found


def clinician_of(given: Given) -> UUID | None:
    """The clinician for whom somebody acts, if one was chosen."""
    try:
        return UUID(given.get("acting_for", ""))
    except ValueError:
        return None


def version_of(given: Given) -> int | None:
    """The version of the request that the page showed."""
    text = given.get("version", "")
    return int(text) if text.isdecimal() else None
