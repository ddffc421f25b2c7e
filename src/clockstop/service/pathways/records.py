"""The records of a provider's or an ICB's patients as tables, for returns and reconciling.

No page shows them and nobody is asked who they are: for commands, and for actions that have asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clockstop.analytics.records import persons, register, stored
from clockstop.service.pathways import bulk
from clockstop.service.pathways.models import HospitalRecord, Pathway, PathwayEvent, Patient

if TYPE_CHECKING:
    import polars as pl


def tables(
    organisation_code: str = "", *, icb_code: str = ""
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """People, pathways and events, as ``analytics.records.columns`` and ``clocks.events_table``.

    Of the pathways that a provider is responsible for, or of all of an ICB. Keys hold within the
    three tables alone. Raises ValueError unless one of the two is named.
    """
    if bool(organisation_code) == bool(icb_code):
        raise ValueError("name a provider or an ICB")
    of = "organisation_code" if organisation_code else "icb_code"
    values = [organisation_code or icb_code]
    join = "JOIN pathways_pathway p ON p.id = t.pathway_id"
    types = {**register.PATHWAYS, "icb_code": register.PATHWAYS["issuer"]}
    pathways = bulk.read(Pathway, types, f"WHERE t.{of} = %s ORDER BY t.id", values)
    theirs = f"SELECT patient_id FROM pathways_pathway WHERE {of} = %s"  # noqa: S608 - one of two
    patients = bulk.read(
        Patient, persons.PATIENTS, f"WHERE t.id IN ({theirs}) ORDER BY t.id", values
    )
    where = f"{join} WHERE p.{of} = %s"
    records = bulk.read(HospitalRecord, register.RECORDS, where, values, fields={"id": "pathway"})
    kept = bulk.read(PathwayEvent, stored.KEPT, where, values, fields={"id": "pathway"})
    return (
        stored.people_of(patients, icb_code or None),
        stored.pathways_of(pathways, records, patients, pathways["icb_code"]),
        stored.events_kept(kept, pathways),
    )
