"""Mutual aid: who asks, what is offered, what was matched, who moved.

Every table carries ``icb_code``: of a request that of the patient's pathway, of capacity that of
the provider that posts it. No row here holds a name or a number of a patient: those are the
patient's own record's, which a receiver sees once the patient has accepted.
"""

from clockstop.service.transfers.models.aid import AidRequest, AidStep, Cohort
from clockstop.service.transfers.models.asking import (
    EligibilityScan,
    Invitation,
    PatientRequest,
    PatientRequestStep,
)
from clockstop.service.transfers.models.matching import Match, MatchRun
from clockstop.service.transfers.models.moving import (
    Activity,
    Exchange,
    PracticeNotice,
    Transfer,
    TransferDocument,
)
from clockstop.service.transfers.models.offering import Capacity, Offer
from clockstop.service.transfers.models.programs import TakenMessage

__all__ = [
    "Activity",
    "AidRequest",
    "AidStep",
    "Capacity",
    "Cohort",
    "EligibilityScan",
    "Exchange",
    "Invitation",
    "Match",
    "MatchRun",
    "Offer",
    "PatientRequest",
    "PatientRequestStep",
    "PracticeNotice",
    "TakenMessage",
    "Transfer",
    "TransferDocument",
]
