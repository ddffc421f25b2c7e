"""Files that come before the request that they are for: kept on their own, then put to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, REFERRING
from clockstop.service.audit.recording import record
from clockstop.service.referrals.actions.stepping import hand_of, locked
from clockstop.service.referrals.attachments import MOST, File, against_files
from clockstop.service.referrals.models import Advice, Document, Referral
from clockstop.service.referrals.states import Party

_LETTER = "REFERRER"


@transaction.atomic
def upload(*, actor: Actor, file: File, meant_for: str = "") -> Document:
    """Keep a file that is put to a request later; nobody but who sent it can do that.

    ``meant_for`` is the booking reference of that request: it goes to no other, and without one to
    none. Raises PermissionDenied and StepRefusedError.
    """
    if actor.role not in REFERRING | PROVIDING or not actor.organisation_code:
        raise PermissionDenied
    if refusals := against_files([file]):
        raise StepRefusedError(refusals)
    document = Document.objects.create(
        icb_code=actor.icb_code,
        title=file.title,
        meant_for=meant_for,
        content_type=file.kind,
        size=len(file.content),
        content=file.content,
        attached_at=timezone.now(),
        attached_by=actor.for_audit.id,
        organisation_code=actor.organisation_code,
    )
    _note("uploaded a file", actor, document, ("document", document.pk))
    return document


@transaction.atomic
def attach_uploaded(
    *,
    actor: Actor,
    referral_id: UUID,
    described: Mapping[UUID, str],
    version: int | None = None,
) -> Referral:
    """Put files that the actor uploaded to an open referral, each with its description.

    Raises Referral.DoesNotExist, StaleError, BusyError and StepRefusedError; then none is put.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    _put_to(referral, actor, _uploaded(actor, described), described)
    return referral


@transaction.atomic
def replace_letter(
    *,
    actor: Actor,
    referral_id: UUID,
    described: Mapping[UUID, str],
    version: int | None = None,
) -> Referral:
    """Make these files the letter: those there that are named stay, others are taken off.

    Raises as ``attach_uploaded``; then nothing is changed.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    there = list(_letter(referral))
    kept = [each for each in there if each.pk in described]
    gone = [each for each in there if each.pk not in described]
    new = {key: text for key, text in described.items() if key not in {e.pk for e in kept}}
    changed = [each for each in kept if each.description != described[each.pk].strip()]
    if described and not (new or gone or changed):
        words = "These are the files that are with the referral already"
        raise StepRefusedError([Refusal("NO_CHANGES_DETECTED", words, "files")])
    for each in gone:
        each.removed = True
        each.save(update_fields=("removed",))
    for each in changed:
        each.description = described[each.pk].strip()
        each.save(update_fields=("description",))
    _put_to(referral, actor, _uploaded(actor, new), new, is_whole=bool(kept))
    for each in gone:
        _note("referral: removed a file", actor, each, ("referral", referral.pk))
    return referral


def _letter(referral: Referral) -> Any:
    """The practice's files with a referral, locked: rows before the audit (ADR 0021)."""
    rows = referral.documents.select_for_update(of=("self",)).defer("content")
    return rows.filter(removed=False, attached_as=_LETTER).order_by("attached_at", "pk")


def _put_to(
    referral: Referral,
    actor: Actor,
    documents: Sequence[Document],
    described: Mapping[UUID, str],
    *,
    is_whole: bool = False,
) -> None:
    """Put new files to a locked referral; ``is_whole`` where none need come."""
    parties = hand_of(actor, referral).parties
    refusals = _against(documents, described, referral, is_whole=is_whole)
    if not parties & {Party.REFERRER, Party.PROVIDER}:
        refusals.append(Refusal("NO_RELATIONSHIP", "Only referrer and provider may do this"))
    if not referral.is_open:
        refusals.append(Refusal("INVALID_REQUEST_STATE", "The referral has ended"))
    if refusals:
        raise StepRefusedError(refusals)
    side = _LETTER if Party.REFERRER in parties else "PROVIDER"
    for each in documents:
        each.referral, each.icb_code = referral, referral.icb_code
        _put(each, described, side)
        _note("referral: attached a file", actor, each, ("referral", referral.pk))
    if side == _LETTER and referral.letter_due:
        referral.letter_due = False
        referral.save(update_fields=("letter_due",))


@transaction.atomic
def attach_to_advice(*, actor: Actor, advice_id: UUID, described: Mapping[UUID, str]) -> Advice:
    """The same for a conversation about advice, by either side of it."""
    advice: Advice = locked(Advice.objects.visible_to(actor), advice_id, None)
    documents = _uploaded(actor, described)
    if refusals := _against(documents, described, advice):
        raise StepRefusedError(refusals)
    is_provider = advice.provider_code == actor.organisation_code and actor.role in PROVIDING
    for each in documents:
        each.advice, each.icb_code = advice, advice.icb_code
        _put(each, described, "GUIDANCE_RESPONSE" if is_provider else "ADVICE_REQUEST")
        _note("advice: attached a file", actor, each, ("advice", advice.pk))
    return advice


def file_of(document_id: UUID | str) -> Document | None:
    """A file that somebody was let see a moment ago, with its content."""
    found: Document | None = Document.objects.filter(pk=document_id, removed=False).first()
    return found


def _uploaded(actor: Actor, described: Mapping[UUID, str]) -> list[Document]:
    own = Document.objects.select_for_update().filter(
        pk__in=list(described),
        referral=None,
        advice=None,
        removed=False,
        attached_by=actor.for_audit.id,
        organisation_code=actor.organisation_code,
    )
    return list(own.order_by("attached_at", "pk"))


def _against(
    documents: Sequence[Document],
    described: Mapping[UUID, str],
    request: Referral | Advice,
    *,
    is_whole: bool = False,
) -> list[Refusal]:
    found = []
    if not described and not is_whole:
        found.append(Refusal("MISSING_VALUE", "Name a file", "files"))
    if len(documents) < len(described):
        words = "A file is unknown, is another's, or is with a request already"
        found.append(Refusal("REFERENCE_NOT_FOUND", words, "files"))
    if any(each.meant_for not in _references(request) for each in documents):
        words = "A file was not uploaded for this request: name its booking reference then"
        found.append(Refusal("INAPPROPRIATE_VALUE", words, "files"))
    held = list(request.documents.filter(removed=False).values_list("title", flat=True))
    titles = [*held, *(each.title for each in documents)]
    if len(set(titles)) < len(titles):
        words = "There is a file of this name already"
        found.append(Refusal("DUPLICATE_FILENAME", words, "files"))
    if len(titles) > MOST:
        words = f"A request holds up to {MOST} files"
        found.append(Refusal("TOO_MANY_ITEMS", words, "files"))
    return found


def _references(request: Referral | Advice) -> set[str]:
    """Those for which its files may be meant: a question's too, for the referral it became."""
    asked = request.from_advice if isinstance(request, Referral) else None
    return {request.ubrn, *([asked.ubrn] if asked else [])}


def _put(document: Document, described: Mapping[UUID, str], side: str) -> None:
    document.attached_as, document.description = side, described[document.pk].strip()
    document.attached_at = timezone.now()
    changed = ("referral", "advice", "icb_code", "attached_as", "attached_at", "description")
    document.save(update_fields=changed)


def _note(what: str, actor: Actor, document: Document, subject: tuple[str, UUID]) -> None:
    record(
        what,
        actor.for_audit,
        icb_code=document.icb_code,
        subject=subject,
        detail={"document": str(document.pk), "size": document.size},
    )
