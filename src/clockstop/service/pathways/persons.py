"""All that is held of one person: one number may stand in several ICBs, and records are joined."""

from django.db.models import Q

from clockstop.core.types import NhsNumber
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.signals import death_comes, pathways_held


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


def locked_for_a_death(patient: Patient) -> tuple[Pathway, ...]:
    """Every pathway of the person, locked with all that a death brings with it.

    In a fixed order, so that no two writers can block.
    """
    patients = records_of(patient)
    death_comes.send(sender=Patient, patients=patients)
    rows = Patient.objects.select_for_update(no_key=True)  # others may write rows that name them
    list(rows.filter(pk__in=[each.pk for each in patients]).order_by("pk").values_list("pk"))
    held = Pathway.objects.select_for_update().filter(patient__in=patients)
    pathways = tuple(held.order_by("pk"))
    pathways_held.send(sender=Pathway, pathways=pathways, patients=patients)
    return pathways
