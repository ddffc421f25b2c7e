"""The systems, profiles and extensions that the API names. Source: its OpenAPI document."""

_HERE = "https://fhir.nhs.uk/STU3"
_CODES = f"{_HERE}/CodeSystem"
_SHAPES = f"{_HERE}/StructureDefinition"

NHS_NUMBER = "http://fhir.nhs.net/Id/nhs-number"
USER_ID = "http://fhir.nhs.net/Id/sds-user-id"
SERVICE = "http://fhir.nhs.net/Id/ers-service"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
PLACE = "https://directory.spineservices.nhs.uk/STU3/Organization"
REQUEST = "https://fhir.nhs.uk/Id/ers-request-id"
SLOT = "https://fhir.nhs.uk/Id/alternative-slot"
SCHEDULE = "https://fhir.nhs.uk/Id/ers-schedule"
SNOMED = "http://snomed.info/sct"

PRIORITY = f"{_CODES}/eRS-Priority-1"
CLINIC_TYPE = f"{_CODES}/eRS-ClinicType-1"
STATE = f"{_CODES}/eRS-ReferralState-1"
REVIEW_REASON = f"{_CODES}/eRS-ReviewReason-1"
REVIEW_OUTCOME = f"{_CODES}/eRS-ReviewOutcome-1"
# Reference data lie under the address of whoever serves them.
SPECIALTY = "/STU3/CodeSystem/SPECIALTY"
CLINIC_TYPES = "/STU3/CodeSystem/CLINIC-TYPE"
CANCELLATION = "/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON"
REFERRAL_CANCELLATION = "/STU3/CodeSystem/REFERRAL-CANCELLATION-REASON"
NON_ATTENDANCE = "/STU3/CodeSystem/APPOINTMENT-NON-ATTENDANCE-REASON"


def codes(name: str) -> str:
    """A system of codes by its short name, as ``RequestType``."""
    return f"{_CODES}/eRS-{name}-1"


def profile(name: str) -> str:
    """A profile of the service by its short name, as ``ReferralRequest``."""
    return f"{_SHAPES}/eRS-{name}-1"


def extends(name: str) -> str:
    """The address of an extension by its short name, as ``ReferralPriority``."""
    return f"{_SHAPES}/Extension-eRS-{name}-1"


def care_connect(name: str) -> str:
    """A profile of Care Connect."""
    return f"https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{name}-1"
