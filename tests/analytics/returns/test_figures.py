"""The figures of any extract file, however wrong its numbers are; and what is no such file."""

import pytest
from tests.analytics.returns.test_extract import NAMES, ROWS, a_return

from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.returns.annex_b import annex_b
from clockstop.analytics.returns.extract import write_extract
from clockstop.analytics.returns.figures import read_figures


@pytest.fixture
def changed(tmp_path):
    """The extract with some text of it replaced."""

    def change(old, new):
        path = write_extract(a_return(*ROWS), NAMES, tmp_path)
        text = path.read_bytes().decode()
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())
        return path

    return change


def found_in(path):
    return {
        (f.check.id, f.provider, str(f.part)) for f in annex_b(read_figures(path), None, codes=None)
    }


def test_a_sound_file_has_sound_totals(changed):
    ids = {check for check, _, _ in found_in(changed("A TRUST", "A TRUST"))}
    assert not ids & {"incorrect_total", "negative_or_decimal"}


@pytest.mark.parametrize("total", ["8", "6", "-7", "7.5"])
def test_a_wrong_total_of_all_functions_is_found(changed, total):
    path = changed(",Total", ",Total")
    text = path.read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if "C_999" in each and ",Part_3," in each]
    path.write_text(text.replace(line, f"{line.rpartition(',')[0]},{total}"), encoding="utf-8")
    found = found_in(path)
    assert ("incorrect_total", "RAA", "Part_3") in found
    is_odd = ("negative_or_decimal", "RAA", "Part_3") in found
    assert is_odd == (total in ("-7", "7.5"))


def test_a_wrong_total_of_a_row_and_a_negative_band_are_found(changed):
    path = changed(",2,1,3\r\n", ",2,1,4\r\n")
    assert ("incorrect_total", "RAA", "Part_1A") in found_in(path)
    path.write_bytes(path.read_bytes().replace(b",5,", b",-5,", 1))
    assert ("negative_or_decimal", "RBB", "Part_2") in found_in(path)


def test_words_for_numbers_are_refused_with_their_place(changed):
    path = changed(",2,1,3\r\n", ",two,1,inf\r\n")
    with pytest.raises(FileRefusedError) as refusal:
        read_figures(path)
    assert [(p.row, p.column, p.found) for p in refusal.value.problems] == [
        (2, "Total", "'two'"),
        (2, "Total All", "'inf'"),
    ]


def test_two_months_in_one_file_are_refused(changed):
    with pytest.raises(FileRefusedError, match="expected one month"):
        read_figures(changed("RTT-September-2025", "RTT-August-2025"))


def test_another_header_is_refused(changed):
    with pytest.raises(FileRefusedError, match="column 'Part'"):
        read_figures(changed("RTT Part Type", "Part"))
