"""Each reason for and against, by itself, in the words that people read."""

import re

import pytest
from tests.analytics.allocation.made import LONDON, ON, TERMS, YORK, capacity, days, request

from clockstop.analytics.allocation import Against, For, Stage, fit, rank, rank_requests
from clockstop.core.rulebook.allocation import allocation_on

CODES = frozenset

# The reason, what makes it of a request and of a capacity that fit each other, and its words.
AGAINST = [
    (
        "cancer",
        {"is_cancer": True},
        {},
        "cancer or its urgent suspicion: clinician to clinician, never in a batch",
    ),
    (
        "cancer",
        {"stage": Stage.CANCER},
        {"stages": CODES()},
        "cancer or its urgent suspicion: clinician to clinician, never in a batch",
    ),
    (
        "review_overdue",
        {"review_by": days(-1)},
        {},
        "an overdue priority review blocks matching: it was due on 11 January 2026",
    ),
    ("held", {"held_at": "c7"}, {}, "a place is held already: c7"),
    (
        "stage",
        {"stage": Stage.FIRST_OUTPATIENT},
        {},
        "first outpatient is asked for, admitted is offered",
    ),
    ("function", {"function": "C_130"}, {}, "C_130 is asked for, C_110 is offered"),
    ("function", {"function": ""}, {}, "not known is asked for, C_110 is offered"),
    (
        "procedure",
        {},
        {"procedures": CODES({"W40", "W38"})},
        "procedure W371 is asked for, W38 or W40 is offered",
    ),
    (
        "procedure",
        {"procedure": ""},
        {"procedures": CODES({"W40"})},
        "procedure not known is asked for, W40 is offered",
    ),
    ("test", {"test": "MRI"}, {"tests": CODES({"CT"})}, "test MRI is asked for, CT is offered"),
    ("expired", {}, {"expires_on": days(-1)}, "the offer of places ended on 11 January 2026"),
    (
        "window_over",
        {},
        {"first_date": days(-9), "last_date": days(-1)},
        "the last date was 11 January 2026",
    ),
    ("full", {}, {"places": 0}, "no place is left"),
    (
        "own_overdue",
        {},
        {"own_overdue": 3},
        "3 of the receiver's own patients are overdue by clinical priority, at most 0 may be",
    ),
    (
        "own_waits",
        {},
        {"own_longest_weeks": 70},
        "the receiver's own patients have waited up to 70 weeks, at most 65 may be",
    ),
    ("own_need", {}, {"own_need": 6}, "the receiver's own patients need 6 places, 5 are left"),
    ("same_provider", {"provider": "RCB"}, {}, "this is where the patient waits now: RCB"),
    ("wishes", {"not_wanted": CODES({"RCB"})}, {}, "the patient does not want RCB"),
    ("wishes", {"wanted": CODES({"RJ1"})}, {}, "the patient does not want RCB"),
    ("dates", {"not_then": CODES({"c1"})}, {}, "the patient said that these dates do not suit"),
    ("age", {"age": 17}, {"youngest": 18}, "age 17 is outside 18 and over"),
    ("age", {"age": 76}, {"youngest": 18, "oldest": 75}, "age 76 is outside 18 to 75"),
    ("age", {"age": None}, {"oldest": 75}, "age not known is outside 0 to 75"),
    ("sex", {"sex": "M"}, {"sex": "F"}, "sex M, the places are for F"),
    ("bmi", {"bmi": 41}, {"highest_bmi": 40}, "BMI 41 is over the ceiling of 40"),
    ("bmi", {"bmi": 40.1}, {"highest_bmi": 40.0}, "BMI 40.1 is over the ceiling of 40"),
    ("bmi", {"bmi": None}, {"highest_bmi": 40}, "BMI not known is over the ceiling of 40"),
    ("asa", {"asa": 3}, {"highest_asa": 2}, "ASA grade 3 is over the ceiling of 2"),
    ("critical_care", {"critical_care": True}, {}, "critical care is needed and there is none"),
    (
        "comorbidity",
        {"comorbidities": CODES({"sleep_apnoea", "copd"})},
        {"excluded": CODES({"sleep_apnoea"})},
        "not taken there: sleep_apnoea",
    ),
    (
        "anaesthetic",
        {},
        {"anaesthetics": CODES({"local"})},
        "anaesthetic general is needed, local is offered",
    ),
    ("stay", {"nights": 4}, {"longest_stay": 3}, "a stay of 4 nights is over the longest of 3"),
    (
        "needs",
        {"needs": CODES({"hoist", "interpreter"})},
        {"meets": CODES({"interpreter"})},
        "needs that are not met there: hoist",
    ),
    ("distance", {"home": LONDON}, {}, "174.6 miles, limit 50"),
    ("distance", {"home": None}, {}, "not known miles, limit 50"),
    (
        "no_time_gained",
        {"weeks_left": 10},
        {"weeks_until": 12},
        "no time gained: 12 weeks there, 10 here",
    ),
    (
        "no_time_gained",
        {"weeks_left": 10.9},
        {"weeks_until": 9.1},
        "no time gained: 10 weeks there, 10 here",
    ),
]
SPEAKS_FOR = [
    ("overdue_priority", {"priority": "P2", "due_by": days(-1)}, {}, "clinical priority P2 asked for treatment by 11 January 2026"),
    ("long_wait", {"waiting_since": days(-365)}, {}, "has waited 52 weeks, over 52"),
    ("long_wait", {"waiting_since": days(-364)}, {}, "has waited 52 weeks, over 40"),
    ("legal_right", {"over_18_weeks": True}, {}, "waits over 18 weeks: by law a right to ask to be treated sooner elsewhere"),
    ("wanted", {"wanted": CODES({"RCB"})}, {}, "the patient asked for RCB"),
    ("meets_needs", {"needs": CODES({"hoist"})}, {"meets": CODES({"hoist", "other"})}, "meets hoist"),
    ("near_enough", {}, {}, "22.1 miles, limit 50"),
    ("weeks_gained", {}, {}, "16 weeks sooner"),
]  # fmt: skip


@pytest.mark.parametrize("case", AGAINST, ids=lambda case: f"{case[0]}: {case[3]}")
def test_what_stands_against(case):
    code, asked, offered, words = case
    found = fit(request(**asked), capacity(**offered), TERMS)
    assert [each.code for each in found.against] == [code]
    assert found.binding.words == words
    assert not found.is_fit


@pytest.mark.parametrize("case", SPEAKS_FOR, ids=lambda case: f"{case[0]}: {case[3]}")
def test_what_speaks_for(case):
    code, asked, offered, words = case
    found = fit(request(**asked), capacity(**offered), TERMS)
    assert found.is_fit
    assert words in [each.words for each in found.speaks_for if each.code == code]


def test_every_reason_has_a_case():
    assert list(dict.fromkeys(case[0] for case in AGAINST)) == list(Against)
    assert list(dict.fromkeys(case[0] for case in SPEAKS_FOR)) == list(For)


def test_all_that_stands_against_is_named_and_the_first_binds():
    found = fit(request(bmi=41, home=LONDON, is_cancer=True), capacity(highest_bmi=40), TERMS)
    assert [each.code for each in found.against] == ["cancer", "bmi", "distance"]
    assert found.binding.code is Against.CANCER


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ({"miles": None, "home": None}, {}),
        ({"bmi": None, "asa": None, "age": None, "sex": "", "nights": None}, {}),
        ({"weeks_left": None}, {"weeks_until": 40}),
        ({"waiting_since": ON, "due_by": ON, "review_by": ON}, {"expires_on": ON}),
        ({"procedure": "W371"}, {"procedures": CODES({"W37", "X"})}),
        ({}, {"own_need": 4, "own_longest_weeks": 65}),
    ],
)
def test_what_is_at_a_limit_or_not_asked_for_fits(asked, offered):
    assert fit(request(**asked), capacity(**offered), TERMS).is_fit


def test_places_are_ranked_by_weeks_gained_against_distance():
    near = capacity("near", at=YORK, weeks_until=12)  # 8 weeks sooner, 22 miles
    soon = capacity("soon", at=None, weeks_until=4)
    same = capacity("again", at=YORK, weeks_until=12)
    far = capacity("far", at=LONDON, weeks_until=1)  # 19 weeks sooner, 175 miles
    asked = request(miles=None)
    ranked = [each.capacity for each in rank(asked, [far, near, soon, same], TERMS)]
    assert ranked == ["soon", "again", "near", "far"]
    assert [each.capacity for each in rank(request(), [far, near], TERMS)] == ["near"]


def test_requests_are_ranked_by_priority_then_by_wait():
    asked = [
        request("long", waiting_since=days(-700)),
        request("P2", priority="P2", waiting_since=days(-20)),
        request("overdue", priority="P3", due_by=days(-1), waiting_since=days(-30)),
        request("longer", waiting_since=days(-701), weeks_left=6),
        request("cancer", is_cancer=True),
    ]
    ranked = [each.request for each in rank_requests(capacity(), asked, TERMS)]
    assert ranked == ["overdue", "P2", "longer", "long"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: request(priority="P7", age=-1), "request 'r1': priority: found 'P7', expected P1 to P4, D1 to D4 or nothing; age: found -1, expected 0 or more"),
        (lambda: request(deprivation_decile=0), "request 'r1': deprivation_decile: found 0, expected 1 to 10"),
        (lambda: capacity(places=-1), "capacity 'c1': places: found -1, expected 0 or more"),
        (lambda: capacity(minimum_batch=0), "capacity 'c1': minimum_batch: found 0, expected 1 or more"),
        (lambda: capacity(last_date=days(13)), "capacity 'c1': last_date: found '2026-01-25', expected no day before first_date"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(make, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        make()


def test_the_rules_are_those_of_the_day():
    assert allocation_on(ON).bands == (104, 78, 65, 52, 40)
    assert [allocation_on(ON).band(days) for days in (729, 728, 365, 364, 281, 280)] == [
        0,
        1,
        3,
        4,
        4,
        5,
    ]
