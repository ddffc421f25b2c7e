"""The sector of every provider, held against the published extracts."""

import csv
import re
from datetime import date
from io import StringIO

import polars as pl
import pytest

from clockstop.core.codes import CodeListError, icbs_on, provider_sectors, sector_of
from clockstop.core.codes import sectors as sectors_module
from clockstop.core.codes.load import read
from clockstop.core.types import Sector

MOST_UNKNOWN = 0.01  # share of incomplete pathways


def test_every_row_says_who_why_and_how_we_know():
    for code, row in provider_sectors().items():
        assert re.fullmatch(r"[A-Z0-9]{3}|[A-Z0-9]{5}", code)
        assert len(row.source) > 5
        assert len(row.reason) > 15
        assert row.operator != ""


def test_a_trust_or_an_unknown_provider_has_no_operator_but_every_other_has():
    for code, row in provider_sectors().items():
        has_operator = row.sector in {Sector.INDEPENDENT, Sector.COMMUNITY}
        assert (row.operator is not None) == has_operator, code


def test_one_operator_is_of_one_sector():
    pairs = {(row.operator, row.sector) for row in provider_sectors().values() if row.operator}
    assert len(pairs) == len({operator for operator, _ in pairs})


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("RR8", Sector.NHS_TRUST),
        ("TAD", Sector.NHS_TRUST),  # no R code and not in the trusts list, yet a foundation trust
        ("R0F4N", Sector.INDEPENDENT),  # begins like a trust: Nuffield Health Parkside
        ("R1G7E", Sector.INDEPENDENT),  # begins like a trust: SpaMedica Kendal
        ("AAH", Sector.INDEPENDENT),  # "Trust" in its name: Tetbury Hospital
        ("NT337", Sector.INDEPENDENT),  # Spire Liverpool
        (
            "NT30A",
            Sector.INDEPENDENT,
        ),  # Spire Nottingham: "NHS Sector" in the hospital list of 2018
        ("NPG07", Sector.INDEPENDENT),  # SpaMedica Wakefield: "NHS Sector" likewise
        ("NTPH2", Sector.INDEPENDENT),  # Emersons Green, once an "NHS Treatment Centre"
        ("G3Z1Q", Sector.INDEPENDENT),  # Sulis Hospital Bath: a company that a trust owns
        ("AWR", Sector.INDEPENDENT),  # One Stop Doctors is no GP body
        ("NYG", Sector.INDEPENDENT),  # "Community" in its name, a private company
        ("NLX", Sector.COMMUNITY),
        ("NDL01", Sector.COMMUNITY),
        ("NWX", Sector.COMMUNITY),
        ("GEC01", Sector.UNKNOWN),
        ("ZZZZZ", Sector.UNKNOWN),  # not listed
        ("", Sector.UNKNOWN),
    ],
)
def test_the_traps(code, sector):
    assert sector_of(code) is sector


def test_two_hospitals_of_one_name_keep_their_operators():
    listed = provider_sectors()
    assert listed["NT447"].operator == "Circle Health Group"  # Duchy Hospital, Harrogate
    assert listed["NVC04"].operator == "Ramsay Health Care UK"  # Duchy Hospital, Truro


def test_the_list_cannot_be_changed():
    with pytest.raises(TypeError):
        provider_sectors()["RR8"] = None


def test_a_row_without_a_known_sector_or_a_reason_is_refused(monkeypatch):
    header = "provider,name,sector,operator,source,reason"
    lines = [header, "RR8,LEEDS,nhs,,ODS,a trust", "RXF,MID,nhs_trust,,,"]
    monkeypatch.setattr(sectors_module, "load", lambda file, columns: read(lines, file, columns))
    with pytest.raises(CodeListError) as refusal:
        provider_sectors.__wrapped__()
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [
        "provider_sectors.csv, row 2, sector",
        "provider_sectors.csv, row 3, source",
        "provider_sectors.csv, row 3, reason",
    ]


# --- held against the published extracts


@pytest.fixture(scope="module")
def extracts(real_lake):
    """The totals of every provider in every month: month, provider, icb, incomplete pathways."""
    held = real_lake.catalogue().current("rtt")
    assert len(held) == 18
    return pl.concat([provider_totals(real_lake, *each) for each in held.items()])


def provider_totals(lake, month, revision):
    waiting = lake.scan(revision, "providers").filter(part="Part_2")
    code = pl.col("provider").cast(pl.String)
    totals = waiting.group_by(code).agg(pathways=pl.col("n").sum())
    named = lake.scan(revision, "organisations").filter(kind="provider")
    names = named.select(pl.col("code", "parent").cast(pl.String)).rename(
        {"code": "provider", "parent": "icb"}
    )
    joined = names.join(totals, on="provider", how="left")
    return joined.with_columns(pl.col("pathways").fill_null(0), month=pl.lit(month)).collect()


@pytest.mark.real_data
def test_every_provider_of_the_extracts_is_listed(extracts, real_data):
    text = (real_data / "rtt/rtt_providers.csv").read_text(encoding="utf-8-sig")
    later = {row["Provider Org Code"] for row in csv.DictReader(StringIO(text))}
    assert set(extracts["provider"]) | later == set(provider_sectors())


@pytest.mark.real_data
def test_no_month_has_more_than_one_in_a_hundred_pathways_of_unknown_sector(extracts):
    unknown = [code for code, row in provider_sectors().items() if row.sector is Sector.UNKNOWN]
    shares = extracts.group_by("month").agg(
        share=pl.col("pathways").filter(pl.col("provider").is_in(unknown)).sum()
        / pl.col("pathways").sum(),
    )
    assert shares.height == 18
    assert shares["share"].max() <= MOST_UNKNOWN
    assert shares["share"].max() == pytest.approx(0.000357, abs=1e-6)  # September 2025


@pytest.mark.real_data
def test_the_nhs_trusts_are_those_of_the_proven_rule(extracts):
    trusts = {code for code, row in provider_sectors().items() if row.sector is Sector.NHS_TRUST}
    assert trusts == {code for code in extracts["provider"] if re.fullmatch(r"R..|TAD", code)}


@pytest.mark.real_data
def test_the_trusts_are_in_the_ods_list_save_one(real_data):
    with (real_data / "organisations/etr.csv").open(encoding="utf-8", newline="") as lines:
        listed = {row[0] for row in csv.reader(lines)}
    trusts = {code for code, row in provider_sectors().items() if row.sector is Sector.NHS_TRUST}
    assert trusts - listed == {"TAD"}
    assert (set(provider_sectors()) - trusts) & listed == set()


@pytest.mark.real_data
def test_every_parent_of_a_provider_is_an_icb(extracts):
    assert set(extracts["icb"]) == {icb.code for icb in icbs_on(date(2025, 9, 30))}
