"""The worked situations, one module for each part of the guidance."""

from tests.core.rtt.specs import (
    concurrent,
    decisions,
    delays,
    missed,
    planned,
    records,
    reporting,
    returns,
    scope,
    services,
    starts,
    transfers,
    treatment,
)

ALL = (
    starts,
    scope,
    treatment,
    decisions,
    missed,
    delays,
    planned,
    transfers,
    records,
    returns,
    reporting,
)

PATIENTS = concurrent.PATIENTS
SERVICES = services.SERVICES
