"""A pathway from JSON: what is right is read, what is wrong is named, all at once."""

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.rtt.specs import ALL

from clockstop.core.rtt.events import KINDS, Admission, Purpose
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.policy import DEFAULT, DnaStop, PlaceRule, choice_types
from clockstop.core.rtt.reading import PathwayRefusedError, event_fields, read_pathway
from clockstop.core.rtt.schema import json_schema

POLICY = {"dna_discharge_stop": "missed_appointment", "place_rule": "old_date", "planned_grace": 7}
GOOD = {"id": "e1", "kind": "admission", "day": "2025-01-06"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each),
    max_leaves=8,
)


def refused(found):
    with pytest.raises(PathwayRefusedError) as caught:
        read_pathway(found if isinstance(found, str) else json.dumps(found))
    return list(caught.value.problems)


def test_a_pathway_is_read():
    number = "00000000000012345678"
    pathway = read_pathway(
        json.dumps(
            {
                "pathway": {"id": number, "issuer": "X09"},
                "as_of": "2025-09-30",
                "events": [{**GOOD, "purpose": "test", "status": None}],
            }
        )
    )
    assert pathway.events == (Admission(id="e1", day=date(2025, 1, 6), purpose=Purpose.TEST),)
    assert pathway.identifier == PathwayId(number, "X09")
    assert pathway.as_of == date(2025, 9, 30)


def test_all_problems_come_at_once_each_with_its_path():
    events = [
        {**GOOD, "day": "2025-02-30"},
        {**GOOD, "purpose": "holiday", "colour": "red"},
        {"kind": "admission"},
        {"kind": "tea"},
        "tea",
        {**GOOD, "kind": "did_not_attend", "appointment": "first", "communicated": "yes"},
    ]
    problems = refused({"events": events, "patient": "x", "as_of": "soon", "pathway": {"id": "1"}})
    paths = [problem.split(":")[0] for problem in problems]
    assert paths == [
        "patient",
        "events[0].day",
        "events[1].colour",
        "events[1].purpose",
        "events[2].id",
        "events[2].day",
        "events[3].kind",
        "events[4]",
        "events[5].communicated",
        "pathway",
        "as_of",
    ]
    assert problems[1] == 'events[0].day: found "2025-02-30", expected a day like 2025-01-31'
    assert problems[4] == "events[2].id: found nothing, expected text"
    assert "expected one of treatment, test" in problems[3]


def test_a_policy_is_read():
    policy = read_pathway(json.dumps({"events": [], "policy": POLICY})).policy
    assert (policy.dna_discharge_stop, policy.place_rule) == (
        DnaStop.MISSED_APPOINTMENT,
        PlaceRule.OLD_DATE,
    )
    assert policy.own.keys() == POLICY.keys()
    assert (policy.planned_grace, policy.reasonable_notice) == (7, None)
    assert read_pathway('{"events": []}').policy == DEFAULT


def test_a_policy_that_is_none_is_refused_with_all_that_is_wrong():
    wrong = {"place_rule": "front", "planned_grace": -1, "colour": 1, "thinking_time": True}
    assert refused({"events": [], "policy": wrong | {"rebooked_dna_nullifies": 1}}) == [
        "policy.colour: unknown; expected " + ", ".join(choice_types()),
        "policy.place_rule: found 'front', expected one of days_waited, old_date",
        "policy.planned_grace: found -1, expected a number of days",
        "policy.thinking_time: found True, expected a number of days",
        "policy.rebooked_dna_nullifies: found 1, expected true or false",
    ]
    assert refused({"events": [], "policy": 3}) == [
        "policy: found 3, expected an object with choices"
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
class TestSchema:
    @pytest.fixture(scope="class")
    def checker(self):
        jsonschema = pytest.importorskip("jsonschema")
        schema = json.loads(json.dumps(json_schema()))
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def test_every_worked_situation_fits(self, checker):
        for module in ALL:
            for spec in module.SPECS:
                assert checker.is_valid(spec.as_json), spec.name

    def test_a_policy_and_an_identifier_fit(self, checker):
        pathway = {"id": "1" * 20, "issuer": "RAA"}
        assert checker.is_valid({"events": [GOOD], "policy": POLICY, "pathway": pathway})

    @given(found=JSON, field=st.sampled_from(["day", "id", "purpose", "status", "kind", "other"]))
    def test_it_agrees_with_the_reader(self, checker, found, field):
        pathway = {"events": [{**GOOD, field: found}]}
        try:
            read_pathway(json.dumps(pathway))
        except PathwayRefusedError:
            assert not checker.is_valid(pathway)
        else:
            assert checker.is_valid(pathway)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not JSON"),
        pytest.param("[" * 100_000, "nested too deeply", id="deep"),
        ("[]", "the file: found []"),
        ("{}", "events: found nothing, expected a list of events"),
        ('{"events": [], "pathway": 3}', "pathway: found 3"),
        ('{"events": [{"id": "", "kind": "death", "day": "20250106"}]}', 'events[0].id: found ""'),
    ],
)
def test_what_is_no_pathway(text, problem):
    assert refused(text)[0].startswith(problem)


@given(JSON)
def test_nothing_makes_the_reader_fail_otherwise(found):
    for text in (json.dumps(found), json.dumps({"events": found}), json.dumps({"events": [found]})):
        with suppress(PathwayRefusedError):
            assert read_pathway(text) is not None


@given(st.sampled_from(sorted(KINDS)), JSON, JSON)
def test_nor_does_any_value_of_any_field(kind, one, other):
    event = dict.fromkeys(event_fields(kind), one) | {"kind": kind, "day": other}
    assert refused({"events": [event]})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_fields_with_what_is_expected(kind):
    fields = event_fields(kind)
    assert [name for name in fields if fields[name].required][:2] == ["id", "day"]
    assert all(field.expected for field in fields.values())
