"""What may be entered, whoever enters it. Pure: plain data in, reasons out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from clockstop.core.rtt.events import DidNotAttend, Event, TransferReceived, TransferSent

# Decisions about care: where somebody else enters one, the entry names the clinician who took it.
CLINICAL_KINDS = frozenset(
    {
        "decision_not_to_treat",
        "decision_to_admit",
        "decision_to_refer",
        "decision_to_treat",
        "fit_and_ready",
        "monitoring_reviewed",
        "monitoring_started",
        "returned_to_primary_care",
        "transplant_listed",
        "treatment_started",
        "discharged_to_gp",
    }
)
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an entry is refused: the field it is about (empty for the whole) and the words."""

    field: str
    words: str


def refusals(
    event: Event, earlier: Mapping[str, Event], *, reason: str, today: date
) -> tuple[Refusal, ...]:
    """All that stands against an entry. ``earlier`` are the pathway's events by their ids."""
    return (*_about_days(event, today), *_about_corrections(event, earlier, reason))


def _about_days(event: Event, today: date) -> Iterable[Refusal]:
    if event.day > today:
        yield Refusal("day", "The day must be today or in the past: enter what has happened")


def _about_corrections(
    event: Event, earlier: Mapping[str, Event], reason: str
) -> Iterable[Refusal]:
    corrected = {each.supersedes for each in earlier.values() if each.supersedes}
    if event.supersedes is None:
        if event.kind == "entry_withdrawn":
            yield Refusal("supersedes", "Say which entry is withdrawn")
        return
    if not reason.strip():
        yield Refusal("reason", "Say why the earlier entry is wrong")
    if len(reason) > REASON_LENGTH:
        yield Refusal("reason", f"The reason must be {REASON_LENGTH} characters or fewer")
    if event.supersedes not in earlier:
        yield Refusal("supersedes", "There is no such entry on this pathway")
    elif event.supersedes in corrected:
        yield Refusal("supersedes", "This entry has been corrected already: correct the later one")


def needs_a_clinician(event: Event) -> bool:
    """Whether the event is a decision about care, which a clinician takes.

    So is the word that a child who was not brought may lose the clock like anybody.
    """
    return event.kind in CLINICAL_KINDS or (
        isinstance(event, DidNotAttend) and event.clinician_agreed
    )


def nobody_named(event: Event) -> Refusal:
    """Why an entry is refused that names no clinician, at the field that can be put right."""
    if event.kind in CLINICAL_KINDS:
        return Refusal("acting_for", "Name the clinician of your organisation who decided this")
    words = "Only a clinician says this: leave it at no, and let a clinician correct the entry"
    return Refusal("clinician_agreed", words)


def joins(event: Event) -> str | None:
    """The organisation that an event brings into the pathway, if any."""
    return event.to if isinstance(event, TransferSent) else None


def takes_over(event: Event) -> bool:
    """Whether the organisation that enters this event is responsible from then on."""
    return isinstance(event, TransferReceived)
