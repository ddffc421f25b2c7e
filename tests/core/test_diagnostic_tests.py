from collections import Counter

import pytest

from clockstop.core.codes import (
    TestGroup,
    UnknownTestError,
    diagnostic_test,
    diagnostic_tests,
)


def test_the_fifteen_tests_stand_in_the_order_of_the_return():
    assert [test.number for test in diagnostic_tests()] == list(range(1, 16))
    assert len({test.code for test in diagnostic_tests()}) == 15
    assert len({test.official_name for test in diagnostic_tests()}) == 15


def test_each_test_is_of_one_of_three_groups():
    sizes = Counter(test.group for test in diagnostic_tests())
    assert sizes == {TestGroup.IMAGING: 5, TestGroup.PHYSIOLOGICAL: 6, TestGroup.ENDOSCOPY: 4}


def test_a_test_is_found_by_its_code():
    assert diagnostic_test("MRI").official_name == "Magnetic Resonance Imaging"
    assert diagnostic_test("GASTROSCOPY").group is TestGroup.ENDOSCOPY


def test_an_unknown_code_says_what_one_looks_like():
    with pytest.raises(UnknownTestError, match="'XRAY' is not a DM01 test code"):
        diagnostic_test("XRAY")
