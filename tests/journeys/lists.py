"""Lists for returns, in the store of a site."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from tests.journeys import seed
from tests.journeys.making import in_store

OTHER = "RBB"
WEEK = timedelta(weeks=1)


def prepare(home: Path, what: str) -> None:
    """Pathways that a return counts (``waiting``), or two weeks of two providers (``weeks``)."""
    in_store(home, {"waiting": _waiting, "weeks": _weeks}[what])


def _waiting() -> None:
    """One who was seen and waits, whose commissioner is one of the published returns."""
    from tests.journeys.waits import _make, referred

    from clockstop.analytics.published.lake import Lake
    from clockstop.analytics.published.pathways import organisations
    from clockstop.service.accounts.models import Membership
    from clockstop.service.accounts.roles import Role
    from clockstop.service.pathways.actions import record_event
    from clockstop.service.pathways.models import Pathway

    known = organisations(Lake(settings.CLOCKSTOP_HOME)).filter(kind="commissioner")["code"]
    practice = min(each for each in known.to_list() if each != "NONC")
    pathway = Pathway.objects.get(pk=_make("").pathway)
    clinician = Membership.objects.get(
        person__name=seed.CLINICIAN, role=Role.PROVIDER_CLINICIAN
    ).as_actor()
    day = referred().isoformat()
    for values in (
        {"kind": "commissioner_recorded", "day": day, "practice": practice},
        {"kind": "attendance", "day": day, "status": "20", "treatment_function": "110"},
    ):
        record_event(actor=clinician, pathway=pathway, values=values, submission=uuid4())


def _weeks() -> None:
    """Made once: one patient on both lists, one on none, the others on one."""
    from tests.service.returns.weeks import a_week

    from clockstop.service.returns.deadlines import weeks_due
    from clockstop.service.returns.models import Kind, Return

    if Return.objects.filter(organisation_code=OTHER, kind=Kind.WEEKLY).exists():
        return
    sunday = next(weeks_due(timezone.localdate()))
    a_week("A", "A K1 ann 110 19", "A K2 bob 130 40", week=sunday - WEEK, version=90)
    a_week("B", "B B:K9 dee 110 3", week=sunday - WEEK, version=90)
    a_week("A", "A K1 ann 110 20", week=sunday, version=90)
    a_week("B", "B K1 ann 110 20", "B B:K9 dee 110 4", week=sunday, version=90)
