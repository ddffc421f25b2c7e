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

_OF_ICB = "icb_code = %s"
_OF_PROVIDER = (
    "id IN (SELECT pathway_id FROM pathways_carerelationship"
    " WHERE organisation_code = %s AND part = 'provider')"
)


def tables(
    organisation_code: str = "", *, icb_code: str = ""
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """People, pathways and events, as ``analytics.records.columns`` and ``clocks.events_table``.

    Of the pathways that a provider has or once had a part in, since what it did before it handed
    somebody over is its own to return; or of all of an ICB. Keys hold within the three tables
    alone. Raises ValueError unless one of the two is named.
    """
    if bool(organisation_code) == bool(icb_code):
        raise ValueError("name a provider or an ICB")
    of = _OF_PROVIDER if organisation_code else _OF_ICB
    values = [organisation_code or icb_code]
    join = "JOIN pathways_pathway p ON p.id = t.pathway_id"
    types = {**register.PATHWAYS, "icb_code": register.PATHWAYS["issuer"]}
    pathways = bulk.read(Pathway, types, f"WHERE t.{of} ORDER BY t.id", values)
    theirs = f"SELECT patient_id FROM pathways_pathway WHERE {of}"  # noqa: S608 - one of two
    patients = bulk.read(
        Patient, persons.PATIENTS, f"WHERE t.id IN ({theirs}) ORDER BY t.id", values
    )
    where = f"{join} WHERE p.{of}"
    records = bulk.read(HospitalRecord, register.RECORDS, where, values, fields={"id": "pathway"})
    kept = bulk.read(PathwayEvent, stored.KEPT, where, values, fields={"id": "pathway"})
    return (
        stored.people_of(patients, icb_code or None),
        stored.pathways_of(pathways, records, patients, pathways["icb_code"]),
        stored.events_kept(kept, pathways),
    )
