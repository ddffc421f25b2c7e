"""Whatever is done to the rows of the audit is found, and where."""

import pytest
from django.db import DatabaseError, connection
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.audit.tampering import (
    CODES,
    OUT_OF_THE_WAY,
    close_the_gap,
    found,
    rewrite,
    undone,
    unlock,
    where,
    written,
)

from clockstop.service.audit.models import Chain, Entry
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.audit.sealing import SEALED
from clockstop.service.audit.verifying import ends, verify

pytestmark = pytest.mark.django_db
FIRST, MIDDLE, LAST = 1, 3, 5
TEXTS = [name for name in (*SEALED, "seal") if name not in {"number", "icb_code"}]


def rows(code="QAA", **where_):
    return Entry.objects.filter(icb_code=code, **where_)


@pytest.fixture
def chains():
    """Three chains of five entries each, with the triggers taken off."""
    written()
    unlock()
    assert found() == []


def test_what_was_written_is_as_it_was_written():
    written()
    read = verify()
    assert (read.entries, set(read.ends), read.faults) == (15, set(CODES), ())
    assert {length for length, _ in read.ends.values()} == {5}
    assert verify(read.ends).faults == ()


def test_an_empty_audit_holds():
    assert verify().faults == ()


def test_the_reader_is_told_how_far_it_is(monkeypatch):
    monkeypatch.setattr("clockstop.service.audit.verifying._CHUNK", 4)
    written()
    told = []
    verify(progress=told.append)
    assert told == [4, 8, 12]


class TestOneAlteredCharacter:
    """In any column of any row, at any place, whatever it becomes."""

    @settings(max_examples=60)
    @given(
        column=st.sampled_from(TEXTS),
        code=st.sampled_from(CODES),
        number=st.integers(FIRST, LAST),
        place=st.integers(0, 100),
        letter=st.characters(codec="utf-8", exclude_characters="\0"),
    )
    def test_in_a_text(self, column, code, number, place, letter):
        with undone():
            written()
            unlock()
            row = rows(code, number=number)
            before = row.values_list(column, flat=True).get()
            at = place % len(before) if before else 0
            after = before[:at] + letter + before[at + 1 :]
            row.update(**{column: after})
            faults = found()
            assert bool(faults) is (after != before)
            assert (code, number) in where(faults) or after == before

    @settings(max_examples=40)
    @given(
        code=st.sampled_from(CODES),
        number=st.integers(FIRST, LAST),
        becomes=st.integers(-(2**63), 2**63 - 1).filter(lambda n: not FIRST <= n <= LAST),
    )
    def test_in_a_number(self, code, number, becomes):
        with undone():
            written()
            unlock()
            rows(code, number=number).update(number=becomes)
            assert (code, becomes) in where(found())

    @given(number=st.integers(FIRST, LAST), becomes=st.sampled_from(["QBB", "-", "QAB", "QA", ""]))
    def test_in_the_code_of_the_chain(self, number, becomes):
        with undone():
            written(("QAA",))
            unlock()
            rows(number=number).update(icb_code=becomes)
            codes = {code for code, _ in where(found())}
            assert codes == {"QAA", becomes}


class TestRemoved:
    @pytest.mark.parametrize("number", [FIRST, MIDDLE, LAST])
    def test_one_entry(self, chains, number):
        rows(number=number).delete()
        after = min(number + 1, LAST) if number < LAST else LAST - 1
        assert where(found()) == {("QAA", after)}

    def test_all_entries_of_a_chain(self, chains):
        rows().delete()
        assert where(found()) == {("QAA", 0)}

    def test_the_chains_own_row(self, chains):
        Chain.objects.filter(icb_code="QAA").delete()
        assert found() == [("QAA", 5, "the chain's own row is missing")]

    def test_a_whole_chain_is_missed_by_its_noted_end(self, chains):
        noted = ends()
        rows().delete()
        Chain.objects.filter(icb_code="QAA").delete()
        assert found() == []
        assert ("QAA", 0, "ends before entry 5, which was noted elsewhere") in found(noted)


class TestMoved:
    @pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 4), (4, 5)])
    def test_two_entries_that_changed_places(self, chains, one, other):
        rows(number=one).update(number=OUT_OF_THE_WAY)
        rows(number=other).update(number=one)
        rows(number=OUT_OF_THE_WAY).update(number=other)
        assert {("QAA", one), ("QAA", other)} <= where(found())

    @pytest.mark.parametrize("at", [1, 3, 6])
    def test_an_entry_of_another_chain(self, chains, at):
        moved = rows("QBB", number=5).get()
        rows(number=at).delete()
        Entry.objects.filter(pk=moved.pk).update(icb_code="QAA", number=at)
        assert {code for code, _ in where(found())} == {"QAA", "QBB"}

    def test_two_chains_that_changed_names(self, chains):
        for old, new in (("QAA", "QZZ"), ("QBB", "QAA"), ("QZZ", "QBB")):
            rows(old).update(icb_code=new)
        assert {code for code, _ in where(found())} == {"QAA", "QBB"}


class TestInserted:
    @pytest.mark.parametrize("at", [0, LAST + 1])
    def test_a_copy_at_an_end(self, chains, at):
        copied = rows(number=LAST).get()
        copied.pk, copied.number = None, at
        copied.save()
        assert ("QAA", at) in where(found())

    def test_between_two_that_were_moved_apart(self, chains):
        rows(number=LAST).update(number=LAST + 1)
        copied = rows(number=MIDDLE).get()
        copied.pk, copied.number = None, LAST
        copied.save()
        assert {("QAA", LAST), ("QAA", LAST + 1)} <= where(found())


class TestChainsOwnRow:
    @pytest.mark.parametrize("change", [{"length": 4}, {"length": 6}, {"seal": ""}, {"seal": "0"}])
    def test_altered(self, chains, change):
        Chain.objects.filter(icb_code="QAA").update(**change)
        (fault,) = found()
        assert fault[:2] == ("QAA", 5)
        assert fault[2].startswith("the chain's own row says")

    def test_renamed(self, chains):
        Chain.objects.filter(icb_code="QAA").update(icb_code="QZZ")
        assert where(found()) == {("QAA", 5), ("QZZ", 0)}

    def test_set_back_so_that_the_next_entry_takes_a_number_twice(self, chains):
        Chain.objects.filter(icb_code="QAA").update(length=2)
        assert found()


class TestWrittenAnew:
    """Whoever seals all that follows anew agrees with themselves: only a noted end tells."""

    @pytest.mark.parametrize("start", [FIRST, MIDDLE, LAST])
    def test_a_tail(self, chains, start):
        noted = ends()
        rewrite("QAA", start, actor="somebody else")
        assert found() == []
        assert found(noted) == [("QAA", 5, "is not the entry that was noted elsewhere")]

    def test_without_an_entry(self, chains):
        noted = ends()
        rows(number=MIDDLE).delete()
        close_the_gap("QAA", MIDDLE)
        assert found() == []
        assert found(noted) == [("QAA", 4, "ends before entry 5, which was noted elsewhere")]

    def test_and_gone_on_with(self, chains):
        noted = ends()
        rewrite("QAA", MIDDLE, action="nothing")
        record("did something", SYSTEM, icb_code="QAA")
        assert found() == []
        assert found(noted) == [("QAA", 5, "is not the entry that was noted elsewhere")]

    def test_a_chain_that_merely_went_on_is_as_it_was_noted(self, chains):
        noted = ends()
        record("did something", SYSTEM, icb_code="QAA")
        assert found(noted) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = CAST(X'FF' AS TEXT)",
        "actor = X'61'",
        "at = X'FF'",
        "seal = X'00'",
        "number = 'q'",
        "number = X'FF'",
        "number = 3.5",
        "detail = CAST(X'7BC3' AS TEXT)",
    ],
)
def test_what_the_column_should_not_hold_at_all(chains, change):
    """SQLite keeps anything anywhere; PostgreSQL refuses most of it."""
    try:
        with undone(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE audit_entry SET {change} WHERE icb_code = 'QAA' AND number = 3")
            assert "QAA" in {code for code, _ in where(found())}
    except DatabaseError:
        assert connection.vendor == "postgresql"
