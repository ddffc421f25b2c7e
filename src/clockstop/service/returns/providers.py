"""Which providers an ICB looks for returns of: a missing one is shown, never left out."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from clockstop.analytics.published.home import default_home
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import months_held, providers_of
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.names import organisations_named
from clockstop.service.registry.models import Kind, Organisation
from clockstop.service.returns.models import Return


def expected(actor: Actor) -> Mapping[str, str]:
    """Code and name of the ICB's providers that filed last, or that have sent anything here."""
    sent = set(Return.objects.visible_to(actor).values_list("organisation_code", flat=True))
    today = timezone.localdate()
    here = Organisation.objects.filter(kind=Kind.PROVIDER, icb_code=actor.icb_code)
    still = {
        code
        for code, closed in here.values_list("code", "closed")
        if closed is None or closed >= today
    }
    codes = sent | (still & _filed())
    names = organisations_named(codes)
    return {code: names.get(code, code) for code in codes}


def _filed() -> set[str]:
    """The providers in the latest published month."""
    lake = Lake(settings.CLOCKSTOP_HOME or default_home())
    months = months_held(lake)
    return set(providers_of(lake, months[-1])) if months else set()
