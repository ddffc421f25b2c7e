"""Telling the record service which patients have records here: the changes since last time.

It is told of everybody of 16 or over with a pathway or a referral at an NHS trust, whatever the
NHS App would show of them today, but of no record that is marked sensitive. So whoever turns 16 is
among the changes of that day. A call counts as made once the service has taken it; what it did not
take is sent again, at first soon and then after longer pauses. Source: its published document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.types import Sector
from clockstop.service.aggregator.calling import NotTakenError, RecordClient
from clockstop.service.aggregator.models import RecordCall, RecordTold, Resource
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.referrals.models import Referral
from clockstop.service.registry.models import Organisation

PAUSE, LONGEST = timedelta(minutes=1), timedelta(hours=1)  # after failed calls, doubled each time
_ROWS = 500
_AHEAD = 10  # calls whose numbers are asked of the store at once
_Row = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to for one kind of record.

    ``refused`` are the keys of patients whose numbers the service would not take, and ``words``
    why the run ended before all was told.
    """

    resource: str
    told: int = 0
    calls: int = 0
    refused: tuple[str, ...] = ()
    waiting: int = 0
    words: str = ""


def tell(
    client: RecordClient, *, replay: bool = False, at_once: bool = False
) -> tuple[Outcome, ...]:
    """Send what has not been told, in as many calls as that takes; with ``replay`` all of it.

    A replay that is broken off goes on with the next run, after those who are new. After failed
    calls nothing is sent until the pause is over, unless it is to be ``at_once``.
    """
    today, resources = timezone.localdate(), sorted(client.service.clients)
    if replay:
        _mark_to_replay(resources)
    return tuple(_tell(client, each, today, at_once=at_once) for each in resources)


def counts(until: datetime | None = None) -> list[dict[str, Any]]:
    """For each kind of record how many distinct numbers were taken by a moment, and wait now."""
    moment, today = until or timezone.now(), timezone.localdate()
    return [
        {
            "resource": each.value,
            "told": _distinct(RecordTold.objects.filter(resource=each, first_at__lte=moment)),
            "waiting": _waiting(each, today),
        }
        for each in Resource
    ]


def eligible(day: date) -> Any:
    """The records of those of whom the service is told on a day.

    Each condition is a question of its own, so that an index answers it.
    """
    joined = Patient.objects.filter(_has_records(), merged_into=OuterRef("pk"))
    held = Patient.objects.filter(
        _has_records() | Exists(joined),
        merged_into=None,
        died_on=None,
        sensitive=False,
        birth_date__lte=born_by(day),
    ).exclude(Q(nhs_number="") | Q(nhs_number__startswith="0"))
    sensitive = Patient.objects.filter(sensitive=True)
    of_the_number = sensitive.filter(nhs_number=OuterRef("nhs_number"))
    return held.exclude(Exists(of_the_number)).exclude(
        Exists(sensitive.filter(merged_into=OuterRef("pk")))
    )


def _has_records() -> Q:
    """Whether a pathway or a referral of a record is at an NHS trust."""
    trusts = Organisation.objects.filter(sector=Sector.NHS_TRUST).values("pk")
    pathways = Pathway.objects.filter(patient=OuterRef("pk"), organisation_code__in=trusts)
    referrals = Referral.objects.filter(patient=OuterRef("pk"), service__organisation__in=trusts)
    return Q(Exists(pathways)) | Q(Exists(referrals))


def born_by(day: date) -> date:
    """The last day of birth of those who are old enough on a day."""
    year = day.year - rulebook.on(day)["portal_age"].value
    try:
        return day.replace(year=year)
    except ValueError:  # the 29th of February of a year that has none
        return date(year, 2, 28)


def _tell(client: RecordClient, resource: str, today: date, *, at_once: bool) -> Outcome:
    told, calls, words = 0, 0, "" if at_once else _pausing(resource)
    refused: list[str] = []
    for found in () if words else _batches(resource, today, client.service.most):
        batch = list(found)
        while batch and not words:
            calls += 1
            try:
                client.tell(resource, [number for _, _, number in batch])
            except NotTakenError as error:
                _failed(resource, len(batch), str(error))
                words = "" if error.refused else str(error)
                refused += [str(batch[at][0]) for at in error.refused]
                batch = [each for at, each in enumerate(batch) if at not in error.refused]
            else:
                _taken(resource, batch)
                told, batch = told + len(batch), []
        if words:
            break
    return Outcome(resource, told, calls, tuple(refused), _waiting(resource, today), words)


def _batches(resource: str, today: date, most: int) -> Iterator[Sequence[_Row]]:
    """Those never told of, then those to be told of again: key, ICB and number of each."""
    mine = RecordTold.objects.filter(resource=resource)
    held = eligible(today).order_by("pk")
    new = held.exclude(Exists(mine.filter(patient=OuterRef("pk"))))
    again = held.filter(pk__in=mine.filter(again=True).values("patient"))
    for due in (new, again):
        rows = due.values_list("pk", "icb_code", "nhs_number")
        read = list(rows[: most * _AHEAD])
        while read:
            yield from (read[at : at + most] for at in range(0, len(read), most))
            read = list(rows.filter(pk__gt=read[-1][0])[: most * _AHEAD])


def _waiting(resource: str, today: date) -> int:
    mine = RecordTold.objects.filter(resource=resource, patient=OuterRef("pk"), again=False)
    numbers = eligible(today).exclude(Exists(mine)).values("nhs_number")
    return int(numbers.distinct().count())


def _distinct(rows: Any) -> int:
    return int(rows.values("patient__nhs_number").distinct().count())


def _pausing(resource: str) -> str:
    """Until when nothing is sent, in words; empty where nothing keeps it back."""
    calls = RecordCall.objects.filter(resource=resource)
    taken = calls.filter(is_taken=True).order_by("-pk").values_list("pk", flat=True).first()
    failed = calls.filter(pk__gt=taken or 0).order_by("-pk")
    latest: RecordCall | None = failed.first()
    if latest is None:
        return ""
    until = latest.at + min(PAUSE * 2 ** min(failed.count() - 1, 10), LONGEST)
    if until <= timezone.now():
        return ""
    return f"Failed before: nothing is sent until {timezone.localtime(until):%H:%M:%S}"


@transaction.atomic
def _mark_to_replay(resources: Sequence[str]) -> None:
    RecordTold.objects.filter(resource__in=resources).update(again=True)
    record("began to tell the record service again", SYSTEM, detail=dict.fromkeys(resources, True))


@transaction.atomic
def _taken(resource: str, batch: Sequence[_Row]) -> None:
    now = timezone.now()
    rows = [
        RecordTold(icb_code=icb, resource=resource, patient_id=key, first_at=now, at=now)
        for key, icb, _ in batch
    ]
    RecordTold.objects.bulk_create(
        rows,
        batch_size=_ROWS,
        update_conflicts=True,
        unique_fields=("resource", "patient"),
        update_fields=("at", "again"),
    )
    RecordCall.objects.create(resource=resource, at=now, records=len(batch), is_taken=True)
    detail: dict[str, str | int | bool | None] = {"resource": resource, "records": len(batch)}
    record("told the record service of patients", SYSTEM, detail=detail)


def _failed(resource: str, records: int, words: str) -> None:
    RecordCall.objects.create(
        resource=resource, at=timezone.now(), records=records, is_taken=False, words=words[:200]
    )
