"""The lines of the return for each treatment function (§10.1.4)."""

from datetime import date

import pytest

from clockstop.core.codes import UnknownFunctionError, treatment_functions
from clockstop.core.codes.lines import _lines, reporting_line

TODAY = date(2025, 9, 30)


def test_every_line_is_one_of_the_return_and_every_line_is_used():
    assert {each.line for each in _lines().values()} == {
        each.code for each in treatment_functions()
    }


def test_the_eighteen_functions_of_the_guidance_have_a_line_of_their_own():
    own = {each.line for each in _lines().values() if each.is_own}
    assert own == {each.code for each in treatment_functions() if each.code.startswith("C_")}
    assert len(own) == 18


@pytest.mark.parametrize(
    ("code", "line"),
    [
        *[("108", "C_110"), ("111", "C_110"), ("115", "C_110"), ("144", "C_140")],
        *[("145", "C_140"), ("172", "C_170"), ("173", "C_170"), ("300", "C_300")],
        *[("306", "X02"), ("307", "X02"), ("308", "X02"), ("309", "X02")],
    ],
)
def test_what_the_guidance_names(code, line):
    found = reporting_line(code, TODAY)
    assert (found.line, found.is_named) == (line, True)


def test_every_other_function_is_our_reading_of_its_group_and_says_so():
    inferred = [each for each in _lines().values() if not each.is_named]
    assert all(each.is_shared for each in inferred)
    assert reporting_line("710", TODAY).line == "X03"


def test_until_march_2021_those_without_a_line_shared_one():
    assert reporting_line("710", date(2021, 3, 31)).line == "X01"
    assert reporting_line("710", date(2021, 4, 1)).line == "X03"
    assert reporting_line("110", date(2021, 3, 31)).line == "C_110"


@pytest.mark.parametrize("code", ["", "999", "C_110", "X02"])
def test_what_is_no_treatment_function(code):
    with pytest.raises(UnknownFunctionError):
        reporting_line(code, TODAY)
