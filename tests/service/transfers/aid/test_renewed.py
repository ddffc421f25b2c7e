"""What the records say now goes before what they said when help was asked for."""

import pytest
from django.utils import timezone
from tests.service.transfers.made_up import an_offer, an_open_request, days_ago

from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.models import AidRequest

pytestmark = pytest.mark.django_db


def test_a_priority_that_was_reviewed_since_stands_in_nobodys_way():
    request = an_open_request()
    old = AidRequest.objects.filter(pk=request.pk)
    old.update(priority="P2", priority_reviewed=days_ago(400))
    today = timezone.localdate()
    listed = ListEntry.objects.filter(pathway=request.pathway)
    listed.update(procedure_priority="P2", priority_reviewed=today)
    made = an_offer(request)
    made.request.refresh_from_db()
    assert made.request.priority_reviewed == today
