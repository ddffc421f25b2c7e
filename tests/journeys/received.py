"""A referral for which nothing could be booked."""

from pathlib import Path

from tests.journeys.making import in_store
from tests.journeys.referred import Referred, _make, _referrer


def somebody_is_deferred(home: Path) -> Referred:
    """A new patient whose referral is with the hospital of the journeys, which has free times."""
    return in_store(home, _deferred)


def _deferred() -> Referred:
    from clockstop.service.referrals import actions
    from clockstop.service.referrals.models import Referral

    made = _make()
    referral = Referral.objects.get(pk=made.referral)
    actions.defer(
        actor=_referrer(),
        referral_id=referral.pk,
        service_id=referral.shortlist.all()[0].service_id,
        reason="BOOKING_ATTEMPT_PROBLEM",
    )
    return made
