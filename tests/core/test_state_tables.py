"""A state machine is read from a table; what is not in the table is refused with its reason."""

import pytest

from clockstop.core import state_tables
from clockstop.core.state_tables import (
    NOT_FROM_HERE,
    NOT_YOURS,
    Refusal,
    by_field,
    read_states,
)

LABELS = {"NEW": "New", "DONE": "Done"}
TABLE = """action,label,from,to,by,guards,source,colour
begin,Begin,,NEW,owner,,A,red
finish,Finish,NEW,DONE,owner helper,agreed twice,B,blue
"""


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read a table from text."""

    def reading(text, labels=None):
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        monkeypatch.setattr(state_tables, "files", lambda _package: tmp_path)
        return read_states("anything", "table.csv", labels or LABELS)

    return reading


def test_a_row_says_from_where_to_where_by_whom_and_under_which_guards(read):
    row = read(TABLE).rows["finish"]
    assert (row.starts, row.to, row.by) == (("NEW",), "DONE", ("owner", "helper"))
    assert (row.guards, row.further, row.source) == (("agreed", "twice"), {"colour": "blue"}, "B")


def test_what_the_table_has_is_not_refused(read):
    table = read(TABLE)
    assert list(table.against("begin", "", ["owner"])) == []
    assert list(table.against("finish", "NEW", ["helper"])) == []


@pytest.mark.parametrize(
    ("action", "state", "party", "codes"),
    [
        ("begin", "NEW", "owner", [NOT_FROM_HERE]),
        ("finish", "", "owner", [NOT_FROM_HERE]),
        ("finish", "DONE", "owner", [NOT_FROM_HERE]),
        ("finish", "NEW", "stranger", [NOT_YOURS]),
        ("finish", "DONE", "stranger", [NOT_YOURS, NOT_FROM_HERE]),
    ],
)
def test_all_else_is_refused_with_every_reason(read, action, state, party, codes):
    assert [each.code for each in read(TABLE).against(action, state, [party])] == codes


def test_the_reasons_are_told_in_words(read):
    yours, here = read(TABLE).against("finish", "DONE", [])
    assert yours.words == "Only owner or helper may do this"
    assert here.words == "“Finish” is not possible while it is done"


def test_who_may_do_what_next(read):
    table = read(TABLE)
    assert [row.action for row in table.actions_from("NEW", ["helper"])] == ["finish"]
    assert table.actions_from("NEW", ["stranger"]) == ()
    assert table.reachable() == {"NEW", "DONE"}


def test_the_diagram_has_an_arrow_from_each_state_of_each_row(read):
    assert read(TABLE).diagram() == "(new) --begin--> NEW\n  NEW --finish--> DONE"


def test_states_that_nobody_knows_are_all_told_with_their_rows(read):
    with pytest.raises(ValueError, match="row 2, begin: 'NEW' is none of") as caught:
        read(TABLE, {"OTHER": "Other"})
    assert len(str(caught.value).splitlines()) == 3


def test_reasons_stand_beside_the_fields_that_they_are_about():
    told = [Refusal("A", "First", "day"), Refusal("B", "Second"), Refusal("C", "Third", "day")]
    assert by_field(told, "act") == {"day": "First. Third", "act": "Second"}
