"""A process that signs a return off, at the next line of its input: `… signer RETURN MEMBERSHIP`.

`… signer prepare` makes a return that is ready, and prints it with two managers.
"""

import json
import sys

import django


def prepare():
    from tests.service.people import a_member
    from tests.service.returns.made_up import a_return

    from clockstop.service.returns.states import State

    held = a_return(state=State.CHECKED)
    return [str(held.pk), *(str(a_member().pk) for _ in range(2))]


def sign(key, membership):
    from django.db import connection

    from clockstop.service.accounts.models import Membership
    from clockstop.service.returns.actions import sign_off
    from clockstop.service.returns.models import Return
    from clockstop.service.returns.states import NotPossibleError

    actor = Membership.objects.select_related("person").get(pk=membership).as_actor()
    held = Return.objects.get(pk=key)
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        sign_off(actor=actor, held=held, explained={}, confirmed=True)
    except NotPossibleError:
        return "too late"
    return "signed"


def decided():
    from clockstop.service.returns.models import Decision

    return Decision.objects.count()


if __name__ == "__main__":
    django.setup()
    told = {"prepare": prepare, "decided": decided}.get(sys.argv[1])
    sys.stdout.write(json.dumps(told() if told else sign(*sys.argv[1:])))
