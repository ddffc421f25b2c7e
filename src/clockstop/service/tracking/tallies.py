"""What was counted of lists that have not changed since: each worker's, never beyond a change."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.tracking.models import ListStamp

Counted = TypeVar("Counted")
_MOST = 64
_kept: "OrderedDict[tuple[object, ...], Any]" = OrderedDict()
_lock = Lock()


def kept(actor: Actor, about: tuple[object, ...], count: Callable[[], Counted]) -> Counted:
    """What ``about`` says, counted anew where the actor's list has changed.

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
            before: Counted = _kept[key]
            return before
    found = count()
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found
