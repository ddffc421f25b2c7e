"""The list that is shown, and the tables that it comes from."""

from tests.analytics.reconcile.weekly import SUNDAY, clock_table, open_table, rows

from clockstop.analytics.reconcile import reconcile
from clockstop.analytics.reconcile.submissions import LISTED, listing, stacked, transfers


def listed(*lines):
    table = open_table(rows(*lines))
    none = clock_table([])
    return listing(reconcile(table, table, none, none, week_ending=SUNDAY))


def test_the_list_has_each_row_with_its_findings_the_longest_wait_first():
    shown = listed(
        "A K1 ann 110 20",
        "B K1 ann 110 20",
        "A K2 bob 130 9",
        "B B:K3 bob 130 30",
        "A K4 cy 110 -",
        "A K5 dee 110 50",
    )
    assert dict(shown.schema) == dict(LISTED)
    assert shown.select("provider", "person", "weeks", "kinds").rows() == [
        ("A", "dee", 50, []),
        ("B", "bob", 30, ["two_lists"]),
        ("A", "ann", 20, ["two_lists"]),
        ("B", "ann", 20, ["two_lists"]),
        ("A", "bob", 9, ["two_lists"]),
        ("A", "cy", None, []),
    ]


def test_who_must_not_be_in_a_view_is_in_none_of_its_tables():
    tables = [
        open_table(rows("A K1 ann 110 20", "A K2 - 110 2")),
        open_table(rows("B K1 ann 110 20")),
    ]
    assert stacked(tables, {"ann"})["patient_pathway_identifier"].to_list() == ["K2"]
    assert stacked(tables, ()).height == 3


def test_transfers_are_told_by_issuer_identifier_sender_and_receiver():
    found = transfers([("A", "K1", "A", "B")])
    assert found["to_provider_code"].to_list() == ["B"]
    table, none = open_table(rows("A K1 ann 110 20", "B B:K9 zoe 110 1")), clock_table([])
    gone = open_table(rows("A K3 yan 110 1", "B B:K9 zoe 110 1"))
    week = reconcile(gone, table, none, none, week_ending=SUNDAY, transfers=found)
    assert week.findings["case"].to_list() == ["sent"]
