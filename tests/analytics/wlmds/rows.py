"""Submissions of any size without a fault in them, to put faults into."""

from datetime import date, datetime, time, timedelta

import polars as pl

from clockstop.analytics.wlmds.tables import LOG, TABLES, schema

PROVIDER = "RR8"
SUNDAY = date(2026, 11, 15)
MONDAY = SUNDAY - timedelta(days=6)
START = "referral_to_treatment_period_start_date"
ISSUER = "organisation_code_patient_pathway_identifier_issuer"
IDENTIFIER = "patient_pathway_identifier"
KEY = (ISSUER, IDENTIFIER, "referral_identifier", START)


def day(before: int) -> date:
    """So many days before the Sunday."""
    return SUNDAY - timedelta(days=before)


def submission(size: int) -> dict[str, pl.DataFrame]:
    """Six tables: of the open pathways, every tenth began in the week; half are on inpatient lists.

    ``size`` is that of the open table; stops are a tenth of it, the others fewer.
    """
    few, fewer = max(size // 10, 1), max(size // 50, 1)
    opened = _pathways(size, 0)
    began = opened.filter(pl.col("at") % 10 == 0)
    stopped = _pathways(few, size, waited=60)
    other = _pathways(fewer, size + few, waited=60)
    made = {
        "open": opened.with_columns(**_open()),
        "starts": began,
        "stops": stopped.with_columns(**_stops()),
        "diagnostics": other.with_columns(
            diagnostic_modality=pl.lit("MRI"),
            diagnostic_clock_start_date=pl.lit(day(20)),
            planned_diagnostic_due_date=pl.lit(day(21)),
        ),
        "asi": other.with_columns(list_kind=pl.lit("ASI"), listed_date=pl.lit(day(5))),
        "pifu": other.with_columns(
            pifu_initiation_date=pl.lit(day(100)), pifu_expiry_date=pl.lit(day(-200))
        ),
    }
    return {name: in_schema(name, made[name]) for name in TABLES}


def in_schema(name: str, table: pl.DataFrame) -> pl.DataFrame:
    kinds = schema(name)
    has = [pl.col(each).cast(kind) for each, kind in kinds.items() if each in table.columns]
    lacks = [pl.lit(None, kind).alias(each) for each, kind in kinds.items() if each not in table]
    return table.select(has).with_columns(lacks).select(list(kinds))


def _pathways(size: int, first: int, waited: int | None = None) -> pl.DataFrame:
    at = pl.int_range(first, first + size)
    young = pl.when(at % 10 == 0).then(at % 7).otherwise(7 + at % 600)
    days = young if waited is None else pl.lit(waited)
    start = pl.lit(SUNDAY) - pl.duration(days=days)
    number = at.cast(pl.String)
    return pl.select(
        at=at,
        week_ending_date=pl.lit(SUNDAY),
        pseudo_nhs_number=number.str.zfill(64),
        local_patient_identifier=pl.format("L{}", at),
        person_stated_gender_code=pl.lit("2"),
        ethnic_category=pl.lit("A"),
        lsoa_2021=pl.lit("E01000001"),
        commissioner_code=pl.lit("15F"),
        practice_code=pl.lit("B86001"),
        waiting_list_type=pl.when(at % 2 == 0).then(pl.lit("ORTT")).otherwise(pl.lit("IRTT")),
        provider_code=pl.lit(PROVIDER),
        provider_site_code=pl.lit("RR801"),
        referring_organisation_code=pl.lit("B86001"),
        referral_request_received_date=start.cast(pl.Date),
        original_referral_request_received_date=start.cast(pl.Date),
        **{START: start.cast(pl.Date), IDENTIFIER: number.str.zfill(20), ISSUER: pl.lit(PROVIDER)},
        referral_identifier=pl.format("R{}", at),
        unique_booking_reference_number=number.str.zfill(12),
        source_of_referral=pl.lit("03"),
        main_specialty_code=pl.lit("110"),
        treatment_function_code=pl.lit("110"),
        consultant_code=pl.lit("C1234567"),
        priority_type_code=pl.lit("1"),
    )


def _open() -> dict[str, pl.Expr]:
    inpatient = pl.col("waiting_list_type") == "IRTT"
    return {
        "referral_to_treatment_period_status": pl.lit("20"),
        "decision_to_admit_date": pl.when(inpatient).then(pl.lit(day(1))),
        "procedure_priority_code": pl.when(inpatient).then(pl.lit("P4")),
        "tci_date": pl.when(inpatient).then(pl.lit(day(-30))),
        "date_of_last_priority_review": pl.when(inpatient).then(pl.lit(day(1))),
        "outpatient_future_appointment_date": pl.when(~inpatient).then(pl.lit(day(-9))),
        "inclusion_on_cancer_ptl": pl.lit("N"),
    }


def _stops() -> dict[str, pl.Expr]:
    return {
        "referral_to_treatment_period_end_date": pl.lit(day(2)),
        "completed_type": pl.lit("ADMITTED"),
        "referral_to_treatment_period_status": pl.lit("30"),
    }


def entries(*rows: dict) -> pl.DataFrame:
    """A submission log; what an entry does not say is usual."""
    usual = {
        "provider_code": PROVIDER,
        "week_ending_date": SUNDAY,
        "file_name": "RR8.zip",
        "latest": None,
    }
    made = [
        usual
        | {
            "received_at": at(15 + 24 * place),
            "sequence": place + 1,
            "file_hash": f"{place:064x}",
        }
        | row
        for place, row in enumerate(rows)
    ]
    return pl.DataFrame(made, schema=schema(LOG))


def at(hours: int):
    """So many hours after the week's Sunday began, as a time without a zone."""
    return datetime.combine(SUNDAY, time()) + timedelta(hours=hours)


def changed(table: pl.DataFrame, row: int, change: dict) -> pl.DataFrame:
    """The table with other values in one row, counted from 0."""
    here = pl.int_range(pl.len()) == row
    return table.with_columns(
        pl.when(here).then(pl.lit(value, table.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in change.items()
    )
