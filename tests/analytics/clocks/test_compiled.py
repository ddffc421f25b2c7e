"""What was compiled is kept, and not used again for another kernel."""

import pytest

from clockstop.analytics.clocks.kernel import compiled, layout


def one(number):
    return number + 1


def test_without_a_place_to_keep_it_the_kernel_still_runs(monkeypatch):
    real = compiled._njit

    def nowhere(*, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return real(**options)

    monkeypatch.setattr(compiled, "_njit", nowhere)
    assert compiled.entry(one)(1) == 2


@pytest.fixture
def anew():
    layout.stamp.cache_clear()
    yield
    layout.stamp.cache_clear()


def test_a_change_of_the_numbers_is_another_kernel(anew, monkeypatch):
    before = layout.stamp()
    assert before in layout.FACTS.names
    monkeypatch.setattr(layout.words, "Rule", layout.words._numbered("Rule", ["start-other"]))
    layout.stamp.cache_clear()
    assert layout.stamp() != before
