"""Every worked situation comes out as the guidance says, for the reason it gives."""

import pytest
from tests.core.rtt.spec import (
    periods_found,
    reports_expected,
    reports_found,
    revisions_found,
    rows,
    rules_found,
)
from tests.core.rtt.specs import ALL, SERVICES, coverage

from clockstop.core.rtt.rules import clock_rules
from clockstop.core.rtt.services import ServiceFacts, kind_of_service

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
    if spec.identifier:
        assert "/".join(map(str, found.identifier)) == spec.identifier


@pytest.mark.parametrize(
    "spec", [spec for spec in SPECS if spec.reports is not None], ids=lambda spec: spec.name
)
def test_return(spec):
    found = spec.returned
    assert reports_found(found) == reports_expected(spec)
    assert [[str(number), rule] for number, rule in found.left_out] == rows(spec.left_out)
    assert revisions_found(found) == rows(spec.revise)


@pytest.mark.parametrize(
    ("facts", "service", "rule"),
    [pytest.param(facts, service, rule, id=title) for _, title, facts, service, rule in SERVICES],
)
def test_kind_of_service(facts, service, rule):
    found = kind_of_service(ServiceFacts(**dict.fromkeys(facts.split(), True)))
    assert (found[0].value, found[1].id) == (service, rule)


def test_every_paragraph_of_the_guidance_is_worked_or_has_nothing_to_work():
    found = set(coverage.worked()) - {"–"}
    assert found | set(coverage.NOTHING_TO_WORK) == set(coverage.PARAGRAPHS)
    assert found.isdisjoint(coverage.NOTHING_TO_WORK)


def test_no_two_situations_share_a_name():
    names = [spec.name for spec in SPECS]
    assert len(set(names)) == len(names)


def test_every_rule_that_moves_a_clock_or_reports_it_is_shown_by_a_situation():
    shown = {rule for spec in SPECS for rules in spec.rules_expected.values() for rule in rules}
    shown |= {rule for spec in SPECS for _, rules in reports_expected(spec) for rule in rules}
    shown |= {rule for spec in SPECS for _, rule in rows(spec.left_out)}
    shown |= {rule for _, _, _, _, rule in SERVICES}
    assert shown <= set(clock_rules())
    moving = {rule.id for rule in clock_rules().values() if rule.effect != "none"}
    assert moving - shown == set()
