"""The weekly data set of a provider, made from its patients' records.

What counts is what counts in the monthly return (``core.rtt.return_parts``), for a week: open
pathways are those whose clock runs on the Sunday, starts and stops those from Monday to Sunday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.returns.entries import typed
from clockstop.analytics.wlmds.facts import (
    care,
    commissioners,
    counting,
    first_referrals,
    functions,
    slot_issues,
)
from clockstop.analytics.wlmds.tables import TABLES
from clockstop.analytics.wlmds.writing import in_columns
from clockstop.core.pseudonyms import check_key, pseudonym
from clockstop.core.rtt.periods import Ending

_SUNDAY = 7
_STATUS = {each.value: each.status.value for each in Ending}
_DONE = (
    "referral_request_received_date",
    "date_of_last_priority_review",
    "last_pas_validation_date",
    "last_attended",
)
_IN, _OUT = pl.lit("IRTT"), pl.lit("ORTT")


@dataclass(frozen=True)
class _Week:
    """What is known at the end of a week; ``about`` has a row for each pathway."""

    provider: str
    ends: date
    about: pl.DataFrame
    periods: pl.DataFrame
    entries: pl.DataFrame
    tests: pl.DataFrame

    @property
    def begins(self) -> date:
        return self.ends - timedelta(days=6)


def build_submission(
    people: pl.DataFrame,
    pathways: pl.DataFrame,
    events: pl.DataFrame,
    *,
    provider: str,
    week_ending: date,
    key: bytes,
    created: datetime | None = None,
) -> Mapping[str, pl.DataFrame]:
    """The six tables of a provider for the week that ends on a Sunday.

    ``people`` and ``pathways`` have the columns of ``analytics.records``, ``events`` those of
    ``clocks.events_table``. A person is named by a keyed hash of the NHS number: the same ``key``
    gives the same one at every provider. ``created`` is put down as the time of making.
    Commissioners outside England go by their own code. A pathway whose start nobody knows stands in
    the open table without one. Raises ValueError for a day that is no Sunday and a key too short,
    EventsRefusedError for a table that is not one of events.
    """
    check_key(key)
    if week_ending.isoweekday() != _SUNDAY:
        raise ValueError(f"{week_ending} is a {week_ending:%A}; a week ends on a Sunday")
    found = derive_tables(events, as_of=week_ending)
    entries = counting(typed(events), week_ending)
    about = _about(people, pathways, key)
    for more in (commissioners(entries, week_ending), first_referrals(entries)):
        about = about.join(more, on="pathway", how="left", maintain_order="left")
    about = about.with_columns(
        commissioner_code=pl.coalesce("commissioner_code", "commissioner"),
        week_ending_date=pl.lit(week_ending),
        date_and_time_data_set_created=pl.lit(created, pl.Datetime("us")),
        **{
            name: pl.when(pl.col(name) <= week_ending).then(name) for name in _DONE
        },  # what was done after the week belongs in a later one
    )
    opened = entries.select("pathway", opened_by="number", began_at="provider")
    periods = found.periods.rename({"number": "period"}).join(
        opened, on=["pathway", "opened_by"], how="left", maintain_order="left"
    )
    week = _Week(provider, week_ending, about, periods, entries, found.tests)
    made = {
        "open": _open(week),
        "starts": _starts(week),
        "stops": _stops(week),
        "diagnostics": _diagnostics(week),
        "asi": _asi(week),
        "pifu": _pifu(week),
    }
    return {name: in_columns(name, made[name]) for name in TABLES}


def _about(people: pl.DataFrame, pathways: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Each pathway with its person, in the names of the data set."""
    persons = people.select(
        "person",
        _pseudonyms(people["nhs_number"], key),
        local_patient_identifier=pl.col("person").cast(pl.String),
        person_stated_gender_code="sex",
        ethnic_category="ethnic_category",
        lsoa_2021="lsoa",
        practice_code="practice",
    )
    joined = pathways.join(persons, on="person", how="left", maintain_order="left")
    cancer = pl.when("on_cancer_list").then(pl.lit("Y")).when(~pl.col("on_cancer_list"))
    return joined.with_columns(inclusion_on_cancer_ptl=cancer.then(pl.lit("N"))).rename(
        {
            "identifier": "patient_pathway_identifier",
            "issuer": "organisation_code_patient_pathway_identifier_issuer",
            "treatment_function": "treatment_function_code",
            "priority": "priority_type_code",
            "referrer": "referring_organisation_code",
            "ubrn": "unique_booking_reference_number",
            "referral_received": "referral_request_received_date",
            "site": "provider_site_code",
            "consultant": "consultant_code",
            "next_appointment": "outpatient_future_appointment_date",
            "follow_up_due": "due_date",
            "admission_method": "admission_method_code",
            "intended_management": "intended_management_code",
            "procedure": "proposed_procedure_opcs_code",
            "procedure_priority": "procedure_priority_code",
            "diagnostic_priority": "diagnostic_priority_code",
            "priority_reviewed": "date_of_last_priority_review",
            "asa_grade": "asa_physical_status_classification_system_code",
            "validated_on": "last_pas_validation_date",
            "accepting_provider": "mutual_aid_accepting_provider",
            "pifu_started": "pifu_initiation_date",
            "pifu_expires": "pifu_expiry_date",
        }
    )


def _pseudonyms(numbers: pl.Series, key: bytes) -> pl.Series:
    """Written with spaces or without, a number stands for one person."""
    digits = numbers.str.replace_all(r"[\s-]", "").to_list()
    hashes = [pseudonym(each, key) if each else None for each in digits]
    return pl.Series("pseudo_nhs_number", hashes, dtype=pl.String)


def _told(week: _Week, periods: pl.DataFrame, listed_by: str) -> pl.DataFrame:
    """Periods that this provider reports, with all that is known of their pathways.

    Where nothing says on whose list a period is, it is the provider's that holds the pathway. Of
    a pathway that has gone to another provider since, the present site and team are not ours.
    """
    held = week.about.rename({"provider": "holder"})
    mine = periods.join(held, on="pathway", maintain_order="left").filter(
        pl.coalesce(listed_by, "holder") == week.provider
    )
    keys = ["pathway", "period"]
    for more in (functions(mine, week.entries, week.ends), care(mine, week.entries)):
        mine = mine.join(more, on=keys, how="left", maintain_order="left")
    decided = pl.col("decided_to_admit").is_not_null()
    is_ours = pl.col("holder") == week.provider
    either = pl.min_horizontal("first_received", "referral_request_received_date")
    first = pl.when(pl.col("first_received").is_not_null()).then(either)
    return mine.with_columns(
        provider_code=pl.lit(week.provider),
        treatment_function_code=pl.coalesce("function", "treatment_function_code"),
        provider_site_code=pl.when(is_ours).then("provider_site_code"),
        consultant_code=pl.when(is_ours).then("consultant_code"),
        referral_to_treatment_period_start_date="start",
        original_referral_request_received_date=first,
        waiting_list_type=pl.when(decided).then(_IN).otherwise(_OUT),
    )


def _open(week: _Week) -> pl.DataFrame:
    began = pl.coalesce("start", "opened_on") <= week.ends
    running = week.periods.filter("in_returns", began, pl.col("ending").is_null())
    return _told(week, running, "listed_by").with_columns(
        current_pathway_period_start_date="opened_on",
        referral_to_treatment_period_end_date=pl.lit(None, pl.Date()),
        decision_to_admit_date="decided_to_admit",
        decision_to_treat_date="decided_to_treat",
        date_last_attended=pl.coalesce("last_attended", "attended"),
        last_dna_date="not_attended",
        cancellation_date="cancelled",
        first_activity_date="first_activity",
        referral_to_treatment_period_status="status",
    )


def _starts(week: _Week) -> pl.DataFrame:
    """New periods; a start that another provider passed on was that provider's."""
    ending = pl.col("ending").cast(pl.String)
    new = week.periods.filter(
        "in_returns",
        pl.col("start").is_between(week.begins, week.ends),
        pl.col("start_rule").cast(pl.String) != "start-transferred",
        ending.is_null() | (ending != Ending.NULLIFIED.value),
    )
    return _told(week, new, "began_at")


def _stops(week: _Week) -> pl.DataFrame:
    ending = pl.col("ending").cast(pl.String)
    stopped = week.periods.filter(
        "in_returns",
        pl.col("end").is_between(week.begins, week.ends),
        ending != Ending.NULLIFIED.value,
    )
    admitted = ending == Ending.ADMITTED.value
    is_inpatient = admitted | pl.col("decided_to_admit").is_not_null()
    return _told(week, stopped, "listed_by").with_columns(
        referral_to_treatment_period_end_date="end",
        completed_type=pl.when(admitted).then(pl.lit("ADMITTED")).otherwise(pl.lit("NONADMITTED")),
        referral_to_treatment_period_status=ending.replace_strict(
            _STATUS, return_dtype=pl.String, default=None
        ),
        waiting_list_type=pl.when(is_inpatient).then(_IN).otherwise(_OUT),
    )


def _diagnostics(week: _Week) -> pl.DataFrame:
    """Planned tests that are overdue; the records name no other test that is waited for."""
    listed = week.entries.select("pathway", "due", "provider", opened_by="number")
    waits = week.tests.filter(
        pl.col("start") <= week.ends, pl.col("end").is_null() | (pl.col("end") > week.ends)
    ).join(listed, on=["pathway", "opened_by"], how="left", maintain_order="left")
    held = week.about.rename({"provider": "holder"})
    mine = waits.join(held, on="pathway", maintain_order="left").filter(
        pl.coalesce("provider", "holder") == week.provider
    )
    return mine.with_columns(
        provider_code=pl.lit(week.provider),
        diagnostic_clock_start_date="start",
        planned_diagnostic_due_date="due",
    )


def _asi(week: _Week) -> pl.DataFrame:
    waiting = _here(week).join(slot_issues(week.entries), on="pathway", maintain_order="left")
    return waiting.filter(pl.col("outpatient_future_appointment_date").is_null())


def _pifu(week: _Week) -> pl.DataFrame:
    """Follow-up that patients may ask for in the week."""
    begun = pl.col("pifu_initiation_date") <= week.ends
    over = (pl.col("pifu_expiry_date") < week.begins).fill_null(value=False)
    return _here(week).filter(begun, ~over)


def _here(week: _Week) -> pl.DataFrame:
    """The pathways that the provider holds."""
    return week.about.filter(provider=week.provider).rename({"provider": "provider_code"})
