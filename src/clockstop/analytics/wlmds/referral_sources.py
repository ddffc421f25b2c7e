"""The verdicts of ``core.referral_sources`` on the source of each referral of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from clockstop.core.referral_sources import (
    Evidence,
    OrganisationKind,
    ReferralClass,
    Verdict,
    VerdictRule,
    referral_sources,
    verdict_rules,
)

CLASS = pl.Enum([each.value for each in ReferralClass])
VERDICT = pl.Enum([each.value for each in Verdict])


@dataclass(frozen=True, slots=True)
class Names:
    """The columns of a table in which the parts of the record stand."""

    source: str
    referrer: str
    booking: str
    transfer_status: str
    accepting_provider: str
    received: str
    first_received: str


RECORDS = Names(
    source="source_of_referral",
    referrer="referrer",
    booking="ubrn",
    transfer_status="transfer_status",
    accepting_provider="accepting_provider",
    received="referral_received",
    first_received="first_received",
)
WEEKLY = Names(
    source="source_of_referral",
    referrer="referring_organisation_code",
    booking="unique_booking_reference_number",
    transfer_status="transfer_status",
    accepting_provider="mutual_aid_accepting_provider",
    received="referral_request_received_date",
    first_received="original_referral_request_received_date",
)


def referral_verdicts(
    pathways: pl.DataFrame, organisation_kinds: Mapping[str, str], *, names: Names = RECORDS
) -> pl.DataFrame:
    """The table with ``referral_class`` and ``referral_verdict``, a row for each row as it stood.

    ``pathways`` has the columns of ``analytics.records``, or those that ``names`` says (``WEEKLY``
    for the open table of the weekly data set); a column that it lacks counts as blank.
    ``organisation_kinds`` says of an ODS code what the organisation is (the values of
    ``core.referral_sources.OrganisationKind``); the others count as unknown. Raises ValueError for
    another kind. Rules: ``core/codes/referral_verdicts.csv``.
    """
    kinds = {code: OrganisationKind(kind).value for code, kind in organisation_kinds.items()}
    facts = pathways.select(
        group=_text(pathways, names.source).replace_strict(
            {code: each.group.value for code, each in referral_sources().items()},
            default=ReferralClass.UNKNOWN.value,
            return_dtype=pl.String,
        ),
        organisation=_text(pathways, names.referrer).replace_strict(
            kinds, default=OrganisationKind.UNKNOWN.value, return_dtype=pl.String
        ),
        booking=_is_given(pathways, names.booking),
        transfer=_is_transferred(pathways, names),
    )
    found = facts.select(
        referral_class=pl.col("group").cast(CLASS), referral_verdict=_chain(verdict_rules())
    )
    return pathways.with_columns(found["referral_class"], found["referral_verdict"])


def shares(verdicts: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """How many referrals are of each class, with the unvalidated share always beside it.

    ``verdicts`` is what ``referral_verdicts`` gives; ``by`` are columns to cut it by, each cut
    having shares of its own. Columns: ``by``, ``referral_class``, ``referrals`` (a count),
    ``share`` (of all referrals of the cut), ``unvalidated`` (a count), ``unvalidated_share`` (of
    the class), ``unvalidated_share_of_all`` (of the cut). No row where there is no referral.
    """
    is_open = pl.col("referral_verdict").cast(pl.String) == Verdict.UNVALIDATED.value
    counts = verdicts.group_by([*by, "referral_class"]).agg(
        referrals=pl.len().cast(pl.Int64), unvalidated=is_open.sum().cast(pl.Int64)
    )
    whole = pl.col("referrals").sum()
    whole_open = pl.col("unvalidated").sum()
    if by:
        whole, whole_open = whole.over(by), whole_open.over(by)
    return counts.select(
        *by,
        "referral_class",
        "referrals",
        (pl.col("referrals") / whole).alias("share"),
        "unvalidated",
        (pl.col("unvalidated") / pl.col("referrals")).alias("unvalidated_share"),
        (whole_open / whole).alias("unvalidated_share_of_all"),
    ).sort([*by, "referral_class"])


def _chain(rules: Sequence[VerdictRule]) -> pl.Expr:
    """The rules as one expression: the first that holds decides."""
    *first, last = rules
    start: Any = pl.lit(last.verdict.value)
    chosen = reduce(
        lambda rest, rule: pl.when(_holds(rule)).then(pl.lit(rule.verdict.value)).otherwise(rest),
        reversed(first),
        start,
    )
    return pl.Expr.cast(chosen, VERDICT)


def _holds(rule: VerdictRule) -> pl.Expr:
    conditions = [pl.lit(value=True)]
    if rule.classes:
        conditions.append(pl.col("group").is_in(sorted(rule.classes)))
    if rule.organisations:
        conditions.append(pl.col("organisation").is_in(sorted(rule.organisations)))
    if rule.evidence is Evidence.BOOKING:
        conditions.append(pl.col("booking"))
    if rule.evidence is Evidence.TRANSFER:
        conditions.append(pl.col("transfer"))
    return pl.all_horizontal(conditions)


def _is_transferred(table: pl.DataFrame, names: Names) -> pl.Expr:
    """As ``core.referral_sources.was_transferred`` says."""
    earlier = _column(table, names.first_received, pl.Date()) < _column(
        table, names.received, pl.Date()
    )
    return (
        _is_given(table, names.transfer_status)
        | _is_given(table, names.accepting_provider)
        | earlier.fill_null(value=False)
    )


def _is_given(table: pl.DataFrame, name: str) -> pl.Expr:
    return _text(table, name).fill_null("") != ""


def _text(table: pl.DataFrame, name: str) -> pl.Expr:
    return _column(table, name, pl.String())


def _column(table: pl.DataFrame, name: str, kind: pl.DataType) -> pl.Expr:
    return (pl.col(name) if name in table.columns else pl.lit(None)).cast(kind)
