"""All that is held of one person: one number may stand in several ICBs, and records are joined."""

from uuid import UUID

from django.db.models import Q

from clockstop.core.types import NhsNumber
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.signals import death_comes, pathways_held


def records_of(patient: Patient) -> tuple[Patient, ...]:
    """The records of the person: of the same NHS number, or joined to one, in a fixed order.

    Records without a number are nobody else's for that.
    """
    found: tuple[Patient, ...] = (patient,)
    while True:
        numbers = {each.nhs_number for each in found if each.nhs_number}
        keys = {each.pk for each in found} | {each.merged_into_id for each in found} - {None}
        # By keys alone, as in ``_keys_of``.
        keys |= set(Patient.objects.filter(nhs_number__in=numbers).values_list("pk", flat=True))
        grown = Patient.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by("pk")
        before, found = found, tuple(grown)
        if len(found) == len(before):
            return found


def of_number(number: NhsNumber) -> Q:
    """Pathways of the person of a number, by any number that was ever theirs."""
    own, kept = _keys_of(number)
    joined = Patient.objects.filter(merged_into__in=own).values_list("pk", flat=True)
    return Q(patient__in=own | kept | set(joined))


def patient_of_number(number: NhsNumber) -> Q:
    """The record of the person of a number that stands, by any number that was ever theirs."""
    own, kept = _keys_of(number)
    return Q(pk__in=own | kept, merged_into=None)


def _keys_of(number: NhsNumber) -> tuple[set[UUID], set[UUID]]:
    """The records of a number, and those that they were joined to.

    Asked first: a condition on either, or across a join, would have the store read every record.
    """
    rows = list(Patient.objects.filter(nhs_number=str(number)).values_list("pk", "merged_into"))
    return {own for own, _ in rows}, {kept for _, kept in rows if kept}


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
