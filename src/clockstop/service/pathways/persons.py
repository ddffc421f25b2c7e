"""All that is held of one person: one number may stand in several ICBs, and records are joined."""

from django.db.models import Q

from clockstop.core.types import NhsNumber
from clockstop.service.pathways.models import Pathway, Patient


def records_of(patient: Patient) -> tuple[Patient, ...]:
    """The records of the person: of the same NHS number, or joined to one, in a fixed order.

    Records without a number are nobody else's for that.
    """
    keys, found = {patient.pk}, tuple[Patient, ...]()
    while True:
        numbers = {each.nhs_number for each in (patient, *found) if each.nhs_number}
        same = Q(pk__in=keys) | Q(nhs_number__in=numbers)
        of_them = same | Q(merged_into__in=keys) | Q(merged_into__nhs_number__in=numbers)
        found = tuple(Patient.objects.filter(of_them).order_by("pk"))
        grown = keys | {each.pk for each in found}
        grown |= {each.merged_into_id for each in found if each.merged_into_id}
        if grown == keys:
            return found
        keys = grown


def of_number(number: NhsNumber) -> Q:
    """Pathways of the person of a number, by any number that was ever theirs."""
    kept = Patient.objects.filter(nhs_number=str(number)).values("merged_into")
    return (
        Q(patient__nhs_number=str(number))
        | Q(patient__merged_into__nhs_number=str(number))
        | Q(patient__in=kept)
    )


def patient_of_number(number: NhsNumber) -> Q:
    """The record of the person of a number that stands, by any number that was ever theirs."""
    joined = Patient.objects.filter(nhs_number=str(number)).values("merged_into")
    return (Q(nhs_number=str(number)) | Q(pk__in=joined)) & Q(merged_into=None)


def locked_pathways_of(patient: Patient) -> tuple[Pathway, ...]:
    """Every pathway of the person, locked in a fixed order so that no two writers can block."""
    held = Pathway.objects.select_for_update().filter(patient__in=records_of(patient))
    return tuple(held.order_by("pk"))
