"""Weekly submissions of the demo's providers, so that an ICB's one view has something to show.

They are made of made-up patients; a few disagreements are put in, as lists in life have them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from clockstop.analytics.reconcile.disagreeing import disagree
from clockstop.analytics.wlmds.building import build_submission
from clockstop.analytics.wlmds.rules import no_faults
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.returns import actions, weekly
from clockstop.service.returns.deadlines import weeks_due
from clockstop.service.returns.models import Kind, Return, Source
from clockstop.service.returns.querysets import MAKING
from clockstop.service.returns.states import State

_EACH, _SEED = 9, 1948  # disagreements of each case
_WEEK = timedelta(weeks=1)
Tables = tuple[Any, Any, Any]


def seed_weeks(tables: Mapping[str, Tables], *, last: date | None = None) -> int:
    """Submit the two latest weeks for providers that somebody works at; how many were.

    ``tables`` are people, pathways and events by the code of the provider. Nothing is done where
    there is a weekly return already.
    """
    actors = _offices(sorted(tables))
    if Return.objects.of(Kind.WEEKLY).exists() or len(actors) < 2:  # noqa: PLR2004 (a pair)
        return 0
    sunday = last or next(weeks_due(timezone.localdate()))
    weeks = [sunday - _WEEK, sunday]
    built = {(code, week): _built(tables[code], code, week) for code in actors for week in weeks}
    opened = [{code: built[code, week]["open"] for code in actors} for week in weeks]
    wrong, _ = disagree(opened[1], opened[0], each=_EACH, seed=_SEED)
    for code, actor in actors.items():
        for week in weeks:
            given = built[code, week]
            if week == sunday:
                given = {**given, "open": wrong[code]}
            _submit(actor, given, week)
    return len(actors) * len(weeks)


def _offices(codes: Sequence[str]) -> Mapping[str, Actor]:
    """Somebody of each provider who may submit."""
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code__in=codes, role__in=[role.value for role in MAKING]
    )
    return {each.organisation_code: each.as_actor() for each in held.select_related("person")}


def _built(tables: Tables, code: str, week: date) -> Mapping[str, Any]:
    people, pathways, events = tables
    return build_submission(
        people,
        pathways,
        events,
        provider=code,
        week_ending=week,
        key=settings.CLOCKSTOP_EXTRACT_KEY,
    )


def _submit(actor: Actor, tables: Mapping[str, Any], week: date) -> None:
    made = weekly.submission(tables, no_faults(), week, Source.UPLOAD)
    held = actions.keep(actor, made, uuid4())
    if held.stands is State.CHECKED:
        actions.sign_off(actor=actor, held=held, explained={}, confirmed=True)
