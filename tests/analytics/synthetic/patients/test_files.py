"""The files of made-up patients: their layout, and the same bytes again."""

import json
from collections import Counter

import polars as pl
import pytest
from tests.analytics.synthetic.patients.conftest import MONTH, made

from clockstop.analytics.clocks import events_table
from clockstop.analytics.synthetic.patients import writing
from clockstop.analytics.synthetic.patients.fragments import fragments
from clockstop.analytics.synthetic.patients.tables import rows
from clockstop.core.rtt.events import KINDS
from clockstop.core.rtt.identifiers import PathwayId


def contents(folder):
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_arguments_give_the_same_bytes(small_lake, small, tmp_path):
    again = made(tmp_path / "made", small_lake)
    assert contents(again.folder) == contents(small.folder)


def test_made_anew_in_its_own_folder(small_lake, small, tmp_path):
    folder = tmp_path / "made"
    made(folder, small_lake, seed=7, icbs=("QWO",))
    (folder / "events" / "QZZ-000.parquet").write_text("of another time")
    made(folder, small_lake)
    assert contents(folder) == contents(small.folder)


def test_another_seed_gives_other_patients(small_lake, small, tmp_path):
    other = made(tmp_path / "made", small_lake, seed=7)
    assert not other.people["nhs_number"].equals(small.people["nhs_number"])
    assert not other.events["day"].equals(small.events["day"])
    assert other.cells.select("returned").equals(small.cells.select("returned"))


@pytest.mark.parametrize("icb", ["QE1", "QF7", "QWO"])
def test_an_icb_alone_is_as_it_is_among_all(small_lake, small, tmp_path, icb):
    alone = made(tmp_path / icb, small_lake, icbs=(icb,))
    file = f"events/{icb}-000.parquet"
    assert contents(alone.folder)[file] == contents(small.folder)[file]
    pathways = small.pathways.filter(icb=icb)
    assert alone.pathways.equals(pathways)
    assert alone.people.equals(small.people.join(pathways, on="person", how="semi"))


def test_events_are_laid_out_as_the_clock_rules_read_them(small):
    events = small.events
    assert dict(events.schema) == dict(events_table.columns())
    assert events.select("pathway", "number").is_unique().all()
    assert events.equals(events.sort("pathway", "number"))
    sizes = events.group_by("pathway").agg(pl.col("number").max(), pl.len())
    assert (sizes["number"] == sizes["len"]).all()
    assert set(events["pathway"]) == set(small.pathways["pathway"])


def test_a_long_list_is_written_in_slices(synthetic_lake, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "SLICE", 1_000)
    found = made(tmp_path / "made", synthetic_lake, icbs=("QPM",))
    files = sorted((found.folder / "events").iterdir())
    assert len(files) == -(-found.pathways.height // 1_000) > 3
    pathways = [pl.read_parquet(file)["pathway"] for file in files]
    assert [each.n_unique() for each in pathways[:-1]] == [1_000] * (len(files) - 1)
    assert pl.concat(pathways).unique().sort().equals(found.pathways["pathway"].sort())


def test_identifiers_are_a_pathway_s_own(small):
    pathways = small.pathways
    for number, issuer in pathways.select("identifier", "issuer").rows():
        PathwayId(number, issuer)
    assert pathways.select("identifier", "issuer").is_unique().all()
    booked = pathways.drop_nulls("ubrn")
    assert 0.2 < booked.height / pathways.height < 0.8
    assert (booked["issuer"] == "X09").all()
    assert (booked["identifier"] == "00000000" + booked["ubrn"]).all()
    assert booked["ubrn"].str.contains(r"^9\d{11}$").all()


def test_booking_references_are_the_same_in_the_events(small):
    events = small.events.drop_nulls("ubrn").select("pathway", "ubrn").unique()
    known = small.pathways.drop_nulls("ubrn").select("pathway", "ubrn")
    assert set(events.rows()) == set(known.rows())


def test_the_register_says_who_referred(small):
    practices = dict(small.people.select("person", "practice").rows())
    for row in small.pathways.iter_rows(named=True):
        if row["source_of_referral"] == "03":
            assert row["referrer"] == practices[row["person"]]
    assert set(small.pathways["source_of_referral"]) <= {"03", "04", "05", "06"}
    assert set(small.pathways["priority"]) == {"1", "2", "3"}
    assert small.pathways["person"].is_in(small.people["person"].implode()).all()


def test_the_manifest_says_what_was_made_and_that_it_is_made_up(small):
    written = json.loads((small.folder / "manifest.json").read_text())
    assert written == small.manifest
    assert written["made_up"] == writing.MADE_UP
    assert (written["month"], written["seed"], written["scale"]) == (str(MONTH), 1948, 1.0)
    assert written["source"] == "2025-09-story"
    counts = written["counts"]
    assert counts["people"] == small.people.height
    assert counts["pathways"] == small.pathways.height
    assert counts["events"] == small.events.height
    assert [each["icb"] for each in written["icbs"]] == ["QE1", "QF7", "QWO"]


def test_stories_are_long_and_of_many_kinds(icb):
    """A national list of 7.5 million that wait has 40 million events and more."""
    waiting = icb.cells.filter(part="Part_2")["made"].sum()
    assert icb.events.height / waiting >= 40 / 7.5
    kinds = Counter(icb.events["kind"])
    named = {
        row["kind"] for row in rows("fragments.csv") if not row["fragment"].startswith("fault")
    }
    assert set(kinds) == named


def test_every_piece_of_the_mix_is_there_and_every_piece_is_in_the_mix():
    codes = {"procedure_priority", "diagnostic_priority", "asa_grade"}
    told = [row for row in rows("mix.csv") if row["slot"] not in {"rate", *codes}]
    mixed = {row["name"] for row in told} - {"none"}
    fixed = {"unknown_start", "first_attendance", "decided"}
    assert mixed | fixed == set(fragments().names)
    assert {row["kind"] for row in rows("fragments.csv")} <= set(KINDS)


def test_every_figure_of_the_mix_has_a_source():
    assert all(row["source"] for row in rows("mix.csv"))


def test_earlier_periods_end_before_the_month_of_the_clock():
    """So nothing that is history counts in the month's return."""
    ends = {"monitoring_started", "treatment_started"}
    for at, row in enumerate(table := rows("fragments.csv")):
        if row["place"] == "back" and (row["kind"] in ends or "status=3" in row["fields"]):
            left = [each for each in table[at:] if each["fragment"] == row["fragment"]]
            days = [
                int(each["amount"].partition("..")[0]) for each in left if each["place"] == "back"
            ]
            assert sum(days) > 31, row
