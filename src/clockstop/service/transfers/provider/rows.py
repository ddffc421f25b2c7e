"""Requests, offers and capacity as people read them on lists and on the page of one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.codes import diagnostic_test
from clockstop.core.codes.decline_reasons import decline_reasons
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.pathways.presenters.wording import sentence, specialty, weeks_and_days
from clockstop.service.referrals.provider.rows import at_words
from clockstop.service.registry.names import name_of
from clockstop.service.transfers import policies, states
from clockstop.service.transfers.fitting import Judged, judged, weeks_left
from clockstop.service.transfers.models import AidRequest, AidStep, Capacity, Offer
from clockstop.service.transfers.states import Aid
from clockstop.service.ui.figures import day as in_words

Tag = tuple[str, str]
_COLOURS = {
    Aid.DRAFT: "grey",
    Aid.OPEN: "blue",
    Aid.OFFERED: "purple",
    Aid.WITH_PATIENT: "purple",
    Aid.ACCEPTED: "orange",
    Aid.TRANSFERRING: "orange",
    Aid.TRANSFERRED: "green",
    Aid.RESULTED: "orange",
    Aid.COMPLETED: "green",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: ``who`` is the patient for the sender, and nobody for others."""

    pk: UUID
    reference: str
    who: str
    what: str
    more: tuple[str, ...]
    tags: tuple[Tag, ...]
    wait: str
    state: str
    notice: str


def what_of(request: AidRequest) -> str:
    """The test, or the specialty."""
    if request.is_diagnostic and request.diagnostic_test:
        return diagnostic_test(request.diagnostic_test).name
    return specialty(request.treatment_function)


def tags_of(request: AidRequest) -> tuple[Tag, ...]:
    """State and what comes before length of wait."""
    found: list[Tag] = []
    if request.is_cancer:
        found.append(("Cancer", "red"))
    if request.priority:
        found.append((request.priority, "orange" if request.priority[1:2] in "12" else "grey"))
    state = Aid(request.state)
    found.append((state.label, _COLOURS.get(state, "grey")))
    return tuple(found)


def own_rows(requests: Iterable[AidRequest], today: date) -> tuple[Row, ...]:
    """Requests of the sender's own patients, by name."""
    listed = list(requests)
    names = name_of(each.receiver_code for each in listed if each.receiver_code)
    return tuple(
        _row(each, today, each.patient.name, _next(each, today), _receiver(each, names))
        for each in listed
    )


def coming_rows(requests: Iterable[AidRequest], today: date) -> tuple[Row, ...]:
    """Patients who accepted a place of ours, by name, and what we do next for each."""
    listed = list(requests)
    names = name_of({each.organisation_code for each in listed})
    return tuple(
        _row(
            each,
            today,
            each.patient.name,
            _next_of_receiver(each),
            (f"From {names[each.organisation_code]}",),
        )
        for each in listed
    )


def board_rows(
    requests: Iterable[AidRequest], mine: Sequence[Capacity], today: date
) -> tuple[Row, ...]:
    """Open requests as another provider reads them: whether its own capacity fits, and why not."""
    return tuple(_row(each, today, "", fits(each, mine, today), ()) for each in requests)


def fits(request: AidRequest, mine: Sequence[Capacity], today: date) -> str:
    """The capacity that fits, or what stands in the way of the nearest to it."""
    found = [
        (each, judged(request, each, today, one_by_one=True))
        for each in mine
        if each.kind == request.kind
    ]
    if not found:
        return "You have posted no such capacity"
    if fitting := [each for each, by in found if by.fit.is_fit]:
        words = f"Fits {fitting[0].team}: {fitting[0].left} left"
        return f"{words}, and {len(fitting) - 1} more" if fitting[1:] else words
    return f"Does not fit: {_nearest([by for _, by in found])}"


def _nearest(found: Sequence[Judged]) -> str:
    """Of the capacity with least against it, the binding reason."""
    least = min(found, key=lambda by: len(by.fit.against))
    binding = least.fit.binding
    return binding.words if binding else ""


def _row(request: AidRequest, today: date, who: str, notice: str, more: tuple[str, ...]) -> Row:
    about = [*more, *_about(request, today)]
    waited = (today - request.waiting_since).days
    return Row(
        request.pk,
        request.reference,
        who,
        what_of(request),
        tuple(each for each in about if each),
        tags_of(request),
        weeks_and_days(waited),
        request.state,
        notice,
    )


def _receiver(request: AidRequest, names: Mapping[str, str]) -> tuple[str, ...]:
    return (f"To {names[request.receiver_code]}",) if request.receiver_code else ()


def _about(request: AidRequest, today: date) -> tuple[str, ...]:
    cancer = policies.cancer_treated_by(request.waiting_since, today)
    return (
        f"To be treated by {in_words(cancer)}" if request.is_cancer else "",
        f"Procedure {request.procedure}" if request.procedure else "",
        f"Open until {in_words(request.expires_on)}"
        if request.expires_on and request.state in {Aid.OPEN, Aid.OFFERED}
        else "",
    )


def _next(request: AidRequest, today: date) -> str:
    """What the sender does next, in a few words."""
    if request.state == Aid.DRAFT:
        missing = [
            words
            for words, done in (
                ("consent", request.consent_at),
                ("a clinician's signature", request.suitable_clinically_by),
                ("social suitability", request.suitable_socially_by),
            )
            if not done
        ]
        return f"Needs {', '.join(missing)}" if missing else "Ready to be sent"
    if unread := unread_result(request, today):
        return unread
    return {
        Aid.OPEN.value: "Waits for an offer",
        Aid.OFFERED.value: "Tell the patient of the offers",
        Aid.WITH_PATIENT.value: "The patient decides",
        Aid.ACCEPTED.value: "The other provider checks",
        Aid.TRANSFERRING.value: "Being handed over",
        Aid.EXPIRED.value: "Nobody offered in time",
        Aid.RETURNED.value: "Is with us again",
    }.get(request.state, "")


def _next_of_receiver(request: AidRequest) -> str:
    transferred = "Send the result back" if request.is_diagnostic else "Treat them"
    return {
        Aid.ACCEPTED.value: "Check that you can treat them",
        Aid.TRANSFERRING.value: "Receive them",
        Aid.TRANSFERRED.value: transferred,
        Aid.RESULTED.value: "Their hospital reads the result",
    }.get(request.state, "")


def unread_result(request: AidRequest, today: date) -> str:
    """That a result waits to be read, or is overdue; empty where none is awaited."""
    if request.state == Aid.RESULTED:
        days = (today - timezone.localtime(request.state_since).date()).days
        return f"A result waits to be read, for {days} {'day' if days == 1 else 'days'}"
    if request.is_diagnostic and request.state == Aid.TRANSFERRED and request.result_within:
        days = (today - timezone.localtime(request.state_since).date()).days
        if days > request.result_within:
            return f"No result after {days} days: {request.result_within} were agreed"
    return ""


def facts_shown(request: AidRequest, today: date, *, own: bool) -> list[tuple[str, str]]:
    """What is told of a request: nothing that says who it is, unless to its own hospital."""
    far = f"{request.distance} miles" if request.distance else "Anywhere"
    shown: list[tuple[str, Any]] = [
        ("What is needed", what_of(request)),
        ("Stage", request.get_stage_display()),
        ("Procedure", request.procedure),
        ("Clinical priority", request.priority),
        ("Waiting since", f"{in_words(request.waiting_since)}"),
        ("Needed by", in_words(request.needed_by) if request.needed_by else ""),
        (
            "Cancer: to be treated by",
            in_words(policies.cancer_treated_by(request.waiting_since, today))
            if request.is_cancer
            else "",
        ),
        ("Age and sex", f"{request.age}, {_SEXES.get(request.sex, 'not stated')}"),
        ("ASA grade", request.asa),
        ("BMI", request.bmi),
        ("Comorbidities", ", ".join(request.comorbidities)),
        ("Anaesthetic", policies.ANAESTHETICS.get(request.anaesthetic, "")),
        ("Expected stay", _nights(request.expected_stay)),
        ("Critical care", "Needed" if request.critical_care else ""),
        ("Contrast", "Needed" if request.contrast else ""),
        ("Sedation", "Needed" if request.sedation else ""),
        ("Protocol", request.protocol),
        ("Result within", f"{request.result_within} days" if request.is_diagnostic else ""),
        ("Would travel", far),
        ("Needs", ", ".join(request.needs)),
        ("Help with travel", "Needed" if request.travel_support else ""),
        ("Who reports the wait", request.get_reported_by_display()),
        ("Expected wait here", _weeks(weeks_left(request, today))),
        ("Seen by", _seen_by(request) if own else ""),
        ("Open until", in_words(request.expires_on) if request.expires_on else ""),
    ]
    return [(name, str(value)) for name, value in shown if value not in ("", None)]


_SEXES = {"1": "male", "2": "female"}


def _seen_by(request: AidRequest) -> str:
    if request.state == Aid.DRAFT:
        return "Nobody else yet"
    if request.asked_provider:
        return name_of([request.asked_provider])[request.asked_provider]
    return "Every provider in England" if request.national else "Providers of the ICB"


def _weeks(number: float | None) -> str:
    """Half of those who have waited as long are treated within them."""
    return "" if number is None else f"{number:.0f} more week{'' if round(number) == 1 else 's'}"


def _nights(number: int | None) -> str:
    return "" if number is None else "1 night" if number == 1 else f"{number} nights"


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer in words. ``why`` is said where a warning was overridden."""

    pk: UUID
    provider: str
    site: str
    day: str
    team: str
    miles: str
    gained: str
    state: str
    until: str
    overrides: tuple[str, ...]
    why: str
    is_own: bool


def offers_shown(offers: Iterable[Offer], organisation_code: str, *, near: bool) -> list[Offered]:
    """Offers with provider and day. ``near``: distances may be shown of this patient."""
    held = list(offers)
    names = name_of({each.organisation_code for each in held})
    return [_offered(each, names, organisation_code, near=near) for each in held]


def _offered(
    offer: Offer, names: Mapping[str, str], organisation_code: str, *, near: bool
) -> Offered:
    told: dict[str, Any] = json.loads(offer.overrides or "{}")
    gained = offer.weeks_gained
    return Offered(
        offer.pk,
        names[offer.organisation_code],
        offer.capacity.site_name,
        in_words(offer.day) if offer.day else "",
        offer.team,
        f"{offer.miles:.0f} miles" if near and offer.miles is not None else "",
        f"{gained:.0f} weeks" if gained is not None else "",
        states.offers().labels[offer.state],
        in_words(offer.held_until) if offer.state == "HELD" else "",
        tuple(told.get("warnings", {}).values()),
        told.get("why", ""),
        offer.organisation_code == organisation_code,
    )


@dataclass(frozen=True, slots=True)
class Done:
    """A step, in words."""

    at: str
    words: str
    reason: str
    comment: str
    who: str


def done(steps: Iterable[AidStep]) -> list[Done]:
    """The steps, the latest first."""
    held = sorted(steps, key=lambda each: -each.version)
    people = people_named({each.by for each in held} | {each.acting_for for each in held})
    names = organisations_named({each.organisation_code for each in held})
    return [_done(each, people, names) for each in held]


def _done(step: AidStep, people: Mapping[str, str], names: Mapping[str, str]) -> Done:
    by = people.get(step.by, sentence(step.role.replace("_", " ")) or "Somebody")
    if step.acting_for:
        by = f"{by} for {people.get(step.acting_for, 'a clinician')}"
    if step.organisation_code:
        by = f"{by}, {names.get(step.organisation_code, step.organisation_code)}"
    row = states.aid_requests().rows.get(step.action)
    label = row.label if row else sentence(step.action.replace("_", " "))
    return Done(at_words(step.at), label, reason_words(step.reason), step.comment, by)


def reason_words(code: str) -> str:
    """A reason as people read it."""
    if found := decline_reasons().get(code):
        return found.words
    return policies.WITHDRAWALS.get(code, sentence(code.replace("_", " ").lower()))
