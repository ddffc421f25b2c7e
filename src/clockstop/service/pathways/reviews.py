"""What a person must look at: opened with the write that calls for it, closed with an outcome."""

from collections.abc import Mapping

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.core.rtt.events import DidNotAttend, Event
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.pathways.models import Pathway, PathwayEvent, Review

# What may come of each kind of review. None of them changes a clock: the clinician enters what
# was decided on the pathway itself, where its effect is shown first.
OUTCOMES: Mapping[str, Mapping[str, str]] = {
    Review.Kind.NOT_BROUGHT: {
        "rebook": "Offer another appointment",
        "safeguarding": "Referred to the safeguarding team, and offer another appointment",
        "decided": "A clinician has decided on the care and enters it on the pathway",
    },
    Review.Kind.NO_LONGER_NEEDED: {
        "goes_on": "We spoke: the patient still wants to be seen",
        "decided": "We spoke: care is not needed, and a clinician enters it on the pathway",
        "not_reached": "We could not reach the patient: they keep their place",
    },
    Review.Kind.LIKELY_DUPLICATE: {
        "different": "They are two different patients",
        "keep_this": "They are one patient: join the records and keep this NHS number",
        "keep_other": "They are one patient: join the records and keep the other NHS number",
    },
}


class AlreadyClosedError(ValueError):
    """Somebody else closed the review first."""


def open_review(
    pathway: Pathway,
    kind: str,
    by: recording.Actor,
    *,
    about: str,
    safeguarding: bool = False,
) -> Review:
    """Open a review of a pathway, once for what it is ``about``; within the caller's write."""
    review: Review
    review, is_new = Review.objects.get_or_create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        kind=kind,
        opened_for=about,
        defaults={"opened_at": timezone.now(), "safeguarding": safeguarding},
    )
    if is_new:
        _record("opened a review", review, by)
    return review


def open_if_not_brought(
    pathway: Pathway, event: Event, entry: PathwayEvent, by: recording.Actor
) -> None:
    """A child or adult at risk who was not brought goes to a clinician and to safeguarding."""
    if isinstance(event, DidNotAttend) and event.not_brought:
        kind = Review.Kind.NOT_BROUGHT
        open_review(pathway, kind, by, about=str(entry.pk), safeguarding=True)


@transaction.atomic
def close(*, actor: Actor, review: Review, outcome: str) -> Review:
    """Close a review that the actor sees. Raises PermissionDenied, ValueError, AlreadyClosedError.

    The outcome is one of ``OUTCOMES``. The same person closing it twice in one way is no error.
    """
    held: Review = Review.objects.select_for_update().get(pk=review.pk)
    if not rules.has_perm("pathways.close_review", actor, held):
        raise PermissionDenied
    if outcome not in OUTCOMES[held.kind]:
        raise ValueError(f"{outcome!r} is no outcome of this review")
    if held.closed_at:
        if (held.closed_by, held.outcome) == (str(actor.person), outcome):
            return held
        raise AlreadyClosedError("somebody has closed this review already")
    held.closed_at, held.closed_by, held.outcome = timezone.now(), str(actor.person), outcome
    held.save(update_fields=("closed_at", "closed_by", "outcome"))
    _record("closed a review", held, actor.for_audit)
    return held


def _record(action: str, review: Review, by: recording.Actor) -> None:
    detail = {"kind": review.kind, "pathway": str(review.pathway_id), "outcome": review.outcome}
    recording.record(
        action, by, icb_code=review.icb_code, subject=("review", review.pk), detail=detail
    )
