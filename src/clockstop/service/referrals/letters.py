"""The patient's letter: what it says, in the form that the patient asked for.

Plain words, the waits of the shortlist, the booking reference and the access code. A sensitive
record's letter has no address, no distance and no access code: it opens no portal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.utils import timezone

from clockstop.core.rulebook.choice_rights import FIRST_APPOINTMENT, choice_rules_on
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.specialties import specialties
from clockstop.service.messaging.letters.blocks import (
    MADE_UP,
    Block,
    Facts,
    Heading,
    Letter,
    Steps,
    Table,
    Words,
)
from clockstop.service.messaging.letters.forms import EASY, POINTS
from clockstop.service.messaging.standing import form_of
from clockstop.service.pathways.names import organisations_named
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.letters_easy import Told, easy
from clockstop.service.referrals.menu import Offered, described, offered
from clockstop.service.referrals.models import Appointment, ChoiceEvent, Referral
from clockstop.service.referrals.states import State
from clockstop.service.ui.figures import day as in_words

TEST = "your test"
_WAITS, _MILES = "Treated within", "Miles away"
_PATIENT_BOOKS = {
    State.NOT_BOOKED,
    State.APPT_CANCELLED_BY_PATIENT,
    State.APPT_CANCELLED_BY_PROVIDER,
    State.DID_NOT_ATTEND,
}


def letter_of(referral: Referral, code: str, site: str, day: date) -> Letter:
    """The letter of a day; ``code`` is the access code, ``site`` the address to book at.

    Without a code it says how to book by telephone alone.
    """
    patient = referral.patient
    is_shown = shows_address(patient)
    address = [*patient.address.splitlines(), patient.postcode] if is_shown else []
    names = organisations_named([referral.organisation_code])
    form = form_of(patient)
    blocks = (
        _easy(referral, code, site, day) if form == EASY else _blocks(referral, code, site, day)
    )
    return Letter(
        title=f"Your referral: {_need(referral)}",
        to=patient.name,
        address=tuple(line for line in address if line),
        sender=names.get(referral.organisation_code, "Your GP practice") if is_shown else "",
        day=in_words(day),
        blocks=tuple(_without_tables(blocks) if form else blocks),
        notice=MADE_UP if settings.CLOCKSTOP_PERSONAS else "",
        points=POINTS[form],
        form=form,
    )


def _without_tables(blocks: Iterator[Block]) -> Iterator[Block]:
    for each in blocks:
        if isinstance(each, Table):
            yield from each.as_facts()
        else:
            yield each


def _easy(referral: Referral, code: str, site: str, day: date) -> Iterator[Block]:
    """The short version, with the same facts."""
    held = _appointment(referral)
    may_book = held is None and referral.state in _PATIENT_BOOKS
    shortlist = _shortlist(referral) if may_book else ()
    return easy(
        Told(
            need=_need(referral),
            facts=tuple(_facts(referral, code)),
            site=site if code else "",
            may_book=may_book,
            appointment=_when_and_where(held) if held else (),
            place=referral.service.organisation.name if referral.service else "",
            phone=tuple(_phone(referral.service)) if referral.service else (),
            by=in_words(referral.contact_by) if referral.contact_by else "",
            places=_table(shortlist, referral) if shortlist else None,
            has_waits=not referral.is_suspected_cancer,
            may_choose=_may_choose(referral, day),
        )
    )


def _appointment(referral: Referral) -> Appointment | None:
    found = referral.appointments.filter(status=Appointment.Status.BOOKED)
    return found.select_related("service__organisation").first()


def _when_and_where(held: Appointment) -> tuple[tuple[str, str], ...]:
    at = timezone.localtime(held.starts)
    day, time = f"{at:%A} {in_words(at.date())}", f"{at:%H:%M}"
    return (("Day", day), ("Time", time), ("Where", _place(held)), *_phone(held.service))


def _place(held: Appointment) -> str:
    parts = (held.service.organisation.name, held.service.site_name)
    return ", ".join(each for each in parts if each)


def _need(referral: Referral) -> str:
    found = specialties().get(referral.treatment_function)
    return found.name if found else TEST


def _blocks(referral: Referral, code: str, site: str, day: date) -> Iterator[Block]:
    yield Words("Your GP practice has referred you. Please keep this letter.")
    yield Facts(tuple(_facts(referral, code)))
    yield from _next(referral, code, site)
    shortlist = _shortlist(referral)
    if referral.state in _PATIENT_BOOKS and shortlist:
        yield Heading("Where you can go")
        yield _table(shortlist, referral)
        if not referral.is_suspected_cancer:
            yield Words(
                "Waits differ and change. “Treated within” is for people who are referred now, "
                "from the referral to the start of treatment, in the whole specialty of the "
                "provider: half of them, and 8 in 10 of them, are treated within it."
            )
    yield from _right(referral, day)
    yield Heading("If you get worse, or no longer need this")
    yield Words(
        "If you get worse while you wait, call your GP practice, or NHS 111 when it is closed. In "
        "an emergency call 999. If you do not need the appointment any more, tell us, so that "
        "somebody else can have it."
    )
    yield Heading("If you need this letter in another form")
    yield Words(
        "Your GP practice can give you this letter in large print, in easy read or in another "
        "language, and arrange an interpreter or transport. Ask them."
    )


def _facts(referral: Referral, code: str) -> Iterator[tuple[str, str]]:
    yield "NHS number", referral.patient.spaced_number
    yield "Booking reference", referral.spaced_ubrn
    if code:
        yield "Access code", code


def _next(referral: Referral, code: str, site: str) -> Iterator[Block]:
    """What the patient does next, by where the referral stands."""
    yield Heading("What to do next")
    held = _appointment(referral)
    if held:
        at = timezone.localtime(held.starts)
        yield Words(f"You have an appointment on {at:%A} {in_words(at.date())} at {at:%H:%M}.")
        yield Facts(
            (("Where", _place(held)), ("Service", held.service.name), *_phone(held.service))
        )
        yield Words("If you cannot come, tell the service as soon as you can.")
    elif referral.state in _PATIENT_BOOKS:
        yield Steps(tuple(_steps(code, site)))
    elif referral.service:
        promised = f" by {in_words(referral.contact_by)}" if referral.contact_by else " soon"
        name = referral.service.organisation.name
        yield Words(f"{name} will be in touch with you{promised}. You need do nothing now.")
        yield Words("If you hear nothing by then, call them or your GP practice.")
        yield Facts(tuple(_phone(referral.service)))
    else:
        yield Words("Your GP practice will talk to you about what comes next.")


def _steps(code: str, site: str) -> Iterator[str]:
    yield "Choose one of the places below. Talk it over with somebody if you like."
    if code:
        yield (
            f"Go to {site} and enter your booking reference, the access code and your date of "
            "birth. You see the free times, and book the one that suits you."
        )
        yield "Or call the place that you choose, on the number below, and give them the reference."
    else:
        yield "Call the place that you choose, on the number below, and give them the reference."
    yield "If no place has a free time, ask them to contact you: you keep your place in the queue."


def _phone(service: object) -> Iterator[tuple[str, str]]:
    phone = getattr(service, "patient_phone", "")
    if phone:
        yield "Telephone", phone


def _shortlist(referral: Referral) -> Sequence[tuple[Offered, str]]:
    """The services of the shortlist as they are today, with their telephones."""
    held = referral.shortlist.filter(replaced=False)
    miles: Mapping[int, float | None] = dict(held.values_list("service_id", "miles"))
    phones = {pk: each.patient_phone for pk, each in described(miles).items()}
    lines = offered(list(miles), Priority(referral.priority), None)
    return [
        (replace(each, miles=miles[each.service]), phones.get(each.service, "")) for each in lines
    ]


def _table(shortlist: Sequence[tuple[Offered, str]], referral: Referral) -> Table:
    head = ("Place", "First free time", _WAITS, _MILES, "Telephone")
    hidden = set(_hidden(referral))
    kept = [at for at, name in enumerate(head) if name not in hidden]
    lines = (head, *(_row(each, phone) for each, phone in shortlist))
    first, *others = (tuple(line[at] for at in kept) for line in lines)
    return Table("Your shortlist", first, tuple(others))


def _hidden(referral: Referral) -> Iterator[str]:
    """Columns that this patient's letter does not have: of waits that are not theirs, of miles."""
    if referral.is_suspected_cancer:
        yield _WAITS
    if not shows_address(referral.patient):
        yield _MILES


def _row(each: Offered, phone: str) -> tuple[str, ...]:
    first = in_words(timezone.localdate(each.first_free)) if each.first_free else "ask them"
    if each.takes_triage:
        first = "they look at your referral first"
    half, most = each.waits.expected_half, each.waits.expected_most
    weeks = "not known"
    if half is not None and most is not None:
        weeks = f"half: {half:.0f} weeks; 8 in 10: {most:.0f} weeks"
    miles = "not known" if each.miles is None else f"{each.miles:.0f}"
    name = ", ".join(dict.fromkeys((each.provider_name, each.site, each.name)))
    return name.replace(", ,", ","), first, weeks, miles, phone or "ask your practice"


def _right(referral: Referral, day: date) -> Iterator[Block]:
    if not _may_choose(referral, day):
        return
    yield Heading("Your right to choose")
    yield Words(
        "You have a legal right to choose where you go for your first appointment: any provider in "
        "England, NHS or independent, that holds an NHS contract and suits you clinically. Your "
        "care is free at all of them. If you would like another place than these, ask your GP "
        "practice."
    )
    yield Words(
        "If you have waited 18 weeks, or will have to, you can ask to be treated sooner elsewhere."
    )


def _may_choose(referral: Referral, day: date) -> bool:
    """Whether the legal right to choose holds for the referral on a day."""
    choice: ChoiceEvent | None = getattr(referral, "choice", None)
    if choice is None or not choice.in_scope:
        return False
    return any(each.holds for each in choice_rules_on(day, FIRST_APPOINTMENT).values())
