"""In which order rows are locked, everywhere: what others hang on first, the audit last.

Referrals, pathways, requests for help, patients' own requests, places; each kind by its key. The
chain of the audit stays locked until the transaction ends, and everybody passes through it: who
asked for a row only then could wait for somebody who waits for the chain. What hangs on a row, as
offers and transfers do on a request for help, is written by whoever holds that row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.referrals.actions.stepping import locked
from clockstop.service.transfers.models import (
    AidRequest,
    Capacity,
    Offer,
    PatientRequest,
    PracticeNotice,
)
from clockstop.service.transfers.states import OFFER_LIVE


def aid_held(visible: Any, key: UUID, version: int | None = None) -> AidRequest:
    """A request for help for this transaction alone, and all that a step on it may write.

    Raises AidRequest.DoesNotExist, StaleError (409) and BusyError (423).
    """
    hold_pathways(aid_requests=key)
    request: AidRequest = locked(visible, key, version)
    if request.patient_request_id:
        _hold(PatientRequest.objects.filter(pk=request.patient_request_id))
    return request


def hold_all(visible: Any) -> None:
    """The same of several that are written together, before the first of them."""
    keys = list(visible.values_list("pk", flat=True))
    hold_pathways(aid_requests__in=keys)
    _hold(AidRequest.objects.filter(pk__in=keys))
    _hold(PatientRequest.objects.filter(aid__in=keys))


def hold_pathways(**of: object) -> None:
    """Lock the pathways that something is about."""
    _hold(Pathway.objects.filter(**of))


def hold_places(requests: Iterable[AidRequest]) -> None:
    """Lock the places that are held or taken for requests which are locked."""
    offers = Offer.objects.filter(request__in=list(requests), state__in=OFFER_LIVE)
    _hold(Capacity.objects.filter(pk__in=offers.values("capacity")))


def hold_notices(requests: Iterable[AidRequest]) -> None:
    """Lock what practices were told of requests: whoever reads it there writes to it too."""
    keys = [each.pk for each in requests]
    if keys:
        _hold(PracticeNotice.objects.filter(request__in=keys))


def hold_what_follows(
    *, pathways: Collection[Pathway], patients: Collection[Patient], **_: Any
) -> None:
    """Lock what a change of these pathways, or the death of these patients, brings with it."""
    about = Q(pathway__in=[each.pk for each in pathways])
    if patients:
        about |= Q(patient__in=[each.pk for each in patients])
    held = AidRequest.objects.select_for_update(of=("self",)).filter(about)
    requests = list(held.order_by("pk"))
    _hold(PatientRequest.objects.filter(about))
    hold_notices(requests)
    if requests and patients:
        hold_places(requests)


def _hold(rows: Any) -> None:
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
