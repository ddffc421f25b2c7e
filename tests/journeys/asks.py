"""Somebody who may ask to move: `python -m tests.journeys.asks` prints who, and their code."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import django
from tests.journeys import seed
from tests.journeys.referred import ELSEWHERE, _service
from tests.journeys.waits import ROOT
from tests.journeys.waits import _make as _wait


@dataclass(frozen=True, slots=True)
class Asks:
    """A patient who has waited for 20 weeks; ``code`` is of their invitation, empty without."""

    name: str
    nhs_number: str
    pathway: str
    code: str


def somebody_may_ask(home: Path, *, invited: bool) -> Asks:
    """A new patient with an account and a long wait, and another place that could treat them."""
    environment = os.environ | {
        "CLOCKSTOP_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.demo",
    }
    command = [sys.executable, "-m", "tests.journeys.asks", "invited" if invited else ""]
    made = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Asks(**json.loads(made.stdout))


def _make(*, invited: bool) -> Asks:
    from clockstop.service.accounts.models import Person

    wait = _wait("")
    Person.objects.create(name=wait.name, nhs_number=wait.nhs_number)
    _service(ELSEWHERE)
    code = _invited(wait.pathway) if invited else ""
    return Asks(wait.name, wait.nhs_number, wait.pathway, code)


def _invited(pathway: str) -> str:
    from clockstop.service.accounts.models import Membership
    from clockstop.service.accounts.roles import Role
    from clockstop.service.transfers.actions.asking import asking, inviting, telling
    from clockstop.service.transfers.actions.asking.shared import way_of

    held = Membership.objects.select_related("person")
    manager = held.get(person__name=seed.MANAGER, role=Role.WAITING_LIST_MANAGER).as_actor()
    found = asking.begin(actor=manager, pathway_id=pathway, profile="EXPAND-18")
    request = inviting.invite(way=way_of(manager), request_id=found.pk)
    return telling.code_of(request)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(asdict(_make(invited=sys.argv[1] == "invited"))))
