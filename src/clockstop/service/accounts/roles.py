"""Who may sign in as what. Source: the actors of the national services, by their e-RS roles."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody may do is decided by their role, their organisation and a relationship."""

    PATIENT = "patient"
    CARER = "carer"
    REFERRER = "referrer"
    REFERRING_ADMINISTRATOR = "referring_administrator"
    PROVIDER_ADMINISTRATOR = "provider_administrator"
    PROVIDER_CLINICIAN = "provider_clinician"
    WAITING_LIST_MANAGER = "waiting_list_manager"
    SERVICE_DEFINER = "service_definer"
    ICB_HUB = "icb_hub"
    COMMISSIONER = "commissioner"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role as people say it."""
        return _LABELS[self]


_LABELS = {
    Role.PATIENT: "Patient",
    Role.CARER: "Carer",
    Role.REFERRER: "GP or other referrer",
    Role.REFERRING_ADMINISTRATOR: "Practice secretary",
    Role.PROVIDER_ADMINISTRATOR: "Booking office",
    Role.PROVIDER_CLINICIAN: "Clinician",
    Role.WAITING_LIST_MANAGER: "Waiting-list manager",
    Role.SERVICE_DEFINER: "Service definer",
    Role.ICB_HUB: "ICB hub coordinator",
    Role.COMMISSIONER: "Commissioner",
    Role.ANALYST: "Analyst",
    Role.ADMINISTRATOR: "Administrator of accounts",
}
PUBLIC = frozenset({Role.PATIENT, Role.CARER})
STAFF = frozenset(Role) - PUBLIC
REFERRING = frozenset({Role.REFERRER, Role.REFERRING_ADMINISTRATOR})
PROVIDING = frozenset(
    {Role.PROVIDER_ADMINISTRATOR, Role.PROVIDER_CLINICIAN, Role.WAITING_LIST_MANAGER}
)
BY_PHONE = REFERRING | {Role.PROVIDER_ADMINISTRATOR}  # who acts for patients that call
