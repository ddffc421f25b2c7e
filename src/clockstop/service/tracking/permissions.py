"""Who may do what with the tracking list that they see."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.models import SavedView


@rules.predicate
def works_at_a_provider(actor: Actor) -> bool:
    return actor.role in PROVIDING


@rules.predicate
def sees(actor: Actor, pathway: Pathway) -> bool:
    return bool(Pathway.objects.visible_to(actor).filter(pk=pathway.pk).exists())


@rules.predicate
def is_their_own(actor: Actor, view: SavedView) -> bool:
    return bool(SavedView.objects.visible_to(actor).filter(pk=view.pk).exists())


rules.add_perm("tracking.export", works_at_a_provider)
rules.add_perm("tracking.handle", works_at_a_provider & sees)
rules.add_perm("tracking.forget_view", is_their_own)
