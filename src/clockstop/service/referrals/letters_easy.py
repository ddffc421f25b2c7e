"""The patient's letter in easy read: short sentences, one idea in each, and plain words.

No word that needs explaining, no abbreviation, no figure of speech; what belongs together stands
under a question. Easy read often has a picture beside each idea. This letter has none, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clockstop.service.messaging.letters.blocks import Block, Facts, Heading, Table, Words

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The facts of a letter. ``site`` is empty where nothing can be booked on the internet."""

    need: str
    facts: Rows
    site: str
    may_book: bool
    appointment: Rows
    place: str
    phone: Rows
    by: str
    places: Table | None
    has_waits: bool
    may_choose: bool


def easy(told: Told) -> Iterator[Block]:
    """The whole letter."""
    yield from _about(told)
    yield Heading("What happens next?")
    yield from _next(told)
    if told.places:
        yield Heading("Where can you go?")
        yield from _said("You can choose one of these places.")
        yield told.places
    if told.places and told.has_waits:
        yield from _said(
            "The waits are for people who are sent there now.", "Your wait may be different."
        )
    if told.may_choose:
        yield Heading("Can you go somewhere else?")
        yield from _said(
            "Yes. You have the right to choose.",
            "You can ask your doctor for another place.",
            "You do not pay for it.",
        )
    yield from _help()


def _about(told: Told) -> Iterator[Block]:
    yield Heading("What is this letter about?")
    yield from _said("Your doctor wants somebody to see you.", f"It is about: {told.need}.")
    yield from _said("Please keep this letter.", "These are your numbers:")
    yield Facts(told.facts)


def _next(told: Told) -> Iterator[Block]:
    if told.appointment:
        yield from _said("You have an appointment.", "Please go to it.")
        yield Facts(told.appointment)
        yield from _said("If you cannot go, please tell them.")
    elif told.may_book:
        yield from _said("You choose where to go.", "Then you book a time.")
        yield from _how(told)
    elif told.place:
        yield from _said(f"{told.place} will tell you when to come.")
        yield from _said(f"They will do this by {told.by}." if told.by else "They will do it soon.")
        yield from _said("You do not need to do anything now.", "If you hear nothing, call them.")
        if told.phone:
            yield Facts(told.phone)
    else:
        yield from _said("Your doctor will talk to you.")


def _how(told: Told) -> Iterator[Block]:
    if told.site:
        yield from _said("You can book on the internet.", "Go to this page:")
        yield Words(told.site)
        yield from _said("Type your booking reference.", "Type your access code.")
        yield from _said("Type the day you were born.", "Or you can book by phone.")
    yield from _said(
        "To book by phone, call the place that you choose.",
        "Tell them your booking reference.",
        "If there is no free time, ask them to call you.",
        "You keep your place in the queue.",
    )


def _help() -> Iterator[Block]:
    yield Heading("What if you feel worse?")
    yield from _said("Call your doctor.", "If your doctor is closed, call 111.")
    yield from _said("If you are in danger, call 999.")
    yield Heading("What if you do not need this any more?")
    yield from _said("Please tell us.", "Somebody will talk to you first.")
    yield Heading("Do you need help with this letter?")
    yield from _said(
        "There are no pictures in this letter.",
        "You can ask somebody you trust to read it with you.",
        "You can also call your doctor's surgery.",
        "They can get you an interpreter.",
        "They can help you to get there.",
    )


def _said(*sentences: str) -> Iterator[Words]:
    """Each sentence on a line of its own."""
    return (Words(each) for each in sentences)
