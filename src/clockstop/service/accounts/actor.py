"""Somebody signed in, in one role: what every decision about access is made from. Pure."""

from dataclasses import dataclass, field
from uuid import UUID

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.roles import Role
from clockstop.service.audit import recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in a role.

    Staff act for ``organisation_code``, which lies in ``icb_code``. ``people`` are those whose
    own records a patient (one) or a carer (those who named them) may see; of staff the patient who
    calls, while they say for them who may see the record. An application acts in a role of its
    organisation with nobody at the screen; ``person`` is its account, and ``services`` are the
    keys of those that it is for: all of the organisation, if none is named.
    """

    person: UUID
    name: str
    role: Role
    organisation_code: str = ""
    icb_code: str = ""
    people: tuple[NhsNumber, ...] = field(default=(), repr=False)
    is_application: bool = False
    services: frozenset[int] = frozenset()

    @property
    def for_audit(self) -> recording.Actor:
        """The actor as the audit keeps it: a reference, never a name."""
        return recording.Actor(str(self.person), self.role.value, self.organisation_code)
