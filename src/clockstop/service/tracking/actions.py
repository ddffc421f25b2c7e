"""The only writers beside the list: permission, policy, write, audit, in one transaction."""

import hashlib
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import record
from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.models import Handling, Note, SavedView

NOTED, HANDLED = "wrote a note", "set who looks after a pathway"
SAVED, FORGOT, EXPORTED = "saved a view", "removed a saved view", "exported the tracking list"


class NotPossibleError(ValueError):
    """What cannot be done, in words for the person who asked; ``field`` is what it is about."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@transaction.atomic
def write_note(*, actor: Actor, pathway: Pathway, text: str, submission: UUID) -> Note:
    """Add a note to a pathway that the actor sees; the same ``submission`` twice is one note.

    The audit keeps a fingerprint of the text, which may be clinical. Raises PermissionDenied and
    NotPossibleError.
    """
    _must("tracking.handle", actor, pathway)
    text = text.strip()
    if not 0 < len(text) <= Note.LONGEST:
        raise NotPossibleError("text", f"A note has 1 to {Note.LONGEST:,} characters")
    note, is_new = Note.objects.get_or_create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        submission=submission,
        defaults={
            "organisation_code": actor.organisation_code,
            "text": text,
            "written_at": timezone.now(),
            "written_by": str(actor.person),
        },
    )
    if is_new:
        _record(NOTED, actor, pathway, {"note": str(note.pk), "sha256": fingerprint(text)})
    return note


@transaction.atomic
def set_handling(*, actor: Actor, pathway: Pathway, owner: str, due: date | None) -> Handling:
    """Say who of the actor's organisation looks after a pathway (their reference), and by when.

    Nobody and never are empty. Raises PermissionDenied, and NotPossibleError where the owner
    does not work there.
    """
    _must("tracking.handle", actor, pathway)
    key = {
        "icb_code": pathway.icb_code,
        "pathway": pathway,
        "organisation_code": actor.organisation_code,
    }
    held = Handling.objects.select_for_update().filter(**key).first() or Handling(**key)
    if (held.owner, held.due) == (owner, due):
        return held
    if owner and owner != held.owner and not _works_there(owner, actor.organisation_code):
        raise NotPossibleError("owner", "Owner: choose somebody who works in your organisation")
    held.owner, held.due = owner, due
    held.save()
    _record(HANDLED, actor, pathway, {"owner": owner, "due": due.isoformat() if due else ""})
    return held


@transaction.atomic
def save_view(*, actor: Actor, name: str, query: str) -> SavedView:
    """Keep a filter under a name, in the place of an earlier one of that name.

    Raises NotPossibleError where the actor has too many.
    """
    name, own = name.strip(), SavedView.objects.visible_to(actor)
    if not own.filter(name=name).exists() and own.count() >= SavedView.MOST:
        raise NotPossibleError("name", f"You have {SavedView.MOST} views: remove one first")
    view, _ = SavedView.objects.update_or_create(
        person=str(actor.person),
        organisation_code=actor.organisation_code,
        name=name,
        defaults={"query": query},
    )
    _record_view(SAVED, actor, view)
    return view


@transaction.atomic
def forget_view(*, actor: Actor, view: SavedView) -> None:
    """Remove a view of one's own. Raises PermissionDenied."""
    _must("tracking.forget_view", actor, view)
    _record_view(FORGOT, actor, view)
    view.delete()


@transaction.atomic
def note_export(*, actor: Actor, query: str, rows: int, kind: str, digest: str) -> None:
    """Keep in the audit that rows of the list left as a file. Raises PermissionDenied."""
    _must("tracking.export", actor)
    record(
        EXPORTED,
        actor.for_audit,
        icb_code=actor.icb_code or NATIONAL,
        subject=("organisation", actor.organisation_code),
        detail={"filter": query, "rows": rows, "kind": kind, "sha256": digest},
    )


def fingerprint(text: str) -> str:
    """What stands for a text in the audit."""
    return hashlib.sha256(text.encode()).hexdigest()


def _must(permission: str, actor: Actor, about: object = None) -> None:
    if not rules.has_perm(permission, actor, about):
        raise PermissionDenied


def _works_there(person: str, organisation_code: str) -> bool:
    held = Membership.objects.on(timezone.localdate()).filter(
        person=person, organisation_code=organisation_code, role__in=PROVIDING
    )
    return held.exists()


def _record(action: str, actor: Actor, pathway: Pathway, detail: Mapping[str, str]) -> None:
    by, about = actor.for_audit, ("pathway", pathway.pk)
    record(action, by, icb_code=pathway.icb_code, subject=about, detail=detail)


def _record_view(action: str, actor: Actor, view: SavedView) -> None:
    detail = {"query": view.query, "sha256": fingerprint(view.name)}
    record(
        action,
        actor.for_audit,
        icb_code=actor.icb_code or NATIONAL,
        subject=("saved_view", view.pk),
        detail=detail,
    )
