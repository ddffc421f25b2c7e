"""The code lists of the directory, as the e-Referral Service spells them.

Source: the code systems of its public specification (AppointmentType, BookableType, GenderTreated,
ConsultationMedium, AdditionalRequirementType). The full lists of specialties and clinic types are
not public: those here are in ``specialties.csv`` and ``clinic_types.csv``.
"""

from django.db import models


class RequestType(models.TextChoices):
    """What somebody may send to a service."""

    APPOINTMENT = "APPOINTMENT_REQUEST", "Appointment"
    TRIAGE = "TRIAGE_REQUEST", "Triage"
    ADVICE = "ADVICE_AND_GUIDANCE_REQUEST", "Advice and guidance"


class Bookable(models.TextChoices):
    """How an appointment is booked: a directly bookable service publishes slots."""

    DIRECTLY = "DIRECTLY_BOOKABLE", "Directly bookable"
    INDIRECTLY = "INDIRECTLY_BOOKABLE", "Indirectly bookable"
    NOT = "UNSPECIFIED", "No slots published"


class AppointmentType(models.TextChoices):
    """What the first contact is."""

    FIRST_OUTPATIENT = "FIRST_OUTPATIENT", "First outpatient appointment"
    DIAGNOSTIC = "DIAGNOSTIC", "Diagnostic test"
    DAY_CASE = "DAY_CASE", "Day case"
    ASSESSMENT_SERVICE = "ASSESSMENT_SERVICE", "Assessment service"
    TELEPHONE_ASSESSMENT = "TELEPHONE_ASSESSMENT", "Telephone assessment"
    NURSE_CLINIC = "NURSE_CLINIC", "Nurse clinic"
    AHP_CLINIC = "AHP_CLINIC", "Allied health professional clinic"
    GPSI = "GPSI", "GP with a special interest"
    OPHTHALMOLOGIST = "OPHTHALMOLOGIST", "Ophthalmologist"


class Medium(models.TextChoices):
    """How patient and clinician meet."""

    FACE_TO_FACE = "FACE_TO_FACE", "Face to face"
    VIDEO = "VIDEO_CONSULTATION", "Video"
    TELEPHONE = "TELEPHONE", "Telephone"


class SexTreated(models.TextChoices):
    """Whom a service treats."""

    BOTH = "MALE_AND_FEMALE", "Everybody"
    FEMALE = "FEMALE", "Female patients"
    MALE = "MALE", "Male patients"


class Requirement(models.TextChoices):
    """What a service can lay on for somebody."""

    TRANSPORT = "TRANSPORT", "Transport"
    INTERPRETER = "INTERPRETER", "Interpreter"
    ADVOCACY = "ADVOCACY", "Advocacy"


class Priority(models.TextChoices):
    """How urgent a request is; the values are the columns that accept it."""

    ROUTINE = "routine", "Routine"
    URGENT = "urgent", "Urgent"
    TWO_WEEK_WAIT = "two_week_wait", "Urgent suspected cancer"


class Rating(models.TextChoices):
    """What the Care Quality Commission says of the place."""

    OUTSTANDING = "outstanding", "Outstanding"
    GOOD = "good", "Good"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    INADEQUATE = "inadequate", "Inadequate"


class Status(models.TextChoices):
    """Whether referrers see a service: published ones alone are shown."""

    DRAFT = "draft", "Draft, not published yet"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Origin(models.TextChoices):
    """Where an entry comes from."""

    ENTERED = "entered", "Entered by the provider"
    REGISTER = "register", "Made from the national register and returns"
    SYNTHETIC = "synthetic", "Synthetic"


class SlotStatus(models.TextChoices):
    """What has become of a slot."""

    FREE = "free", "Free"
    HELD = "held", "Held for somebody"
    BOOKED = "booked", "Booked"
    WITHDRAWN = "withdrawn", "Withdrawn"
