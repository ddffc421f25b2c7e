"""The aggregator's record service as this site is known to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clockstop.service.accounts.providers import given_under

PREFIX = "CLOCKSTOP_RECORD_SERVICE_"
MOST = 5000  # numbers in a call; 200 where the service is tested


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordService:
    """Where the list of patients is sent, and who sends it.

    ``clients`` are the IDs that the aggregator gave this site, one for each kind of record that it
    has lists of; ``most`` is how many numbers a call may hold.
    """

    url: str
    key: str = field(repr=False)
    clients: Mapping[str, str]
    most: int = MOST


def record_service(environment: Mapping[str, str]) -> RecordService | None:
    """The service as the environment (CLOCKSTOP_RECORD_SERVICE_…) says; None where it says nothing.

    Raises ValueError where only a part is set, or something that cannot be.
    """
    given = given_under(PREFIX, environment, needed=("URL", "KEY"))
    if not given:
        return None
    names = ("APPOINTMENTS", "DOCUMENTS", "QUESTIONNAIRES")
    clients = {name.lower(): given[name] for name in names if name in given}
    if not clients:
        raise ValueError(f"set one of {', '.join(PREFIX + name for name in names)} too, or none")
    typed = given.get("MOST", str(MOST))
    most = int(typed) if typed.isdecimal() else 0
    if not 1 <= most <= MOST:
        raise ValueError(f"{PREFIX}MOST must be a number from 1 to {MOST}, not {typed!r}")
    return RecordService(url=given["URL"], key=given["KEY"], clients=clients, most=most)
