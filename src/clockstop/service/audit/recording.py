"""The one writer of the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from clockstop.service.audit.models import NATIONAL, Chain, Entry
from clockstop.service.audit.sealing import SEALED, canonical, seal


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the audit keeps it: a reference, never a name."""

    id: str
    role: str
    organisation_code: str = ""


SYSTEM = Actor("system", "system")


class NotInTransactionError(RuntimeError):
    """An entry must stand or fall with what it tells of."""


def record(
    action: str,
    by: Actor,
    *,
    icb_code: str = NATIONAL,
    subject: tuple[str, UUID | str] | None = None,
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> Entry:
    """Append an entry, in the transaction of the write that it tells of.

    ``subject`` is a kind of record and its key. ``detail`` holds references and hashes alone.
    The chain stays locked until the transaction ends, so that entries follow each other.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError(action)
    chain = _locked(icb_code)
    kind, key = subject or ("", "")
    entry = Entry(
        icb_code=icb_code,
        number=chain.length + 1,
        at=datetime.now(UTC).isoformat(timespec="microseconds"),
        actor=by.id,
        role=by.role,
        organisation_code=by.organisation_code,
        action=action,
        subject_kind=kind,
        subject=str(key),
        detail=canonical(detail or {}),
        previous=chain.seal,
    )
    entry.seal = seal({name: getattr(entry, name) for name in SEALED})
    entry.save(force_insert=True)
    chain.length, chain.seal = entry.number, entry.seal
    chain.save(update_fields=("length", "seal"))
    return entry


def _locked(icb_code: str) -> Chain:
    Chain.objects.get_or_create(icb_code=icb_code)
    return Chain.objects.select_for_update().get(icb_code=icb_code)
