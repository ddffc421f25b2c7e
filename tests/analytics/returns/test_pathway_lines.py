"""The pathways behind a cell are as many as the return counts there, and they are the right ones."""

import random

import polars as pl
import pytest
from tests.analytics.returns.dressed import dressed_by_chance
from tests.analytics.synthetic.patients.conftest import MONTH

from clockstop.analytics.clocks import events_table
from clockstop.analytics.returns.by_hand import lines_by_hand
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.pathway_lines import pathway_lines
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.types import Month

NAMED = ["provider", "commissioner", "function", "part", "band"]


def test_every_count_has_its_pathways(small):
    ret = monthly_return(small.pathways, small.events, MONTH)
    lines = pathway_lines(small.pathways, small.events, MONTH, {}, rows=3_000)
    counts = lines.group_by(NAMED).agg(n=pl.len().cast(pl.Int64)).sort(NAMED)
    assert counts.select(ret.counts.columns).equals(ret.counts.sort(NAMED))
    assert lines["identifier"].null_count() == 0


def test_a_cell_is_a_choice_of_all(small):
    cell = {"provider": "RR8", "function": "C_110", "part": "Part_1A", "band": None}
    lines = pathway_lines(small.pathways, small.events, MONTH, cell)
    assert len(lines) == 5
    assert lines["start"].null_count() == 5
    assert lines["end"].is_between(MONTH.census.replace(day=1), MONTH.census).all()
    assert lines.select("provider", "function", "part", "band").unique().rows() == [
        ("RR8", "C_110", "Part_1A", None)
    ]


def test_they_are_those_of_the_rules_for_one_pathway():
    chance, month = random.Random(7), Month(2024, 11)
    table = events_table.table(enumerate(dressed_by_chance(chance) for _ in range(60)))
    keys = table.select("pathway").unique()
    ours = pathway_lines(keys, table, month, {"part": "Part_2", "commissioner": None})
    last = table["day"].max()
    theirs = lines_by_hand(table, month.census, policy=DEFAULT, as_of=last).filter(
        pl.col("part") == "Part_2", pl.col("commissioner").is_null()
    )
    assert len(ours) > 3
    assert ours["pathway"].to_list() == sorted(theirs["pathway"])


def test_a_name_that_there_is_not_is_refused(small):
    with pytest.raises(ValueError, match="no colour in a return; there are provider, "):
        pathway_lines(small.pathways, small.events, MONTH, {"colour": "red"})
