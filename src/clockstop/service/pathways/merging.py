"""Records that are of one person are joined, and can be parted again; near ones are looked at."""

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.pathways import matching, reviews
from clockstop.service.pathways.models import Merge, Patient, Review

_JOINING = frozenset({"keep_this", "keep_other"})
_AT = 3  # a slip stands before this digit of a number or after it, or the two around it swapped


class CannotMergeError(ValueError):
    """Records that cannot be joined or parted as they stand; nothing was written."""


@transaction.atomic
def merge(
    *, actor: Actor | recording.Actor, kept: Patient, superseded: Patient, reason: str
) -> Merge:
    """Join a record to the one that is kept: the person then sees both sets of pathways.

    A waiting-list manager who sees both does it, or the system where the demographics service
    says that a number was superseded. Nothing of either record is lost or rewritten. Raises
    PermissionDenied, CannotMergeError.
    """
    by = _allowed(actor, kept, superseded)
    kept, superseded = _locked(kept, superseded)
    if superseded.merged_into_id == kept.pk:
        return _last(kept, superseded)
    is_held = Patient.objects.filter(merged_into=superseded).exists()
    if kept == superseded or kept.merged_into_id or superseded.merged_into_id or is_held:
        raise CannotMergeError("one of the records is joined to another already: part them first")
    if kept.died_on != superseded.died_on:
        raise CannotMergeError("only one of the records says that the patient died: correct it")
    superseded.merged_into = kept
    superseded.save(update_fields=("merged_into",))
    return _noted("joined two records", kept, superseded, reason, by)


@transaction.atomic
def separate(
    *, actor: Actor | recording.Actor, kept: Patient, superseded: Patient, reason: str
) -> Merge:
    """Part two records that were joined, as they were before. Raises as ``merge`` does.

    Not after a death: it was told on both records, and is to be corrected first.
    """
    by = _allowed(actor, kept, superseded)
    kept, superseded = _locked(kept, superseded)
    if superseded.merged_into_id != kept.pk:
        raise CannotMergeError("these two records are not joined")
    if superseded.died_on:
        raise CannotMergeError("a death stands on both records: correct it on the wrong one first")
    joined = _last(kept, superseded)
    superseded.merged_into = None
    superseded.save(update_fields=("merged_into",))
    return _noted("parted two records", kept, superseded, reason, by, joined)


@transaction.atomic
def settle(*, actor: Actor, review: Review, outcome: str) -> None:
    """Close a review of two records; where they are of one patient, join them in the same write.

    Raises PermissionDenied, ValueError, AlreadyClosedError, CannotMergeError.
    """
    if review.kind != Review.Kind.LIKELY_DUPLICATE or outcome not in _JOINING:
        reviews.close(actor=actor, review=review, outcome=outcome)
        return
    both = _locked(review.pathway.patient, Patient.objects.get(pk=review.opened_for))
    kept, superseded = both if outcome == "keep_this" else reversed(both)
    same_two = Q(pathway__patient=both[1], opened_for=str(both[0].pk)) | Q(pk=review.pk)
    held = Review.objects.filter(same_two, kind=Review.Kind.LIKELY_DUPLICATE).order_by("pk")
    twins = [
        each
        for each in held.select_for_update(of=("self",))
        if each.pk != review.pk and each.closed_at is None
    ]
    reviews.close(actor=actor, review=review, outcome=outcome)
    merge(actor=actor, kept=kept, superseded=superseded, reason="Found to be of one patient")
    for twin in twins:
        opposite = "keep_other" if outcome == "keep_this" else "keep_this"
        reviews.close(actor=actor, review=twin, outcome=opposite)


@transaction.atomic
def look_for_duplicates(patient: Patient, by: recording.Actor) -> tuple[Review, ...]:
    """Ask somebody to look at each record that may be of the same person; nothing is joined.

    The review stands on one pathway of each of the two, so that both organisations see it.
    """
    opened = []
    for other in _candidates(patient):
        if matching.reasons(_details(patient), _details(other)):
            opened += [_ask(patient, other, by), _ask(other, patient, by)]
    return tuple(review for review in opened if review)


def _allowed(actor: Actor | recording.Actor, kept: Patient, superseded: Patient) -> recording.Actor:
    if not isinstance(actor, Actor):
        return actor
    if not all(rules.has_perm("pathways.merge", actor, each) for each in (kept, superseded)):
        raise PermissionDenied
    return actor.for_audit


def _locked(kept: Patient, superseded: Patient) -> tuple[Patient, Patient]:
    both = Patient.objects.select_for_update(no_key=True).filter(pk__in=(kept.pk, superseded.pk))
    held = {each.pk: each for each in both.order_by("pk")}
    return held[kept.pk], held[superseded.pk]


def _last(kept: Patient, superseded: Patient) -> Merge:
    joined: Merge = Merge.objects.get(kept=kept, superseded=superseded, undoes=None, merge=None)
    return joined


def _noted(
    action: str,
    kept: Patient,
    superseded: Patient,
    reason: str,
    by: recording.Actor,
    undoes: Merge | None = None,
) -> Merge:
    if not reason.strip():
        raise CannotMergeError("say why")
    merge = Merge.objects.create(
        icb_code=kept.icb_code,
        kept=kept,
        superseded=superseded,
        undoes=undoes,
        reason=reason.strip(),
        at=timezone.now(),
        by=by.id,
    )
    recording.record(
        action,
        by,
        icb_code=kept.icb_code,
        subject=("patient", kept.pk),
        detail={"superseded": str(superseded.pk), "merge": str(merge.pk)},
    )
    return merge


def _candidates(patient: Patient) -> tuple[Patient, ...]:
    """Records of the ICB that are worth a closer look: every match is among them."""
    if patient.merged_into_id:
        return ()
    number = patient.nhs_number
    worth = Q(birth_date=patient.birth_date)
    if number:
        start, rest = number[:_AT], number[_AT + 1 : -1]
        alike = Q(nhs_number__startswith=start) | Q(nhs_number__contains=rest)
        worth |= Q(family_name__iexact=patient.family_name) & alike
    apart = Patient.objects.filter(worth, icb_code=patient.icb_code, merged_into=None)
    return tuple(apart.exclude(pk=patient.pk).order_by("pk"))


def _details(patient: Patient) -> matching.Details:
    return matching.Details(
        patient.nhs_number,
        patient.given_name,
        patient.family_name,
        patient.birth_date,
        patient.postcode,
    )


def _ask(patient: Patient, other: Patient, by: recording.Actor) -> Review | None:
    pathway = patient.pathways.order_by("pk").first()
    if pathway is None:
        return None
    kind = Review.Kind.LIKELY_DUPLICATE
    return reviews.open_review(pathway, kind, by, about=str(other.pk))
