"""The mergers that the official list of successors lacks."""

from datetime import date

import pytest

from clockstop.core.codes import CodeListError, known_mergers, mergers, provider_sectors


def test_each_is_of_two_providers_that_file_returns():
    listed = provider_sectors()
    for each in known_mergers():
        assert each.old in listed, each
        assert each.new in listed, each
        assert each.source


def test_nobody_is_taken_over_in_a_ring():
    new = {each.old: each.new for each in known_mergers()}
    for code in new:
        seen = [code]
        while seen[-1] in new:
            seen.append(new[seen[-1]])
            assert len(seen) == len(set(seen)), seen


def test_royal_free_took_north_middlesex_over_on_the_first_of_january_2025():
    (merger,) = (each for each in known_mergers() if each.old == "RAP")
    assert (merger.new, merger.on) == ("RAL", date(2025, 1, 1))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"to": "RAP"}, "to: found 'RAP', expected another provider's code"),
        ({"to": ""}, "to: found '', expected another provider's code"),
        ({"on": "1 January"}, "on: found '1 January', expected a day as YYYY-MM-DD"),
        ({"source": ""}, "source: found '', expected a source"),
    ],
)
def test_a_faulty_row_is_refused(row, problem, monkeypatch):
    good = {"from": "RAP", "to": "RAL", "on": "2025-01-01", "source": "Both trusts"}
    monkeypatch.setattr(mergers, "load", lambda *_: (good | row,))
    known_mergers.cache_clear()
    with pytest.raises(CodeListError, match=problem):
        known_mergers()
    known_mergers.cache_clear()
