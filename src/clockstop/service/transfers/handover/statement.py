"""What a receiver did for patients who were moved: its statement for a month's invoice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.db.models import F
from django.utils import timezone

from clockstop.core.rulebook import transfer_limits
from clockstop.core.types import Month
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.transfers.actions.moving.charging import still_stopped
from clockstop.service.transfers.models import Activity
from clockstop.service.transfers.policies import PRICE_BASES

COLUMNS = (
    *("receiver", "commissioner", "month", "day", "pathway_identifier", "pathway_issuer"),
    *("reference", "what", "procedure", "currency_code", "price_basis", "price_pounds"),
    *("contract", "marks"),
)
LATE, UNPRICED, CORRECTED, NOBODY = (
    "entered late",
    "no price",
    "corrected since: not to be paid",
    "no commissioner",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done; ``marks`` are what somebody must look at before it is paid."""

    done: Activity
    reference: str
    identifier: str
    issuer: str
    contract: str
    marks: tuple[str, ...]

    @property
    def is_payable(self) -> bool:
        return CORRECTED not in self.marks


@dataclass(frozen=True, slots=True)
class Part:
    """The lines under one commissioner; ``pence`` is the total of those that have a price."""

    commissioner: str
    lines: tuple[Line, ...]
    pence: int
    unpriced: int
    late: int


def activity_of(actor: Actor, month: Month) -> Any:
    """What was done in a month: of a provider its own, of an ICB's hub that for its patients."""
    seen = Activity.objects.visible_to(actor).filter(
        day__gte=date(month.year, month.number, 1), day__lte=month.census
    )
    if actor.role in PROVIDING:
        seen = seen.filter(organisation_code=actor.organisation_code)
    elif actor.role is not Role.ICB_HUB:
        seen = seen.none()
    named = seen.annotate(
        reference=F("transfer__request__reference"),
        identifier=F("transfer__request__pathway__identifier"),
        issuer=F("transfer__request__pathway__issuer"),
        contract=F("transfer__offer__capacity__contract"),
    )
    return named.order_by("organisation_code", "commissioner", "day", "pk")


def lines(actor: Actor, month: Month) -> list[Line]:
    """The lines of a month."""
    found = list(activity_of(actor, month))
    standing = still_stopped(found)
    return [_line(each, is_standing=each.pk in standing) for each in found]


def parts(found: Iterable[Line]) -> list[Part]:
    """The lines by commissioner, with totals."""
    by_commissioner: dict[str, list[Line]] = {}
    for each in found:
        by_commissioner.setdefault(each.done.commissioner, []).append(each)
    return [_part(code, held) for code, held in sorted(by_commissioner.items())]


def _part(code: str, held: list[Line]) -> Part:
    return Part(
        commissioner=code,
        lines=tuple(held),
        pence=sum(each.done.price or 0 for each in held if each.is_payable),
        unpriced=sum(UNPRICED in each.marks for each in held),
        late=sum(LATE in each.marks for each in held),
    )


def _line(done: Any, *, is_standing: bool) -> Line:
    return Line(
        done=done,
        reference=done.reference,
        identifier=done.identifier or "",
        issuer=done.issuer or "",
        contract=done.contract,
        marks=tuple(_marks(done, is_standing=is_standing)),
    )


def _marks(done: Activity, *, is_standing: bool) -> Iterable[str]:
    noted = timezone.localtime(done.noted_at).date()
    if noted > transfer_limits.due(transfer_limits.TOLD_BY_RECEIVER, done.day):
        yield LATE
    if done.price is None and done.price_basis != "block":
        yield UNPRICED
    if not done.commissioner:
        yield NOBODY
    if not is_standing:
        yield CORRECTED


def sheet(found: Iterable[Line], month: Month) -> str:
    """The statement as CSV: the patient by pathway identifier alone."""
    written = StringIO()
    table = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    table.writerows(_row(each, month) for each in found)
    return written.getvalue()


def _row(line: Line, month: Month) -> Mapping[str, str]:
    held = line.done
    return {
        "receiver": held.organisation_code,
        "commissioner": held.commissioner,
        "month": str(month),
        "day": held.day.isoformat(),
        "pathway_identifier": line.identifier,
        "pathway_issuer": line.issuer,
        "reference": line.reference,
        "what": held.what,
        "procedure": held.procedure,
        "currency_code": held.currency_code,
        "price_basis": PRICE_BASES.get(held.price_basis, held.price_basis),
        "price_pounds": "" if held.price is None else f"{held.price / 100:.2f}",
        "contract": line.contract,
        "marks": "; ".join(line.marks),
    }
