"""What somebody who holds the keys to the store could do to the audit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F

from clockstop.service.audit.append_only import remove
from clockstop.service.audit.models import Chain, Entry
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.audit.sealing import SEALED, seal
from clockstop.service.audit.verifying import verify

CODES = ("QAA", "QBB", "-")
OUT_OF_THE_WAY = 1_000_000


def written(codes=CODES, each=5):
    """So many entries in each chain, in turns."""
    for number in range(1, each + 1):
        for code in codes:
            record("did something", SYSTEM, icb_code=code, subject=("pathway", f"{code}-{number}"))


def unlock(table="audit_entry"):
    """Take the triggers off; in a test they are back once its transaction is undone."""
    remove(connection.schema_editor(), table)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found(noted=None):
    """What is wrong, as (chain, entry, problem)."""
    return [(each.icb_code, each.number, each.problem) for each in verify(noted).faults]


def where(faults):
    return {(code, number) for code, number, _ in faults}


def rewrite(code, start, **changes):
    """Change one entry and seal it and all that follow anew, up to the chain's own row."""
    entries = Entry.objects.filter(icb_code=code, number__gte=start).order_by("number")
    before = Entry.objects.filter(icb_code=code, number=start - 1).first()
    previous = before.seal if before else ""
    for entry in entries:
        values = {name: getattr(entry, name) for name in SEALED} | {"previous": previous}
        if entry.number == start:
            values |= changes
        previous = seal(values)
        Entry.objects.filter(pk=entry.pk).update(**values, seal=previous)
    Chain.objects.filter(icb_code=code).update(seal=previous)


def close_the_gap(code, removed):
    """Number the entries after a removed one anew, and seal them."""
    Entry.objects.filter(icb_code=code, number__gt=removed).update(
        number=F("number") + OUT_OF_THE_WAY
    )
    Entry.objects.filter(icb_code=code, number__gt=OUT_OF_THE_WAY).update(
        number=F("number") - OUT_OF_THE_WAY - 1
    )
    Chain.objects.filter(icb_code=code).update(length=F("length") - 1)
    rewrite(code, removed)
