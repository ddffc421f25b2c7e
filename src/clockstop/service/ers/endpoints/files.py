"""A012, A020, A042: files that are uploaded, put to a referral, and fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clockstop.service.ers import systems
from clockstop.service.ers.endpoints import referrals
from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import BASE, Answer, Call, operation
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals.access import open_advice, open_referral
from clockstop.service.referrals.actions.uploading import attach_uploaded, file_of, replace_letter
from clockstop.service.referrals.actions.uploading import upload as upload_file
from clockstop.service.referrals.attachments import MEGABYTES, File
from clockstop.service.referrals.models import Document, Referral

_LETTER = (Named("referralLetterFile", "resource", many=True, required=True),)
_BINARY = re.compile(r"(?:.*/)?Binary/([0-9a-fA-F-]{36})")
_UBRN = re.compile(r"[0-9]{1,20}")
_ANY = "application/octet-stream"
_ALSO = {"application/rtf": "text/rtf"}  # as published
_MOST = MEGABYTES * 1024 * 1024
_SALT = "clockstop.ers.files"
_MINUTES = 5


@operation("A020")
def upload(call: Call) -> Answer:
    """A file on its own; where it is, says the header Location."""
    name = call.request.headers.get("NHSD-eRS-File-Name", "").strip()
    if not name:
        raise refuse("MISSING_VALUE", "The header NHSD-eRS-File-Name is missing")
    content = call.request.read(_MOST + 1)
    if len(content) > _MOST:
        raise refuse("FILE_SIZE_ERROR", f"A file holds up to {MEGABYTES} MB")
    file = File(name, content)
    meant_for = call.request.headers.get("NHSD-eRS-Referral-ID", "").strip()
    _check_upload(file, call.request.content_type or "", meant_for)
    document = upload_file(actor=call.actor, file=file, meant_for=meant_for)
    return Answer(status=HTTPStatus.CREATED, headers={"Location": f"Binary/{document.pk}"})


def _check_upload(file: File, kind: str, meant_for: str) -> None:
    """What came beside a file is kept or refused: its name, its type, what it is meant for."""
    if file.title != file.name:
        words = "NHSD-eRS-File-Name must be a name without folders, of up to 100 characters"
        raise refuse("INVALID_VALUE", words)
    if meant_for and not _UBRN.fullmatch(meant_for):
        raise refuse("INVALID_VALUE", "NHSD-eRS-Referral-ID must be a booking reference")
    if file.kind and kind not in {"", _ANY, file.kind, _ALSO.get(file.kind)}:
        raise refuse("CONFLICTING_VALUES", "Content-Type is not what the file is")


@operation("A012")
def maintain_letter(call: Call, ubrn: str) -> Answer:
    """Files that the caller uploaded, and those there that it names, are the referral's letter."""
    told = read(call.body, systems.profile("MaintainReferralLetter-Parameters"), _LETTER)
    changed = replace_letter(
        actor=call.actor,
        referral_id=referrals.key_of(call, ubrn),
        described=files_of(told["referralLetterFile"], "REFERRER"),
        version=call.version,
    )
    return referrals.answer(call, changed)


def attached(call: Call, referral: Referral, sent: Sequence[Any]) -> Referral:
    """The referral with files that came with a change, within its transaction."""
    if not sent:
        return referral
    described = files_of(sent, "PROVIDER")
    return attach_uploaded(actor=call.actor, referral_id=referral.pk, described=described)


def files_of(sent: Iterable[Any], kind: str) -> dict[UUID, str]:
    """The uploaded files that DocumentReferences of a kind name, each with its description."""
    found: dict[UUID, str] = {}
    faults = []
    for place, each in enumerate(sent):
        key = _key(each)
        text = (each.get("description") or "") if isinstance(each, dict) else None
        if key is None or not isinstance(text, str) or "\x00" in text:
            words = f"file {place + 1} is no DocumentReference of one Binary/{{id}}"
            faults.append(Fault(Wrong.STRUCTURE, words))
        elif each.get("status", "current") != "current" or _kind(each) not in {None, kind}:
            words = f"file {place + 1} must be current, and its type {kind}"
            faults.append(Fault(Wrong.VALUE, words))
        elif key in found:
            raise refuse("DUPLICATE_FILENAME", f"file {place + 1} is named before")
        else:
            found[key] = text
    if faults:
        raise FaultyError(faults)
    return found


def _kind(sent: dict[str, Any]) -> str | None:
    """Whose file a DocumentReference says it is; none where it does not say."""
    try:
        (coding,) = sent["type"]["coding"]
        return str(coding["code"])
    except (KeyError, TypeError, ValueError):
        return None


def _key(sent: Any) -> UUID | None:
    try:
        (content,) = sent["content"]
        found = _BINARY.fullmatch(content["attachment"]["url"])
        return UUID(found[1]) if found else None
    except (KeyError, TypeError, ValueError):
        return None


@operation("A042")
def retrieve(call: Call, key: str) -> Answer:
    """Where the file is to be had, for a few minutes."""
    document = _document(call, key)
    if document is None:
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    ticket = signing.dumps(str(document.pk), salt=_SALT, compress=True)
    at = f"{call.request.build_absolute_uri(reverse('ers_file'))}?ticket={quote(ticket)}"
    return Answer(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": at})


def download(request: HttpRequest) -> HttpResponse:
    """The file of a ticket that the API gave out."""
    try:
        key = signing.loads(request.GET.get("ticket", ""), salt=_SALT, max_age=_MINUTES * 60)
    except signing.BadSignature:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    document = file_of(key)
    if document is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    response = HttpResponse(bytes(document.content), document.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.title)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _document(call: Call, key: str) -> Document | None:
    """A file of a request that the caller sees; the audit keeps that the request was opened."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    rows = Document.objects.visible_to(call.actor).defer("content")
    found: Document | None = rows.filter(pk=wanted).first()
    if found and found.referral_id:
        open_referral(actor=call.actor, referral_id=found.referral_id)
    elif found and found.advice_id:
        open_advice(actor=call.actor, advice_id=found.advice_id)
    return found


DOWNLOAD = f"{BASE}/files"
