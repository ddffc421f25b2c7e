"""Who took over whom, from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clockstop.service.registry.models import Succession
from clockstop.service.registry.policies import Step, holder


@dataclass(frozen=True, slots=True)
class Takeover:
    """An organisation took over another on a day. Either may be in no list that we hold."""

    predecessor: str
    successor: str
    on: date


def successor_on(code: str, day: date) -> str:
    """The organisation that has on that day what was once ``code``'s: itself if it lives on."""
    return holder(code, day, _steps_of)


def current(code: str) -> str:
    """The organisation that has today what was once ``code``'s."""
    return successor_on(code, timezone.localdate())


def takeovers_of(code: str) -> Sequence[Takeover]:
    """What ``code`` took over and what took it over, earliest first."""
    found = Succession.objects.filter(predecessor=code) | Succession.objects.filter(successor=code)
    rows = found.order_by("on", "pk").values_list("predecessor", "successor", "on")
    return [Takeover(*row) for row in rows]


def _steps_of(code: str) -> list[Step]:
    rows = Succession.objects.filter(predecessor=code).order_by("pk")
    return [Step(*row) for row in rows.values_list("successor", "on")]
