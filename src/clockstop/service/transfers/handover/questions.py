"""The questions of the pages about transfers, as the shared macro draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clockstop.core.codes.iptamds import Element, elements
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.names import clinicians_of
from clockstop.service.pathways.questions import Question, options_of
from clockstop.service.transfers.actions.moving.data_set import Form
from clockstop.service.transfers.handover.acts import OPTIONS, Act
from clockstop.service.ui.day_field import boxes

Values = Mapping[str, str]
_TEXTS: Mapping[str, tuple[str, str, str]] = {
    "on": ("day", "Day on which you took the patient on", "Today, if you leave it empty"),
    "tested_on": ("day", "Day of the test", "Today, if you leave it empty"),
    "treated": ("select", "Was the patient treated at this first visit?", "Leave it if not"),
    "acting_for": ("select", "Clinician whose decision this is", ""),
    "reason": ("radios", "Why does the patient come back?", ""),
    "comment": ("area", "In your own words", "Needed for another reason"),
    "minutes": ("text", "Minutes that it took", "If you like: the burden of the scheme is counted"),
    "result": ("area", "Result", "As the report says it"),
}
# The agreements that stand beside the data set.
BESIDE: Mapping[str, tuple[str, str]] = {
    "return_to": ("Return route", "The team and telephone to which the patient would come back"),
    "cnst_cover": (
        "Statement of CNST cover",
        "Only under a subcontract: its reference",
    ),
}


def of_act(act: Act, actor: Actor, given: Values, errors: Values) -> list[Question]:
    """What an act asks of the actor; a clinician decides for themselves."""
    asked = [name for name in act.asks if name != "acting_for" or _names_clinician(actor, act)]
    return [_asked(name, actor, given, errors) for name in asked]


def at_boxes(act: Act, errors: Values) -> dict[str, str]:
    """The errors in the order of the page, by the box to which each leads."""
    order = {name: at for at, name in enumerate(act.asks)}
    return {
        boxes(name)[0] if _TEXTS.get(name, ("",))[0] == "day" else name: errors[name]
        for name in sorted(errors, key=lambda name: order.get(name, len(order)))
    }


def _names_clinician(actor: Actor, act: Act) -> bool:
    """Who is no clinician names one, where something is decided."""
    return actor.role is not Role.PROVIDER_CLINICIAN and "acting_for" in act.asks


def _asked(name: str, actor: Actor, given: Values, errors: Values) -> Question:
    kind, label, hint = _TEXTS[name]
    chosen = given.get(name, "")
    value: str | tuple[str, str, str] = chosen
    if kind == "day":
        day, month, year = (given.get(f"{name}-{part}", "") for part in ("day", "month", "year"))
        value = (day, month, year)
    known = OPTIONS.get(name, {})
    if name == "acting_for":
        known = dict(clinicians_of(actor.organisation_code))
    return Question(
        name=name,
        label=label,
        kind=kind,
        value=value,
        options=options_of(known.items(), chosen),
        hint=hint,
        error=errors.get(name, ""),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """The elements of one part of the data set: what is known, and what is asked."""

    title: str
    known: tuple[tuple[str, str], ...]
    asked: tuple[Question, ...]


def of_form(form: Form, errors: Values) -> list[Group]:
    """The data set by its groups; what the records answer for is shown, the rest is asked."""
    groups: dict[str, list[Element]] = {}
    for each in elements().values():
        if each.key != "received_on":  # the receiver's, once the patient is there
            groups.setdefault(each.group, []).append(each)
    return [_group(title, held, form, errors) for title, held in groups.items()]


def _group(title: str, held: list[Element], form: Form, errors: Values) -> Group:
    known = tuple((each.label, form.values[each.key]) for each in held if each.key in form.fixed)
    asked = (each for each in held if each.key not in form.fixed and each.key not in form.withheld)
    return Group(title, known, tuple(_element(each, form, errors) for each in asked))


def _element(element: Element, form: Form, errors: Values) -> Question:
    label = element.label if element.mandatory else f"{element.label} (if known)"
    hint = "A day like 2026-03-27" if element.kind == "day" else ""
    value = form.values.get(element.key, "")
    kind = "area" if element.key == "address" else "text"
    error = errors.get(element.key, "")
    return Question(name=element.key, label=label, kind=kind, value=value, hint=hint, error=error)


def minutes() -> Question:
    """The minutes that staff may note with the data set."""
    kind, label, hint = _TEXTS["minutes"]
    return Question(name="minutes", label=label, kind=kind, value="", hint=hint)


def beside(given: Values, errors: Values, *, is_subcontract: bool) -> list[Question]:
    """What is agreed beside the data set."""
    return [
        Question(
            name=name,
            label=label,
            kind="text",
            value=given.get(name, ""),
            hint=hint,
            error=errors.get(name, ""),
        )
        for name, (label, hint) in BESIDE.items()
        if name != "cnst_cover" or is_subcontract
    ]
