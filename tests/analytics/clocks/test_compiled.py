"""What was compiled is kept, and not used again for another kernel."""

import pytest

from clockstop.analytics.clocks.kernel import compiled, state


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
    compiled.stamp.cache_clear()
    yield
    compiled.stamp.cache_clear()


def test_a_change_of_the_numbers_is_another_kernel(anew, monkeypatch):
    before = compiled.stamp()
    assert before in state.FACTS.names
    monkeypatch.setattr(compiled.words, "Rule", compiled.words._numbered("Rule", ["start-other"]))
    compiled.stamp.cache_clear()
    assert compiled.stamp() != before
