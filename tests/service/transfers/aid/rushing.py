"""Many providers' people who offer the last place at once, each to a request of its own.

The commands are those of ``tests.service.directory.rushing``; a place is called by its number.
"""

import os
from itertools import count

from tests.service.directory.rushing import main, rushed

_FIRST = 1_000  # each process has NHS numbers of its own


def prepare(number):
    """Capacity of one place each."""
    from tests.service.transfers.made_up import a_capacity

    for _ in range(number):
        a_capacity(places=1)
    return list(range(number))


def rush(places, people):
    """Each place in its turn; whoever did not get one tries for the next."""
    from tests.service import people as people_of
    from tests.service.transfers.made_up import OTHER_HOSPITAL, a_clinician, an_open_request

    from clockstop.service.transfers.models import AidRequest, Capacity

    people_of._numbers = count(_FIRST + os.getpid() % 400 * 1_000)
    held = list(Capacity.objects.order_by("posted_at", "pk").values_list("pk", flat=True))
    actor = a_clinician(OTHER_HOSPITAL)
    waiting = [an_open_request().pk for _ in range(people)]
    outcomes = {}
    for place in places:
        outcomes[place] = rushed([_offering(actor, each, held[place]) for each in waiting])
        left = set(AidRequest.objects.filter(state="OPEN").values_list("pk", flat=True))
        waiting = [each for each in waiting if each in left]
        waiting += [an_open_request().pk for _ in range(people - len(waiting))]
    return outcomes


def _offering(actor, request, capacity):
    from tests.service.transfers.made_up import days_ahead

    from clockstop.core.state_tables import StepRefusedError
    from clockstop.service.transfers.actions import aid

    def attempt():
        try:
            terms = aid.Terms(day=days_ahead(5))
            aid.offer(actor=actor, request_id=request, capacity_id=capacity, terms=terms)
        except StepRefusedError as refused:
            codes = {each.code for each in refused.refusals}
            return "taken" if codes <= {"NO_PLACE", "FULL"} else repr(refused)
        return "won"

    return attempt


if __name__ == "__main__":
    main(prepare, rush)
