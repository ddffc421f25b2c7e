"""The questions of a form, drawn from the fields that it asks and what was answered so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.names import clinicians_of
from clockstop.service.pathways.questions import Question, options_of
from clockstop.service.transfers.fields import YES_NO, Field
from clockstop.service.ui.day_field import boxes, read_day

_FEW = 12


def questions(
    fields: Iterable[Field], given: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Question, ...]:
    """Each field with what was answered, or what stands there, and what is wrong with it.

    ``errors`` are as ``at_fields`` gives them.
    """
    return tuple(_question(each, given, errors) for each in fields)


def clinician(actor: Actor) -> tuple[Field, ...]:
    """Who is no clinician says for whom they do it."""
    if actor.role is Role.PROVIDER_CLINICIAN:
        return ()
    people = clinicians_of(actor.organisation_code)
    return (Field("acting_for", "The clinician for whom you do this", "choice", lambda: people),)


def answered(fields: Iterable[Field], sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent, a day in three boxes as one text: as ``fields.read`` reads it."""
    told: dict[str, str] = {}
    for each in fields:
        if each.kind != "day" or each.name in sent:
            told[each.name] = sent.get(each.name, "").strip()[:4_000]
            continue
        day, month, year = (sent.get(box, "").strip()[:9] for box in boxes(each.name))
        found = read_day((day, month, year))
        told[each.name] = found.isoformat() if found else f"{day} {month} {year}".strip()
    return told


def at_fields(refused: StepRefusedError, asks: tuple[Field, ...]) -> dict[str, str]:
    """The reasons by the id of their field, joined; those about none of them under ``act``."""
    kinds = {each.name: each.kind for each in asks}
    known = (each if each.field in kinds else replace(each, field="") for each in refused.refusals)
    return {_at(name, kinds.get(name, "")): words for name, words in by_field(known, "act").items()}


def _at(name: str, kind: str) -> str:
    """The id of a field; of a day, that of its first box."""
    return boxes(name)[0] if kind == "day" else name


def _question(field: Field, given: Mapping[str, str], errors: Mapping[str, str]) -> Question:
    value = given.get(field.name, "")
    options = YES_NO if field.kind == "flag" else field.choices
    kind = {"day": "day", "area": "area", "flag": "radios"}.get(field.kind, "text")
    if field.kind == "choice":
        is_short = field.needed or field.name == "reason"
        kind = "radios" if is_short and len(options) <= _FEW else "select"
    return Question(
        name=field.name,
        label=field.label,
        kind=kind,
        options=options_of(options, value) if kind in {"radios", "select"} else (),
        value=_boxed(value) if field.kind == "day" else value,
        hint=field.hint,
        error=errors.get(_at(field.name, field.kind), ""),
    )


def _boxed(value: str) -> tuple[str, str, str]:
    parts = value.split("-") if value.count("-") == 2 else []  # noqa: PLR2004
    if len(parts) == 3:  # noqa: PLR2004
        year, month, day = parts
        return day.lstrip("0"), month.lstrip("0"), year
    typed = [*value.split(), "", "", ""][:3]
    return typed[0], typed[1], typed[2]
