"""Whose record each person of an extract is: by NHS number, else by the hospital's own key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

# Of a patient as kept, by the column of the table of people.
DEMOGRAPHICS: Mapping[str, str] = {
    "given_name": "given_name",
    "family_name": "family_name",
    "birth_date": "birth_date",
    "sex": "sex",
    "postcode": "postcode",
    "practice": "practice_code",
    "ethnic_category": "ethnic_category",
    "lsoa": "lsoa",
    "deprivation_decile": "deprivation_decile",
}
PATIENTS: Mapping[str, Any] = {
    "id": pl.String(),
    "nhs_number": pl.String(),
    "given_name": pl.String(),
    "family_name": pl.String(),
    "birth_date": pl.Date(),
    "sex": pl.String(),
    "postcode": pl.String(),
    "practice_code": pl.String(),
    "ethnic_category": pl.String(),
    "lsoa": pl.String(),
    "deprivation_decile": pl.Int16(),
    "died_on": pl.Date(),
    "merged_into": pl.String(),
}
KEYS: Mapping[str, Any] = {
    "organisation_code": pl.String(),
    "key": pl.String(),
    "patient": pl.String(),
}


def matched(
    people: pl.DataFrame, pathways: pl.DataFrame, patients: pl.DataFrame, keys: pl.DataFrame
) -> pl.DataFrame:
    """The people who have a pathway, each with the patient that they are held as.

    ``patients`` (columns PATIENTS) and ``keys`` (KEYS) are those of the ICB. Columns: those of
    ``people``; ``organisation_code`` and ``key`` of the system that told of them; ``patient``,
    null for somebody new; ``was`` the patient as held, a struct; ``is_changed``. What the system
    does not know takes nothing away.
    """
    first = pathways.group_by("person", maintain_order=True).agg(pl.col("provider").first())
    told = people.join(first, on="person", maintain_order="left").with_columns(
        organisation_code=pl.col("provider"), key=pl.col("person").cast(pl.String)
    )
    held = patients.select(pl.col("id").alias("patient"), was=pl.struct(list(PATIENTS)))
    by_number = patients.filter(pl.col("nhs_number") != "").select(
        "nhs_number", numbered=pl.col("id")
    )
    by_key = keys.select("organisation_code", "key", keyed=pl.col("patient"))
    told = told.join(by_number, on="nhs_number", how="left", maintain_order="left")
    told = told.join(by_key, on=("organisation_code", "key"), how="left", maintain_order="left")
    told = told.with_columns(patient=pl.coalesce("numbered", "keyed"))
    told = told.join(held, on="patient", how="left", maintain_order="left")
    return _merged(told)


def _merged(told: pl.DataFrame) -> pl.DataFrame:
    """What is to be kept of each: as told, and as held where nothing is told."""
    now = {
        name: pl.coalesce(
            pl.col(name).cast(PATIENTS[kept]), pl.col("was").struct.field(kept)
        ).alias(name)
        for name, kept in DEMOGRAPHICS.items()
    }
    numbered = pl.coalesce("nhs_number", pl.col("was").struct.field("nhs_number"))
    told = told.with_columns(**now, nhs_number=numbered.fill_null(""))
    differs = [
        pl.col(name).fill_null("").ne(pl.col("was").struct.field(kept).fill_null(""))
        if PATIENTS[kept] == pl.String()
        else pl.col(name).ne_missing(pl.col("was").struct.field(kept))
        for name, kept in {**DEMOGRAPHICS, "nhs_number": "nhs_number"}.items()
    ]
    changed = pl.col("patient").is_not_null() & pl.any_horizontal(differs)
    return told.with_columns(is_changed=changed)
