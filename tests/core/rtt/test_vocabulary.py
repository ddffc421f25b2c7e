"""The tables behind the engine: rules, status codes, kinds of event, findings, identifiers."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

import clockstop.core.rtt as package
from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.events import (
    KINDS,
    DecisionCommunicated,
    EntryWithdrawn,
    ReferralReceived,
    Service,
)
from clockstop.core.rtt.findings import WORDS, Problem
from clockstop.core.rtt.folding.handlers import HANDLERS
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.rules import RuleEffect, clock_rules
from clockstop.core.rtt.status_codes import Effect, Status, status_codes
from clockstop.core.types import Part

FOLDER = Path(package.__file__).parent
NAMED = re.compile(r'"((?:start|keep|stop|none|nullify|reopen|confirm|report|service)-[a-z-]+)"')


def test_the_17_status_codes_are_all_there():
    assert list(status_codes()) == list(Status)
    assert len(status_codes()) == 17
    assert status_codes()[Status.TRANSFER].effect is Effect.CONTINUES
    assert [str(each) for each in Status if status_codes()[each].group == "stop"] == [
        str(code) for code in range(30, 37)
    ]


def test_every_rule_named_in_code_stands_in_the_table_and_the_other_way_round():
    source = "".join(file.read_text() for file in FOLDER.rglob("*.py"))
    assert set(NAMED.findall(source)) == set(clock_rules())


def test_every_rule_has_words_and_all_but_a_few_a_paragraph():
    silent = {rule.id for rule in clock_rules().values() if not rule.paragraph}
    assert silent == {"keep-private", "none-noted"}
    assert all(rule.text for rule in clock_rules().values())
    assert clock_rules()["start-new-treatment"].reference == "rule 3b, §3.4.2, §13"
    assert clock_rules()["keep-activity"].reference == "Annex D"


@pytest.mark.parametrize(
    ("prefix", "effect"),
    [
        ("start-", RuleEffect.STARTS),
        ("keep-", RuleEffect.CONTINUES),
        ("stop-", RuleEffect.STOPS),
        ("none-", RuleEffect.NONE),
        ("report-", RuleEffect.REPORTS),
        ("service-", RuleEffect.SERVICE),
    ],
)
def test_the_name_of_a_rule_says_what_it_does(prefix, effect):
    found = {rule.effect for rule in clock_rules().values() if rule.id.startswith(prefix)}
    assert found == {effect}


def test_the_rule_table_has_one_line_for_each_rule():
    rows = list(csv.reader((FOLDER / "clock_rules.csv").read_text().splitlines()))
    assert len(rows) == len(clock_rules()) + 1


def test_every_kind_of_event_has_a_handler():
    assert set(HANDLERS) == set(KINDS.values()) - {DecisionCommunicated, EntryWithdrawn}


def test_every_problem_has_words():
    assert set(WORDS) == set(Problem)


def test_how_endings_are_counted_and_coded():
    assert {e for e in Ending if e.part is Part.ADMITTED} == {Ending.ADMITTED}
    assert {e for e in Ending if e.part is None} == {Ending.NULLIFIED}
    assert Ending.TRANSPLANT_LIST.status is Status.NOT_TREATED
    assert Ending.NULLIFIED.status is Status.DID_NOT_ATTEND


def test_community_services_stay_out_of_the_returns():
    service = Service.COMMUNITY_CONSULTANT_LED
    event = ReferralReceived(id="r", day=date(2025, 1, 6), service=service)
    assert not derive([event]).periods[0].in_returns


def test_no_events_give_nothing():
    found = derive([])
    assert (found.periods, found.steps, found.findings, found.running) == ((), (), (), None)


def test_a_ubrn_makes_a_pathway_identifier():
    assert PathwayId.from_ubrn("0000 1234-5678") == PathwayId("00000000000012345678", "X09")
    assert PathwayId.local("abc12", "raa") == PathwayId("000000000000000ABC12", "RAA")


@pytest.mark.parametrize("ubrn", ["", "12345678901", "1234567890123", "12345678901x"])
def test_what_is_no_ubrn_is_refused(ubrn):
    with pytest.raises(ValueError, match="UBRN"):
        PathwayId.from_ubrn(ubrn)


@pytest.mark.parametrize(
    ("number", "issuer"),
    [("1" * 19, "RAA"), ("1" * 21, "RAA"), ("a" * 20, "RAA"), ("1" * 20, ""), ("1" * 20, "R!")],
)
def test_what_no_system_could_pass_on_is_refused(number, issuer):
    with pytest.raises(ValueError, match="is not"):
        PathwayId(number, issuer)
