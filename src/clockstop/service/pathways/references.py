"""Fields that name an earlier entry of the pathway, and which entries they may name. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import (
    KINDS,
    Admission,
    DateOffered,
    Decision,
    DecisionCommunicated,
    Event,
    PlannedListed,
    ReferralReceived,
    Referrer,
)
from clockstop.core.rtt.reading import event_fields


@dataclass(frozen=True, slots=True)
class Reference:
    """A field, the entries that it may name, and how one says that there is none yet."""

    field: str
    fits: Callable[[Event], bool]
    first: str

    def is_needed_by(self, kind: str) -> bool:
        """Whether an event of the kind cannot be entered without it."""
        fields = event_fields(kind)
        return self.field in fields and fields[self.field].required


def _was_kept_back(event: Event) -> bool:
    return isinstance(event, Decision) and not event.communicated


def _is_self_referral(event: Event) -> bool:
    return isinstance(event, ReferralReceived) and event.referrer is Referrer.SELF


def _is(kind: type[Event]) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kind)


REFERENCES = (
    Reference("offer", _is(DateOffered), "the date that was offered"),
    Reference("admission", _is(Admission), "the admission"),
    Reference("decision", _was_kept_back, "a decision that the patient has not been told of"),
    Reference("referral", _is_self_referral, "the self-referral"),
    Reference("listing", _is(PlannedListed), "the place on the planned list"),
)
_BY_FIELD = {each.field: each for each in REFERENCES}


def is_reference(kind: str, field: str) -> bool:
    """Whether the field of this kind names an earlier entry."""
    return field in _BY_FIELD and event_fields(kind)[field].type is str


def candidates(kind: str, field: str, events: Iterable[Event]) -> tuple[Event, ...]:
    """The earlier entries that count and that the field may name, the latest first."""
    if kind not in KINDS:
        return ()
    given = tuple(events)
    counting = settle(given).counting
    told = {each.decision for each in counting if isinstance(each, DecisionCommunicated)}
    named = told if field == "decision" else set()
    fitting = [each for each in counting if _BY_FIELD[field].fits(each) and each.id not in named]
    return tuple(sorted(fitting, key=lambda each: each.day, reverse=True))
