"""A change through the API while another connection holds the row, then once it let go: a process.

It says both statuses, and whether the first changed anything.
"""

import json
import sys
from threading import Event, Thread


def tried():
    """The statuses of the same call, before and after the other let go."""
    from django.db import connection
    from django.test.utils import setup_test_environment
    from tests.service.ers.bodies import at, on
    from tests.service.ers.calling import a_consultant
    from tests.service.referrals.made_up import booked

    setup_test_environment()
    if connection.vendor == "sqlite":  # which holds all rows, and waits for them: not for long here
        connection.cursor().execute("PRAGMA busy_timeout = 100")
    referral, holds, done = booked(), Event(), Event()
    step, version, caller = at(referral, "acceptReferral"), on(referral), a_consultant()
    other = Thread(target=_hold, args=(referral.pk, holds, done))
    other.start()
    holds.wait(60)
    busy = caller.post(step, **version)
    referral.refresh_from_db()
    done.set()
    other.join()
    after = caller.post(step, **version)
    return [busy.status_code, referral.accepted_at is None, after.status_code]


def _hold(key, holds, done):
    from django.db import connection, transaction

    from clockstop.service.referrals.models import Referral

    with transaction.atomic():
        Referral.objects.select_for_update().get(pk=key)
        holds.set()
        done.wait(60)
    connection.close()


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(tried(), sys.stdout)
