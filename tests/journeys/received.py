"""A referral for which nothing could be booked: `python -m tests.journeys.received` prints whose."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import django
from tests.journeys.referred import Referred, _make, _referrer
from tests.journeys.waits import ROOT


def somebody_is_deferred(home: Path) -> Referred:
    """A new patient whose referral is with the hospital of the journeys, which has free times."""
    environment = os.environ | {
        "CLOCKSTOP_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.demo",
    }
    command = [sys.executable, "-m", "tests.journeys.received"]
    made = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Referred(**json.loads(made.stdout))


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


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(asdict(_deferred())))
