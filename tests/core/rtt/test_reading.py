"""A pathway from JSON: what is right is read, what is wrong is named, all at once."""

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.rtt.events import KINDS, Admission, Purpose
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.reading import PathwayRefusedError, event_fields, read_pathway

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


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not JSON"),
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
