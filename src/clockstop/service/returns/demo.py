"""Weekly submissions of the demo's providers, so that an ICB's one view has something to show.

They are made of made-up patients; a few disagreements are put in, as lists in life have them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from clockstop.analytics.reconcile.disagreeing import disagree, week_before
from clockstop.analytics.wlmds.building import build_submission
from clockstop.analytics.wlmds.rules import no_faults
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.pathways import records
from clockstop.service.returns import actions, weekly
from clockstop.service.returns.deadlines import weeks_due
from clockstop.service.returns.models import Kind, Return, Source
from clockstop.service.returns.querysets import MAKING

_MOST, _SHARE, _SEED = 9, 20, 1948  # disagreements of each case, at most one of so many pathways
_WEEK = timedelta(weeks=1)


def seed_weeks() -> int:
    """Submit the two latest weeks of the providers that somebody works at; how many were.

    Nothing is done where there is a weekly return already.
    """
    if Return.objects.of(Kind.WEEKLY).exists():
        return 0
    sunday = next(weeks_due(timezone.localdate()))
    built = {code: _built(code, sunday) for code in _offices()}
    held = {code: tables for code, tables in built.items() if tables["open"].height}
    if len(held) < 2:  # noqa: PLR2004 (a pair)
        return 0
    now = {code: tables["open"] for code, tables in held.items()}
    before = {
        code: week_before(tables["open"], tables["stops"], sunday - _WEEK)
        for code, tables in held.items()
    }
    every = sum(each.height for each in now.values())
    each_case = max(1, min(_MOST, every // _SHARE))
    wrong, _ = disagree(now, before, each=each_case, seed=_SEED)
    for code, actor in _offices().items():
        if code in held:
            _submit(actor, {"open": before[code]}, sunday - _WEEK)
            _submit(actor, {**held[code], "open": wrong[code]}, sunday)
    return 2 * len(held)


def _offices() -> Mapping[str, Actor]:
    """Somebody of each provider who may submit."""
    held = Membership.objects.on(timezone.localdate()).filter(
        role__in=[role.value for role in MAKING]
    )
    ordered = held.select_related("person").order_by("organisation_code", "role")
    return {each.organisation_code: each.as_actor() for each in ordered}


def _built(code: str, week: date) -> Mapping[str, Any]:
    people, pathways, events = records.tables(code)
    key = settings.CLOCKSTOP_EXTRACT_KEY
    return build_submission(people, pathways, events, provider=code, week_ending=week, key=key)


def _submit(actor: Actor, tables: Mapping[str, Any], week: date) -> None:
    made = weekly.submission(tables, no_faults(), week, Source.UPLOAD)
    held = actions.keep(actor, made, uuid4())
    actions.sign_off(actor=actor, held=held, explained={}, confirmed=True)
