"""Asking patients whether they still want to be seen: only a clinician ends what they wait for."""

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Pathway, Review
from clockstop.service.pathways.reviews import open_review


@transaction.atomic
def say_not_needed(*, actor: Actor, pathway: Pathway, by_phone: bool = False) -> Review:
    """A patient, or their carer, says that care is no longer needed: a clinician will talk to them.

    ``by_phone``: staff say it for the patient who calls. The clock runs on and the place is kept.
    Saying it again while nobody has answered is the same word. Raises PermissionDenied.
    """
    permission = "pathways.say_so_by_phone" if by_phone else "pathways.say_not_needed"
    if not rules.has_perm(permission, actor, pathway):
        raise PermissionDenied
    locked: Pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    said = locked.reviews.filter(kind=Review.Kind.NO_LONGER_NEEDED)
    waiting: Review | None = said.filter(closed_at=None).first()
    if waiting:
        return waiting
    about = f"said {said.count() + 1}"
    return open_review(locked, Review.Kind.NO_LONGER_NEEDED, actor.for_audit, about=about)


def has_said(pathway: Pathway) -> bool:
    """Whether the patient's word waits for an answer."""
    said = pathway.reviews.filter(kind=Review.Kind.NO_LONGER_NEEDED)
    return bool(said.filter(closed_at=None).exists())
