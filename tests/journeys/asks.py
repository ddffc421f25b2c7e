"""Somebody who may ask to move, and their code."""

from dataclasses import dataclass
from pathlib import Path

from tests.journeys import seed
from tests.journeys.making import in_store
from tests.journeys.referred import ELSEWHERE, _service
from tests.journeys.waits import _make as _wait


@dataclass(frozen=True, slots=True)
class Asks:
    """A patient who has waited for 20 weeks; ``code`` is of their invitation, empty without."""

    name: str
    nhs_number: str
    pathway: str
    code: str


def somebody_may_ask(home: Path, *, invited: bool = False, chooses: bool = False) -> Asks:
    """A new patient with an account and a long wait, and another place that could treat them.

    ``chooses``: they asked by the right of 18 weeks, and the hospital found them suitable.
    """
    what = "invited" if invited else "chooses" if chooses else ""
    return in_store(home, _make, what)


def _make(what: str) -> Asks:
    from clockstop.service.accounts.models import Person

    wait = _wait("")
    Person.objects.create(name=wait.name, nhs_number=wait.nhs_number)
    _service(ELSEWHERE)
    code = _invited(wait.pathway) if what == "invited" else ""
    if what == "chooses":
        _let_choose(wait.pathway)
    return Asks(wait.name, wait.nhs_number, wait.pathway, code)


def _actor(name: str, role: str):
    from clockstop.service.accounts.models import Membership

    held = Membership.objects.select_related("person")
    return held.get(person__name=name, role=role).as_actor()


def _let_choose(pathway: str) -> None:
    from clockstop.service.accounts.roles import Role
    from clockstop.service.transfers.actions.asking import asking, reviewing, ticking
    from clockstop.service.transfers.actions.asking.shared import way_of

    manager = _actor(seed.MANAGER, Role.WAITING_LIST_MANAGER)
    found = asking.begin(actor=manager, pathway_id=pathway, profile="LEGAL-18W")
    wishes = asking.Wishes(distance=None, anywhere=True, channel="phone")
    asking.ask(way=way_of(manager), request_id=found.pk, wishes=wishes)
    clinician = way_of(_actor(seed.CLINICIAN, Role.PROVIDER_CLINICIAN))
    reviewing.find_suitable(way=clinician, request_id=found.pk, social=True)
    ticking.tick()


def _invited(pathway: str) -> str:
    from clockstop.service.accounts.roles import Role
    from clockstop.service.transfers.actions.asking import asking, inviting, telling
    from clockstop.service.transfers.actions.asking.shared import way_of

    manager = _actor(seed.MANAGER, Role.WAITING_LIST_MANAGER)
    found = asking.begin(actor=manager, pathway_id=pathway, profile="EXPAND-18")
    request = inviting.invite(way=way_of(manager), request_id=found.pk)
    return telling.code_of(request)
