"""The columns that are read of the weekly tables, and those of the findings."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

IDENTIFIER = "patient_pathway_identifier"
ISSUER = "organisation_code_patient_pathway_identifier_issuer"
PROVIDER = "provider_code"
PERSON = "pseudo_nhs_number"
FUNCTION = "treatment_function_code"
START = "referral_to_treatment_period_start_date"

# What is read of each weekly table, by the short name that it goes by here.
READ: Mapping[str, str] = {
    "provider": PROVIDER,
    "person": PERSON,
    "issuer": ISSUER,
    "identifier": IDENTIFIER,
    "function": FUNCTION,
    "start": START,
}
# What is read besides of open pathways; where a table lacks one, it is blank.
READ_OF_OPEN: Mapping[str, str] = {
    "asked": "transfer_status",
    "sent_to": "mutual_aid_accepting_provider",
}
# Transfers of responsibility that senders recorded in the week, where their records can be seen.
TRANSFER: Mapping[str, pl.DataType] = {
    ISSUER: pl.String(),
    IDENTIFIER: pl.String(),
    PROVIDER: pl.String(),
    "to_provider_code": pl.String(),
}
# ``providers`` and ``starts`` stand in step. ``weeks`` are whole weeks from the first start to the
# end of the week; ``since`` is the end of the week in which a lost patient was first missed.
FINDING: Mapping[str, pl.DataType] = {
    "kind": pl.String(),
    "case": pl.String(),
    "person": pl.String(),
    "issuer": pl.String(),
    "identifier": pl.String(),
    "function": pl.String(),
    "providers": pl.List(pl.String()),
    "starts": pl.List(pl.Date()),
    "weeks": pl.Int32(),
    "since": pl.Date(),
}
KEY = ("issuer", "identifier")
WHO = ("person", "function")
