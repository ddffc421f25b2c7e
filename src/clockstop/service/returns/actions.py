"""The only writers of returns: permission, policy, write, audit, in one transaction.

What takes long is worked out before the transaction: it holds no lock while it counts.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from clockstop.core.types import Month
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.returns import deadlines, extracts, monthly, policies, uploads, weekly
from clockstop.service.returns import one_view as views_of
from clockstop.service.returns.made import CannotMakeError, Made
from clockstop.service.returns.models import (
    Decision,
    Kind,
    OneView,
    Return,
    ReturnFile,
    as_json,
    packed,
)
from clockstop.service.returns.one_view import Ingredients, View
from clockstop.service.returns.policies import Refusal
from clockstop.service.returns.states import COUNTS, UNSIGNED, State, Step, after
from clockstop.service.ui.uploads import Sent


class DecisionRefusedError(ValueError):
    """A decision that cannot be made; ``refusals`` are all the reasons. Nothing was written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(each.words for each in refusals))
        self.refusals = refusals


def make_monthly(*, actor: Actor, month: Month, submission: UUID) -> Return:
    """Make a version of the return of a month from the provider's records, and check it.

    The same ``submission`` twice is one version. Raises PermissionDenied and CannotMakeError.
    """
    held = _begun(actor, Kind.MONTHLY, month.census, submission)
    if held:
        return held
    previous = _previous(actor.organisation_code, month)
    return keep(actor, monthly.made(actor.organisation_code, month, previous), submission)


def make_weekly(*, actor: Actor, week_ending: date, submission: UUID) -> Return:
    """Make the tables of a week from the provider's records; raises as ``make_monthly``."""
    held = _begun(actor, Kind.WEEKLY, week_ending, submission)
    if held:
        return held
    return keep(actor, weekly.made(actor.organisation_code, week_ending), submission)


def upload_weekly(
    *, actor: Actor, week_ending: date, sent: Sequence[Sent], submission: UUID
) -> Return:
    """Keep the tables of a week that were made elsewhere; what cannot be used is kept as rejected.

    Raises as ``make_monthly`` does, also for what is no submission at all.
    """
    held = _begun(actor, Kind.WEEKLY, week_ending, submission)
    if held:
        return held
    return keep(actor, uploads.made(actor.organisation_code, week_ending, sent), submission)


@transaction.atomic
def sign_off(
    *, actor: Actor, held: Return, explained: Mapping[str, str], confirmed: bool
) -> Return:
    """Put the provider's name to a version: it counts from now on, and no earlier one does.

    A weekly submission is submitted so. Raises PermissionDenied, NotPossibleError where it is not
    ready or somebody signed it off first, and DecisionRefusedError.
    """
    locked = _locked(held)
    if not rules.has_perm("returns.sign_off", actor, locked):
        raise PermissionDenied
    state = after(locked.stands, Step.SIGN_OFF)
    _refuse(*policies.against_signing(locked.findings, explained, confirmed=confirmed))
    now = timezone.now()
    _supersede(locked, actor, COUNTS | UNSIGNED)
    locked.signed_at = now
    locked.is_late = deadlines.is_late(locked.kind, locked.period, timezone.localdate(now))
    asked = {check.key for check in locked.findings}
    words = {key: text.strip() for key, text in explained.items() if key in asked}
    _decide(actor, locked, state, explained=words)
    return locked


@transaction.atomic
def judge(*, actor: Actor, held: Return, accepts: bool, reason: str = "") -> Return:
    """Accept what a provider signed off, or send it back with a reason.

    Raises PermissionDenied, NotPossibleError where somebody judged or replaced it first, and
    DecisionRefusedError.
    """
    locked = _locked(held)
    if not rules.has_perm("returns.judge", actor, locked):
        raise PermissionDenied
    state = after(locked.stands, Step.ACCEPT if accepts else Step.SEND_BACK)
    if not accepts:
        _refuse(*policies.against_sending_back(reason))
    _decide(actor, locked, state, reason=reason.strip())
    return locked


def _begun(actor: Actor, kind: str, period: date, submission: UUID) -> Return | None:
    """The version that this form made before, if it did. Raises as ``make_monthly``."""
    if not rules.has_perm("returns.make", actor):
        raise PermissionDenied
    held: Return | None = Return.objects.visible_to(actor).filter(submission=submission).first()
    if held is None and not deadlines.is_due(kind, period, timezone.localdate()):
        raise CannotMakeError("Choose a month or a week that has ended")
    return held


def _previous(organisation_code: str, month: Month) -> bytes | None:
    """The counts that the provider signed off for the month before, if it did."""
    before = Return.objects.of(Kind.MONTHLY).counting()
    held = before.filter(organisation_code=organisation_code, period=month.plus(-1).census).first()
    return held.files.get(name=monthly.FIGURES).content if held else None


def keep(actor: Actor, made: Made, submission: UUID) -> Return:
    """Write a version with its files. What was not signed off before is replaced by it."""
    try:
        with transaction.atomic():
            return _kept(actor, made, submission)
    except IntegrityError:  # another version was kept at this very moment
        twin: Return | None = Return.objects.visible_to(actor).filter(submission=submission).first()
        if twin is None:
            words = "Somebody made one at the same moment: look at theirs first"
            raise CannotMakeError(words) from None
        return twin


def _kept(actor: Actor, made: Made, submission: UUID) -> Return:
    before = Return.objects.visible_to(actor).of(made.kind).filter(period=made.period)
    latest = before.select_for_update().order_by("-version").first()
    held = Return(
        icb_code=actor.icb_code,
        kind=made.kind,
        organisation_code=actor.organisation_code,
        period=made.period,
        version=latest.version + 1 if latest else 1,
        state=State.DRAFT,
        source=made.source,
        made_at=timezone.now(),
        made_by=str(actor.person),
        holds=made.holds,
        checks=as_json(made.checks),
        figures=json.dumps(made.figures),
        submission=submission,
    )
    if not made.is_usable:
        held.state = after(State.DRAFT, Step.REJECT)
    elif not made.has_errors:
        held.state = after(State.DRAFT, Step.CHECK)
    held.save(force_insert=True)
    ReturnFile.objects.bulk_create(_file(held, *each) for each in sorted(made.files.items()))
    if made.is_usable:
        _supersede(held, actor, UNSIGNED)
    _record("made a return", actor, held)
    return held


def _file(held: Return, name: str, content: bytes) -> ReturnFile:
    return ReturnFile(
        icb_code=held.icb_code,
        owner=held,
        name=name,
        size=len(content),
        holds=hashlib.sha256(content).hexdigest(),
        packed=packed(content),
    )


def _supersede(held: Return, actor: Actor, states: frozenset[State]) -> None:
    """Other versions of the period, in these states, are replaced by this one."""
    others = Return.objects.filter(
        icb_code=held.icb_code,
        organisation_code=held.organisation_code,
        kind=held.kind,
        period=held.period,
        state__in=states,
    ).exclude(pk=held.pk)
    for each in others.select_for_update():
        each.state = after(each.stands, Step.SUPERSEDE)
        each.save(update_fields=("state",))
        _record("replaced a return", actor, each)


def _locked(held: Return) -> Return:
    locked: Return = Return.objects.select_for_update().get(pk=held.pk)
    return locked


def _refuse(*refusals: Refusal) -> None:
    if refusals:
        raise DecisionRefusedError(*refusals)


def _decide(
    actor: Actor,
    held: Return,
    state: State,
    *,
    reason: str = "",
    explained: Mapping[str, str] | None = None,
) -> None:
    held.state = state
    held.save(update_fields=("state", "signed_at", "is_late"))
    Decision.objects.create(
        icb_code=held.icb_code,
        about=held,
        state=state,
        at=timezone.now(),
        by=str(actor.person),
        role=actor.role.value,
        organisation_code=actor.organisation_code,
        reason=reason,
        explained=json.dumps(dict(explained or {})),
    )
    _record("decided on a return", actor, held)


def _record(action: str, actor: Actor, held: Return) -> None:
    detail: dict[str, str | int | bool | None] = {
        "kind": held.kind,
        "organisation": held.organisation_code,
        "period": held.period.isoformat(),
        "version": held.version,
        "state": str(held.state),
        "holds": held.holds,
    }
    recording.record(
        action, actor.for_audit, icb_code=held.icb_code, subject=("return", held.pk), detail=detail
    )


def one_view(*, actor: Actor, week_ending: date) -> OneView:
    """The view of a week across the ICB's providers, made anew where what it is made of changed.

    Raises PermissionDenied, and CannotMakeError where no key for pseudonyms is set.
    """
    if not rules.has_perm("returns.one_view", actor):
        raise PermissionDenied
    of = _ingredients(actor, week_ending)
    views = OneView.objects.visible_to(actor)
    held: OneView | None = views.filter(week_ending=week_ending, made_of=of.holds).first()
    return held or _view_kept(actor, of, views_of.made(of))


@transaction.atomic
def take_out(*, actor: Actor, view: OneView, content: bytes) -> None:
    """Note that somebody took figures or rows of a view with them."""
    if not rules.has_perm("returns.one_view", actor):
        raise PermissionDenied
    _record_view("took out of one view", actor, view, holds=hashlib.sha256(content).hexdigest())


def _ingredients(actor: Actor, week_ending: date) -> Ingredients:
    weeks = Return.objects.visible_to(actor).of(Kind.WEEKLY).counting().order_by("pk")
    before = week_ending - views_of.WEEK
    earlier = OneView.objects.visible_to(actor).filter(week_ending=before).order_by("-made_at")
    found = earlier.values_list("found", flat=True).first()
    return Ingredients(
        week_ending=week_ending,
        now=tuple(weeks.filter(period=week_ending)),
        before=tuple(weeks.filter(period=before)),
        left_out=extracts.left_out(actor.icb_code, weekly.key()),
        sent=tuple(extracts.transfers_sent(actor.icb_code, week_ending)),
        earlier=None if found is None else bytes(found),
    )


@transaction.atomic
def _view_kept(actor: Actor, of: Ingredients, view: View) -> OneView:
    held: OneView
    held, is_new = OneView.objects.get_or_create(
        icb_code=actor.icb_code,
        week_ending=of.week_ending,
        made_of=of.holds,
        defaults={
            "made_at": timezone.now(),
            "figures": json.dumps(view.figures),
            "listed": view.listed,
            "found": view.found,
        },
    )
    if is_new:
        _record_view("made one view", actor, held, holds=of.holds)
    return held


def _record_view(action: str, actor: Actor, view: OneView, *, holds: str) -> None:
    detail = {"period": view.week_ending.isoformat(), "holds": holds}
    recording.record(
        action,
        actor.for_audit,
        icb_code=view.icb_code,
        subject=("one_view", view.pk),
        detail=detail,
    )
