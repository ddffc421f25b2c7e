"""What stands against a step, beyond the table of states. Pure: plain data in, reasons out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clockstop.core import rulebook
from clockstop.core.codes.ers import ErsCode, ErsList, ers_codes_on
from clockstop.core.rulebook.working_days import working_days_after
from clockstop.core.state_tables import Refusal

# Whose reasons, of the e-RS lists, each step may give.
_REASONS = {
    "reject_reason": (ErsList.APPOINTMENT_CANCELLATION, ("PROVIDER_REJECT",)),
    "patient_reason": (ErsList.APPOINTMENT_CANCELLATION, ("PATIENT",)),
    "provider_reason": (ErsList.APPOINTMENT_CANCELLATION, ("PROVIDER",)),
    "non_attendance_reason": (ErsList.NON_ATTENDANCE, ()),
    "cancel_reason": (ErsList.REFERRAL_CANCELLATION, ()),
    "redirect_reason": (ErsList.APPOINTMENT_CANCELLATION, ("UNKNOWN",)),
}
_PROVIDERS_REASONS = {"PROVIDER", "PROVIDER_TRIAGE"}
_REDIRECTED = "REDIRECTED_"


@dataclass(frozen=True, slots=True)
class Entry:
    """A service on a shortlist, as far as the rules ask: why it does not suit, if it does not."""

    service: int
    provider: str
    takes_triage: bool
    against: tuple[str, ...] = ()


def against_shortlist(entries: Sequence[Entry], today: date) -> tuple[Refusal, ...]:
    """All that stands against a shortlist (rule E4): its length, doubles, services that do not fit.

    Fewer than five providers is no reason: see ``asks_why_so_few``.
    """
    return (*_length(entries, today), *_doubles(entries), *_unfit(entries))


def _length(entries: Sequence[Entry], today: date) -> Iterable[Refusal]:
    longest = rulebook.on(today)["ers_shortlist_longest"].value
    if not entries:
        yield Refusal("MISSING_VALUE", "Choose at least one service", "shortlist")
    if len(entries) > longest:
        words = f"A shortlist holds up to {longest} services: this one has {len(entries)}"
        yield Refusal("TOO_MANY_ITEMS", words, "shortlist")


def _doubles(entries: Sequence[Entry]) -> Iterable[Refusal]:
    for service, times in Counter(each.service for each in entries).items():
        if times > 1:
            words = f"Service {service} is on the shortlist {times} times"
            yield Refusal("DUPLICATE_SERVICE", words, "shortlist")


def _unfit(entries: Sequence[Entry]) -> Iterable[Refusal]:
    for each in entries:
        if each.against:
            words = f"Service {each.service} does not fit the search: {'; '.join(each.against)}"
            yield Refusal("SHORTLISTED_SERVICE_NOT_IN_RESULTS", words, "shortlist")


def providers_of(entries: Iterable[Entry]) -> frozenset[str]:
    """Distinct providers: what the policy counts."""
    return frozenset(each.provider for each in entries)


def asks_why_so_few(entries: Iterable[Entry], *, in_scope: bool, today: date) -> bool:
    """Whether the referrer is asked why fewer than five providers were chosen (rule E5).

    Never asked where the right to choose does not hold, as for suspected cancer.
    """
    wanted = rulebook.on(today)["choice_minimum_providers"].value
    return in_scope and len(providers_of(entries)) < wanted


def against_reason(
    guard: str, code: str, comment: str, today: date, parties: Iterable[str] = ()
) -> tuple[Refusal, ...]:
    """What stands against a reason that a step needs, and its words."""
    allowed = reasons_for(guard, today, parties)
    if not code:
        return (Refusal("VALUE_IS_REQUIRED", "Choose a reason", "reason"),)
    if code not in allowed:
        return (Refusal("INVALID_CODE", "Choose a reason from the list", "reason"),)
    if allowed[code].needs_comment and not comment.strip():
        words = f"Say more: “{allowed[code].display}” needs a comment"
        return (Refusal("VALUE_IS_REQUIRED", words, "comment"),)
    return ()


def is_reason(guard: str) -> bool:
    """Whether a guard of the table asks for a reason."""
    return guard in _REASONS


def reasons_for(guard: str, today: date, parties: Iterable[str] = ()) -> dict[str, ErsCode]:
    """The reasons that a step may give, of those that hold today.

    Referrers and providers have different ones for cancelling a referral.
    """
    which, owners = _REASONS[guard]
    found = ers_codes_on(which, today, *owners)
    if guard == "redirect_reason":
        return {code: each for code, each in found.items() if code.startswith(_REDIRECTED)}
    if guard == "cancel_reason":
        return {code: each for code, each in found.items() if _is_theirs(each, set(parties))}
    return found


def _is_theirs(code: ErsCode, parties: set[str]) -> bool:
    if not code.usage:
        return False
    if not parties:
        return True
    is_provider = any(role.startswith(("SERVICE_PROVIDER", "PROVIDER")) for role in code.roles)
    is_referrer = any(role.startswith("REFERRING") for role in code.roles)
    return ("provider" in parties and is_provider) or ("referrer" in parties and is_referrer)


def against_deferring(reason: str, *, has_slots: bool, wanted_is_free: bool) -> tuple[Refusal, ...]:
    """Defer only where nothing can be booked (rule E7).

    ``has_slots``: the service has a free slot; ``wanted_is_free``: the slot that was wanted is.
    """
    if reason not in {"NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM"}:
        return (Refusal("INVALID_CODE", "Choose why nothing could be booked", "reason"),)
    if reason == "NO_SLOTS_AT_SERVICE" and has_slots:
        words = "This service has free appointments: book one of them"
        return (Refusal("SLOTS_CURRENTLY_AVAILABLE", words),)
    if reason == "SLOT_NOT_AVAILABLE" and wanted_is_free:
        return (Refusal("THIS_SLOT_IS_AVAILABLE", "This appointment is free: book it"),)
    return ()


def contact_by(step: str, priority: str, day: date) -> date:
    """By when the provider promised to be in touch (rule E8): ``step`` is defer or triage."""
    days = rulebook.on(day)[f"ers_{step}_contact_{priority.lower()}"].value
    return working_days_after(day, days)


def against_start(supplied: date | None, today: date) -> tuple[Refusal, ...]:
    """What stands against a start of the pathway that the referrer supplies (rule E9)."""
    if supplied is None:
        return ()
    longest = timedelta(days=rulebook.on(today)["ers_pathway_start_longest_ago"].value)
    if supplied > today or supplied < today - longest:
        words = f"The start must lie between {today - longest:%-d %B %Y} and today"
        return (Refusal("INVALID_VALUE", words, "supplied_start"),)
    return ()


def has_begun(starts: datetime, now: datetime) -> tuple[Refusal, ...]:
    """Nobody can have attended, or missed, what is still to come."""
    if starts <= now:
        return ()
    return (Refusal("INVALID_STATE", "The appointment has not begun yet"),)


def against_late_cancelling(starts: datetime, now: datetime, whom: str) -> tuple[Refusal, ...]:
    """What has begun the provider settles, whom patient and practice call: came, missed or off."""
    if starts > now:
        return ()
    words = f"The appointment has begun: to change or cancel it, call {whom}"
    return (Refusal("UNABLE_TO_CANCEL_APPOINTMENT", words),)
