"""Whose records somebody sees: by a pathway, or by a referral that has none yet."""

from typing import Any

from django.db.models import Q, QuerySet

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Referral


def patients_of(actor: Actor) -> QuerySet[Any]:
    """The patients with a pathway or a referral that the actor may see."""
    by_pathway = Patient.objects.visible_to(actor).values("pk")
    by_referral = Referral.objects.visible_to(actor).values("patient")
    return Patient.objects.filter(Q(pk__in=by_pathway) | Q(pk__in=by_referral))
