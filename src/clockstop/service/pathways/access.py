"""Opening a patient's pathway, which the audit keeps like every change."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import record
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.presenters.seen import VIEWED

_SUBJECT = "pathway"


@transaction.atomic
def open_pathway(*, actor: Actor, pathway_id: UUID) -> Pathway:
    """A pathway that the actor may see, with its patient. Raises Pathway.DoesNotExist."""
    pathway: Pathway = (
        Pathway.objects.visible_to(actor).select_related("patient").get(pk=pathway_id)
    )
    record(VIEWED, actor.for_audit, icb_code=pathway.icb_code, subject=(_SUBJECT, pathway.pk))
    return pathway


def entries_about(pathway: Pathway) -> QuerySet[Entry]:
    """What the audit holds about a pathway, the latest first."""
    about = Entry.objects.filter(subject_kind=_SUBJECT, subject=str(pathway.pk))
    return about.order_by("-number")
