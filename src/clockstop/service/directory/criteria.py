"""What a referrer looks for: plain data, read by the store's filter and by the policies alike."""

from dataclasses import dataclass
from datetime import date

from clockstop.service.directory.choices import Priority, RequestType


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a service must do for one patient. What is empty or none is not asked for.

    ``request_type`` APPOINTMENT finds triage services too: both take a referral. ``sex`` is a
    patient's as recorded: "1" male, "2" female; any other is not asked about.
    """

    request_type: RequestType = RequestType.APPOINTMENT
    treatment_function: str = ""
    diagnostic_test: str = ""
    specialty: str = ""
    clinic_type: str = ""
    priority: Priority | None = None
    age_months: int | None = None
    sex: str = ""
    clinician: str = ""
    organisation: str = ""
    day: date | None = None
