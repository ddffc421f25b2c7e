"""The verdicts on a table are those of the readable rules, row by row."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.records.columns import schema
from clockstop.analytics.wlmds.referral_sources import RECORDS, WEEKLY, referral_verdicts, shares
from clockstop.core.referral_sources import (
    OrganisationKind,
    class_of,
    referral_sources,
    verdict,
    was_transferred,
)

KINDS = {f"ORG{at}": kind.value for at, kind in enumerate(OrganisationKind)}
days = st.none() | st.integers(0, 3).map(lambda more: date(2026, 1, 1) + timedelta(days=more))
referrals = st.fixed_dictionaries(
    {
        "source": st.none() | st.sampled_from([*referral_sources(), "", "55", "3"]),
        "referrer": st.none() | st.sampled_from([*KINDS, "", "NOBODY"]),
        "booking": st.sampled_from([None, "", "000123456789"]),
        "transfer_status": st.sampled_from([None, "", "01"]),
        "accepting_provider": st.sampled_from([None, "", "NT438"]),
        "received": days,
        "first_received": days,
    }
)


@pytest.mark.parametrize("names", [RECORDS, WEEKLY], ids=["records", "weekly"])
@given(rows=st.lists(referrals, max_size=30))
def test_a_table_is_judged_as_each_of_its_rows(names, rows):
    types = {
        getattr(names, part): pl.Date if "received" in part else pl.String
        for part in names.__dataclass_fields__
    }
    table = pl.DataFrame(
        [{getattr(names, part): value for part, value in row.items()} for row in rows],
        schema=types,
    )
    found = referral_verdicts(table, KINDS, names=names)
    assert found.drop("referral_class", "referral_verdict").equals(table)
    expected = [by_hand(row) for row in rows]
    assert list(found.select("referral_class", "referral_verdict").iter_rows()) == expected


def by_hand(row):
    moved = was_transferred(
        transfer_status=row["transfer_status"],
        accepting_provider=row["accepting_provider"],
        received=row["received"],
        first_received=row["first_received"],
    )
    kind = OrganisationKind(KINDS.get(row["referrer"], "unknown"))
    found = verdict(row["source"], kind, booked=bool(row["booking"]), transferred=moved)
    return class_of(row["source"]).value, found.verdict.value


def test_a_table_of_records_need_not_say_who_received_the_referral_first():
    pathways = pl.DataFrame(
        [{"source_of_referral": "03", "referrer": "ORG3", "transfer_status": "01"}],
        schema=schema("pathways"),
    )
    found = referral_verdicts(pathways, KINDS)
    assert found["referral_verdict"].to_list() == ["CONFLICT"]


def test_a_kind_of_organisation_that_is_none_is_refused():
    with pytest.raises(ValueError, match="hospital"):
        referral_verdicts(pl.DataFrame(schema=schema("pathways")), {"RWG": "hospital"})


def test_the_unvalidated_share_stands_beside_the_share_of_each_class():
    rows = [
        ("RWG", "PRIMARY_CARE", "VALID_PRIMARY"),
        ("RWG", "PRIMARY_CARE", "UNVALIDATED"),
        ("RWG", "OTHER_PROVIDER", "VALID_PROVIDER"),
        ("RWG", "UNKNOWN", "UNVALIDATED"),
        ("NT4", "PRIMARY_CARE", "CONFLICT"),
    ]
    judged = pl.DataFrame(
        rows, schema=["provider", "referral_class", "referral_verdict"], orient="row"
    )
    assert shares(judged, by=["provider"]).rows() == [
        ("NT4", "PRIMARY_CARE", 1, 1.0, 0, 0.0, 0.0),
        ("RWG", "OTHER_PROVIDER", 1, 0.25, 0, 0.0, 0.5),
        ("RWG", "PRIMARY_CARE", 2, 0.5, 1, 0.5, 0.5),
        ("RWG", "UNKNOWN", 1, 0.25, 1, 1.0, 0.5),
    ]
    assert shares(judged)["unvalidated_share_of_all"].to_list() == [0.4] * 3
    assert shares(judged.clear()).is_empty()
