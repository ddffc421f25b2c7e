"""Every worked situation comes out as the guidance says, for the reason it gives."""

import pytest
from tests.core.rtt.spec import periods_found, rules_found
from tests.core.rtt.specs import ALL

from clockstop.core.rtt.rules import clock_rules

SPECS = [spec for module in ALL for spec in module.SPECS]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_situation(spec):
    found = spec.derivation
    assert periods_found(found) == spec.periods_expected
    assert rules_found(found) == spec.rules_expected
    assert sorted(each.problem.value for each in found.findings) == sorted(spec.findings.split())
    assert [f"{wait.start} {wait.end or '-'}" for wait in found.diagnostic_waits] == [
        line.strip() for line in spec.tests.splitlines() if line.strip()
    ]
    if spec.place:
        assert str(found.periods[-1].place.since) == spec.place


def test_no_two_situations_share_a_name():
    names = [spec.name for spec in SPECS]
    assert len(set(names)) == len(names)


def test_every_rule_that_moves_a_clock_is_shown_by_a_situation():
    shown = {rule for spec in SPECS for rules in spec.rules_expected.values() for rule in rules}
    assert shown <= set(clock_rules())
    moving = {
        rule.id
        for rule in clock_rules().values()
        if rule.effect in ("starts", "stops", "nullifies", "reopens", "continues")
    }
    assert moving - shown == set()
