"""What is found of each kind, case by case; and what is rightly not."""

import polars as pl
import pytest
from tests.analytics.reconcile.weekly import (
    SUNDAY,
    ago,
    clock_table,
    open_table,
    rows,
    transfer_table,
)

from clockstop.analytics.reconcile import CASES, FINDING, Kind, reconcile
from clockstop.analytics.reconcile.rows import NotWeeklyTableError

NONE = ()
OTHERS = ("A K8 zoe 300 3", "B B:K9 yan 300 4")  # so that both providers have sent their week

# What it is; lists now; lists the week before; starts; stops; transfers; findings.
WEEKS = [
    ("nothing wrong", ["A K1 ann 110 20"], ["A K1 ann 110 19"], [], [], [], []),
    ("a stop", [], ["A K1 ann 110 20"], [], ["A K1 ann 110 20"], [], []),
    ("one pathway on two lists", ["A K1 ann 110 20", "B K1 ann 110 20"], [], [], [], [], ["same_pathway AB 20"]),
    ("one identifier of two issuers is two pathways", ["A K1 ann 110 20", "B B:K1 bob 110 20"], [], [], [], [], []),
    ("one person twice in a specialty", ["A K1 ann 110 20", "B B:K2 ann 110 9"], [], [], [], [], ["same_specialty AB 20"]),
    ("one person in two specialties", ["A K1 ann 110 20", "B B:K2 ann 130 9"], [], [], [], [], []),
    ("two pathways at one provider", ["A K1 ann 110 20", "A K2 ann 110 9"], [], [], [], [], []),
    ("nobody knows who they are", ["A K1 - 110 20", "B B:K2 - 110 9"], [], [], [], [], []),
    ("listed twice by one provider", ["A K1 ann 110 20", "A K1 ann 110 12"], [], [], [], [], []),
    ("starts differ on two lists", ["A K1 ann 110 20", "B K1 ann 110 9"], [], [], [], [], ["same_pathway AB 20", "on_both AB 20"]),
    ("a start is unknown on one", ["A K1 ann 110 20", "B K1 ann 110 -"], [], [], [], [], ["same_pathway AB 20"]),
    ("gone without a stop", [], ["A K1 ann 110 20"], [], [], [], ["gone A 20"]),
    ("gone, and the person waits elsewhere for something else", ["B B:K2 ann 130 9"], ["A K1 ann 110 20"], [], [], [], ["gone A 20"]),
    ("gone, and elsewhere for long in the specialty", ["B B:K2 ann 110 9"], ["A K1 ann 110 20", "B B:K2 ann 110 8"], [], [], [], ["gone A 20"]),
    ("moved under a new identifier", ["B B:K2 ann 110 20"], ["A K1 ann 110 20"], [], [], [], []),
    ("moved and treated under a new identifier", [], ["A K1 ann 110 20"], [], ["B B:K2 ann 110 20"], [], []),
    ("no identifier, gone", [], ["A - ann 110 20"], [], [], [], ["gone A 20"]),
    ("no identifier, still there", ["A - ann 110 20"], ["A - ann 110 20"], [], [], [], []),
    ("asked for a transfer that nobody accepted", [], ["A K1 ann 110 20 ?"], [], [], [], ["asked A 20"]),
    ("a transfer is asked for and the patient kept", ["A K1 ann 110 20 ?"], ["A K1 ann 110 20 ?"], [], [], [], []),
    ("sent and received", ["B K1 ann 110 20"], ["A K1 ann 110 20 >B"], [], [], [], []),
    ("sent and not received", [], ["A K1 ann 110 20 >B"], [], [], [], ["sent AB 20"]),
    ("sent by its records and not received", [], ["A K1 ann 110 20"], [], [], ["A K1 B"], ["sent AB 20"]),
    ("sent and treated at once", [], ["A K1 ann 110 20 >B"], [], ["B K1 ann 110 20"], [], []),
    ("sent to one who sent no week", [], ["A K1 ann 110 20 >C"], [], [], [], []),
    ("received and not sent", ["B K1 ann 110 20"], ["A K1 ann 110 20"], [], [], [], ["received AB 20"]),
    ("received, and sent by its records", ["B K1 ann 110 20"], ["A K1 ann 110 20"], [], [], ["A K1 B"], []),
    ("received by another than it was sent to", ["B K1 ann 110 20"], ["A K1 ann 110 20 >C"], [], [], [], ["received AB 20"]),
    ("later start at the receiver", ["B K1 ann 110 2"], ["A K1 ann 110 20 >B"], [], [], [], ["later_at_receiver AB 20"]),
    ("earlier start at the receiver", ["B K1 ann 110 30"], ["A K1 ann 110 20 >B"], [], [], [], []),
    ("a new clock at the receiver, treated at once", [], ["A K1 ann 110 20 >B"], ["B K1 ann 110 1"], ["B K1 ann 110 1"], [], ["later_at_receiver AB 20"]),
    ("a new clock elsewhere after a stop", ["B K1 ann 110 0"], ["A K1 ann 110 20"], ["B K1 ann 110 0"], ["A K1 ann 110 20"], [], []),
    ("a provider sent no week", [], ["C K1 ann 110 20"], [], [], [], []),
]  # fmt: skip


def reconciled(now, before=NONE, began=NONE, ended=NONE, transfers=NONE, **more):
    return reconcile(
        open_table(rows(*OTHERS, *now)),
        open_table(rows(*OTHERS, *before)),
        clock_table(rows(*began)),
        clock_table(rows(*ended)),
        week_ending=SUNDAY,
        transfers=transfer_table(*transfers),
        **more,
    )


def told(found: pl.DataFrame) -> list[str]:
    return sorted(
        f"{row['case']} {''.join(row['providers'])} {row['weeks']}" for row in found.to_dicts()
    )


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: week[0])
def test_what_a_week_tells(week):
    _, now, before, began, ended, transfers, wanted = week
    assert told(reconciled(now, before, began, ended, transfers).findings) == sorted(wanted)


def test_every_case_is_among_the_weeks():
    assert {each.split()[0] for week in WEEKS for each in week[-1]} == set(CASES)


def test_a_finding_says_who_where_and_since_when():
    found = reconciled(["B K1 ann 110 2"], ["A K1 ann 110 20 >B"]).findings
    assert dict(found.schema) == dict(FINDING)
    assert found.to_dicts() == [
        {
            "kind": "starts_differ",
            "case": "later_at_receiver",
            "person": "ann",
            "issuer": "A",
            "identifier": "K1",
            "function": "110",
            "providers": ["A", "B"],
            "starts": [ago(20), ago(2)],
            "weeks": 20,
            "since": SUNDAY,
        }
    ]


def test_a_missing_week_is_not_an_empty_list():
    before = ["C K1 ann 110 20", "C K2 bob 110 3"]
    silent = reconciled([], before)
    assert (silent.silent, told(silent.findings)) == (("C",), [])
    sizes = silent.by_provider().select("provider", "open").rows()
    assert sizes == [("A", 1), ("B", 1), ("C", None)]
    empty = reconciled([], before, reported=["C"])
    assert (empty.silent, told(empty.findings)) == ((), ["gone C 20", "gone C 3"])
    assert empty.by_provider().select("open", "on_none").rows()[2] == (0, 2)


def test_each_provider_that_a_finding_names_counts_it():
    week = reconciled(["A K1 ann 110 20", "B K1 ann 110 9"])
    columns = ["provider", "open", *(kind.value for kind in Kind)]
    assert week.by_provider().columns == columns
    assert week.by_provider().rows() == [("A", 2, 1, 0, 1, 0, 0), ("B", 2, 1, 0, 1, 0, 0)]


def test_who_is_lost_stays_so_until_somebody_has_them():
    first = reconciled([], ["A K1 ann 110 20", "A K2 bob 110 9 >B"])
    assert told(first.findings) == ["gone A 20", "sent AB 9"]
    second = reconciled(["B K2 bob 110 10"], earlier=first.findings)
    assert told(second.findings) == ["gone A 20"]
    assert second.findings["since"].to_list() == [SUNDAY]
    renamed = reconciled(["B B:K7 ann 110 20"], earlier=second.findings)
    assert told(renamed.findings) == []


def test_who_is_found_missing_again_counts_once():
    first = reconciled([], ["A K1 ann 110 20"])
    assert told(reconciled([], ["A K1 ann 110 20"], earlier=first.findings).findings) == [
        "gone A 20"
    ]


def test_rows_that_cannot_be_followed_are_counted():
    assert reconciled(["A - - 110 20"], ["A - - 110 20", "A - - 130 2"]).unnamed == 1


def test_another_table_is_refused_with_all_that_it_lacks():
    bare = open_table([]).drop("provider_code", "pseudo_nhs_number")
    with pytest.raises(NotWeeklyTableError) as refused:
        reconcile(bare, open_table([]), clock_table([]), clock_table([]), week_ending=SUNDAY)
    assert refused.value.problems == (
        "open pathways: column provider_code: missing",
        "open pathways: column pseudo_nhs_number: missing",
    )


def test_the_optional_columns_may_be_missing():
    bare = open_table(rows("A K1 ann 110 20")).drop(
        "transfer_status", "mutual_aid_accepting_provider"
    )
    assert (
        reconcile(bare, bare, clock_table([]), clock_table([]), week_ending=SUNDAY).findings.height
        == 0
    )
