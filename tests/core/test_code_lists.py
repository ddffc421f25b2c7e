"""The loader of code lists."""

import pytest

from clockstop.core.codes import CodeListError
from clockstop.core.codes.load import load, read


def test_rows_come_as_dictionaries_in_the_order_of_the_file():
    rows = read(["code,name", 'QE1,"One, two"', "QF7,"], "list.csv", ("code", "name"))
    assert rows == ({"code": "QE1", "name": "One, two"}, {"code": "QF7", "name": ""})


@pytest.mark.parametrize("lines", [[], ["name,code", "a,b"], ["code", "a"], ["code,name,more"]])
def test_another_header_is_refused(lines):
    with pytest.raises(
        CodeListError, match=r"list\.csv, row 1: found columns .*, expected \['code', 'name'\]"
    ):
        read(lines, "list.csv", ("code", "name"))


def test_every_fault_is_told_at_once_with_its_row():
    lines = ["code,name", "QE1,One", "QE1,Again", ",Blank", "QF7,Too,many", ""]
    with pytest.raises(CodeListError) as refusal:
        read(lines, "list.csv", ("code", "name"))
    assert refusal.value.problems == (
        "list.csv, row 5: found 3 cells, expected 2",
        "list.csv, row 6: found 0 cells, expected 2",
        "list.csv, row 3, code: found 'QE1' again, expected it once (first in row 2)",
        "list.csv, row 4, code: found a blank, expected a code",
        "list.csv, row 6, code: found a blank, expected a code",
    )


def test_a_shipped_list_with_other_columns_is_refused_by_name():
    with pytest.raises(CodeListError, match=r"regions\.csv"):
        load("regions.csv", ("code", "title"))
