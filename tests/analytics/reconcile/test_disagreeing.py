"""Disagreements that are put in for a demonstration are those that are found."""

from collections import Counter
from datetime import timedelta

import polars as pl
from tests.analytics.reconcile.weekly import SUNDAY, clock_table, open_table, rows

from clockstop.analytics.reconcile import reconcile
from clockstop.analytics.reconcile.disagreeing import disagree, week_before


def lists(provider, count):
    return open_table(
        rows(*(f"{provider} {provider}:{n} {provider}{n} 110 30" for n in range(count)))
    )


def found_after(each, count=60):
    agreed = {code: lists(code, count) for code in "ABC"}
    wrong, counts = disagree(agreed, agreed, each=each, seed=7)
    none = clock_table([])
    week = reconcile(
        pl.concat(wrong.values()), pl.concat(agreed.values()), none, none, week_ending=SUNDAY
    )
    return Counter(week.findings["case"].to_list()), counts


def test_as_many_as_asked_for_and_no_others():
    found, counts = found_after(5)
    assert counts == {"same_pathway": 5, "on_both": 5, "gone": 5, "received": 5}
    assert found == {"same_pathway": 10, "on_both": 5, "gone": 5, "received": 5}


def test_small_lists_have_fewer():
    found, counts = found_after(5, count=2)
    assert sum(counts.values()) <= 6
    assert found["gone"] == counts.get("gone", 0)


def test_lists_that_agree_stay_so():
    assert found_after(0) == (Counter(), {})


def test_the_week_before_has_those_who_were_stopped_and_not_those_who_began():
    opened = open_table(rows("A K1 ann 110 20", "A K2 bob 110 0")).with_columns(
        week_ending_date=SUNDAY
    )
    stops = clock_table(rows("A K3 cy 110 9"))
    before = week_before(opened, stops, SUNDAY - timedelta(weeks=1))
    assert before.columns == opened.columns
    assert before["patient_pathway_identifier"].to_list() == ["K1", "K3"]
    assert set(before["week_ending_date"]) == {SUNDAY - timedelta(weeks=1)}
