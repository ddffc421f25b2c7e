"""Tallies of lists that have not changed since: kept by each worker, never beyond a change."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.tracking.cohorts import Tally
from clockstop.service.tracking.models import ListStamp

_MOST = 64
_kept: "OrderedDict[tuple[object, ...], Tally]" = OrderedDict()
_lock = Lock()


def kept(actor: Actor, about: tuple[object, ...], count: Callable[[], Tally]) -> Tally:
    """The tally of what ``about`` says, counted anew where the actor's list has changed.

    The mark is read first: what changes while the list is counted renews it, and is seen next
    time.
    """
    is_own = actor.role in PROVIDING
    marks = ListStamp.objects.order_by("organisation_code").values_list("mark", flat=True)
    own = marks.filter(organisation_code=actor.organisation_code) if is_own else marks
    held = tuple(own)
    if not held:  # a list that never had a row
        return count()
    key = (is_own, actor.organisation_code if is_own else actor.icb_code, held, *about)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = count()
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found
