"""The watch over the order of locks sees what it is for; every test of mutual aid is under it."""

import pytest
from django.db import transaction
from tests.service import lock_order
from tests.service.transfers.made_up import an_open_request

from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.models import AidRequest, Capacity

pytestmark = pytest.mark.django_db


def seen(*steps):
    with lock_order.watched() as watch, transaction.atomic():
        for step in steps:
            step()
    return [each.split(":")[0] for each in watch.late]


def audit():
    record("a test", SYSTEM)


def lock(rows):
    return lambda: list(rows.select_for_update())


def test_a_row_that_is_locked_saved_or_counted_after_the_audit_is_seen():
    request = an_open_request()
    rows = AidRequest.objects.filter(pk=request.pk)
    for late in (lock(rows), request.save, lambda: rows.update(declines=1)):
        assert len(seen(audit, late)) == 1
        assert seen(late, audit) == []


def test_a_row_that_is_held_already_is_no_wait():
    request = an_open_request()
    rows = AidRequest.objects.filter(pk=request.pk)
    assert seen(lock(rows), audit, lock(rows), request.save) == []
    assert seen(lock(Pathway.objects.all()), audit, lock(rows)) == [
        "AidRequest is locked after the audit"
    ]
    assert seen(lock(rows), audit, lock(Capacity.objects.all())) == []  # there is none


def test_who_passes_over_rows_of_others_never_waits():
    an_open_request()
    rows = AidRequest.objects.select_for_update(skip_locked=True)
    assert seen(audit, lambda: list(rows)) == []


def test_each_transaction_is_looked_at_for_itself():
    request = an_open_request()
    rows = AidRequest.objects.filter(pk=request.pk)
    with lock_order.watched() as watch:
        for step in (audit, lock(rows)):
            with transaction.atomic():
                step()
    assert watch.late == []
