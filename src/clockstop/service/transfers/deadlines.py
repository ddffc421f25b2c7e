"""By when whoever has a request for help must act, so that the hub sees what runs late."""

from __future__ import annotations

from datetime import date

from clockstop.core import rulebook
from clockstop.core.rulebook.working_days import working_days_after
from clockstop.service.transfers import policies
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import Aid


def due_of(request: AidRequest, since: date) -> date | None:
    """The last day in time, of a request that came to its state on ``since``.

    None where nobody is waited for, or where a transfer has limits of its own.
    """
    if request.state == Aid.OPEN:
        return _found_by(request, since)
    if request.state in {Aid.OFFERED, Aid.ACCEPTED}:
        return policies.held_until(since)
    return policies.decided_by(since) if request.state == Aid.WITH_PATIENT else None


def _found_by(request: AidRequest, since: date) -> date | None:
    """When it runs out; of a patient's own request, sooner: within the limit of the search."""
    if request.patient_request_id is None:
        return request.expires_on
    limit = "asked_national" if request.national else "asked_search"
    within = working_days_after(since, rulebook.on(since)[limit].value)
    return min(within, request.expires_on) if request.expires_on else within
