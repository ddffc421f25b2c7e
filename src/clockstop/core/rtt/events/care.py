"""Care given and decisions taken: attendances, admissions, treatment (§3.4, §4.3, §4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clockstop.core.rtt.events.base import Decision, Event


class Setting(StrEnum):
    """Where first definitive treatment begins, when not by admission (rule 4a)."""

    OUTPATIENT = "outpatient"
    INTERFACE = "interface"
    THERAPY = "therapy"


class Purpose(StrEnum):
    """What an admission is for (§4.3.2.3)."""

    TREATMENT = "treatment"
    TEST = "test"
    PREPARATION = "preparation"
    PRE_OPERATIVE = "pre_operative"
    PLANNED = "planned"
    EMERGENCY = "emergency"


class Result(StrEnum):
    """What came of an admission."""

    TREATED = "treated"
    NOT_CARRIED_OUT = "not_carried_out"


@dataclass(frozen=True, kw_only=True)
class Attendance(Event):
    """The patient attended; ``status`` is the outcome recorded. ``is_test`` marks a test alone."""

    is_test: bool = False


@dataclass(frozen=True, kw_only=True)
class AdministrativeOutcome(Event):
    """An outcome recorded outside any attendance; ``status`` is the code (Annex E)."""


@dataclass(frozen=True, kw_only=True)
class TreatmentStarted(Event):
    """First definitive treatment began, not by admission."""

    setting: Setting = Setting.OUTPATIENT


@dataclass(frozen=True, kw_only=True)
class Admission(Event):
    """The patient was admitted, as an inpatient or day case."""

    purpose: Purpose = Purpose.TREATMENT


@dataclass(frozen=True, kw_only=True)
class AdmissionOutcome(Event):
    """What came of the admission that ``admission`` names."""

    admission: str
    result: Result = Result.TREATED


@dataclass(frozen=True, kw_only=True)
class DecisionToAdmit(Decision):
    """Decided to admit for treatment. ``new_treatment``: outside the agreed care plan."""

    new_treatment: bool = False


@dataclass(frozen=True, kw_only=True)
class DecisionToTreat(Decision):
    """Decided to treat. ``new_treatment``: outside the agreed care plan (rule 3b)."""

    new_treatment: bool = False


@dataclass(frozen=True, kw_only=True)
class DecisionToRefer(Decision):
    """Decided to refer for a test or an opinion after a period has ended (§3.4.2, §3.4.4)."""

    view_to_treatment: bool = True
    same_provider: bool = True


@dataclass(frozen=True, kw_only=True)
class DecisionNotToTreat(Decision):
    """A clinician decided not to treat (rule 5d)."""


@dataclass(frozen=True, kw_only=True)
class ReturnedToPrimaryCare(Decision):
    """Returned to primary care for care that is not consultant-led (rule 5a)."""


@dataclass(frozen=True, kw_only=True)
class TreatmentDeclined(Event):
    """The patient declined treatment; ``all_treatment`` is false where other treatment is open."""

    all_treatment: bool = True


@dataclass(frozen=True, kw_only=True)
class TransplantListed(Decision):
    """Decided to add the patient to a transplant list; unmatched ones are not ``matched``."""

    matched: bool = True


@dataclass(frozen=True, kw_only=True)
class FitAndReady(Event):
    """Fit and ready for the second side of a bilateral procedure (§13)."""

    clinically_ready: bool = True
    available: bool = True


@dataclass(frozen=True, kw_only=True)
class Death(Event):
    """The patient died on this day."""


@dataclass(frozen=True, kw_only=True)
class PrivateTreatment(Event):
    """The patient was treated privately; ``nhs_care_wanted`` is false once the patient says so."""

    nhs_care_wanted: bool = True
