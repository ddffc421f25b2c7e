"""The minimum data set: what is missing or ill-formed is told at once, and never repeated."""

import pytest

from clockstop.core.codes.iptamds import LONGEST, elements, problems

WHOLE = {
    "family_name": "Test",
    "given_name": "Ada",
    "title": "Mrs",
    "address": "1 Nowhere Street\nNowhere",
    "postcode": "ZZ99 3VZ",
    "birth_date": "1960-05-17",
    "nhs_number": "9990000018",
    "local_identifier": "RAA-1",
    "gp_name": "Dr G Practice",
    "practice_code": "A81001",
    "sender_name": "Sender",
    "sender_code": "RAA",
    "referrer_name": "Miss C Onsultant",
    "referrer_code": "C1234567",
    "sender_function": "110",
    "sender_contact": "Mr B Ooking",
    "pathway_identifier": "0" * 19 + "1",
    "pathway_issuer": "RAA",
    "status": "20",
    "decided_on": "2026-03-02",
    "clock_start": "2025-06-01",
    "reason": "Treatment",
    "on_pathway": "RAA RBB",
    "receiver_name": "Receiver",
    "receiver_code": "RBB",
    "receiver_function": "110",
    "requested_on": "2026-03-03",
}
WRONG = {
    "postcode": "Leeds",
    "birth_date": "17/05/1960",
    "nhs_number": "9990000019",
    "referrer_code": "consultant",
    "sender_function": "C_110",
    "pathway_identifier": "1",
    "status": "30",
    "on_pathway": "RAA,RBB",
    "requested_on": "2026-02-30",
    "phone_home": "none",
    "contact_email": "nobody",
    "title": "M" * (LONGEST + 1),
}


def test_it_has_the_36_elements_of_which_27_are_mandatory():
    assert [each.number for each in elements().values()] == list(range(1, 37))
    assert {key for key, each in elements().items() if each.mandatory} == set(WHOLE)


def test_a_whole_one_has_no_fault():
    assert problems(WHOLE) == ()


@pytest.mark.parametrize("key", list(WHOLE))
def test_each_mandatory_element_is_missed(key):
    (fault,) = problems(WHOLE | {key: " "})
    assert (fault.key, fault.found) == (key, "nothing")


def test_all_that_is_missing_is_told_at_once():
    assert [each.key for each in problems({})] == [key for key in elements() if key in WHOLE]


@pytest.mark.parametrize("key", list(WRONG))
def test_what_is_ill_formed_is_told_and_not_repeated(key):
    (fault,) = problems(WHOLE | {key: WRONG[key]})
    assert (fault.key, fault.found) == (key, "something else")


def test_a_test_without_a_pathway_needs_nothing_of_one():
    of_clock = [key for key, each in elements().items() if each.of_clock]
    assert of_clock == ["pathway_identifier", "pathway_issuer", "status", "clock_start"]
    bare = {key: value for key, value in WHOLE.items() if key not in of_clock}
    assert problems(bare, has_clock=False) == ()


def test_what_a_sensitive_record_withholds_is_not_missed():
    bare = {key: value for key, value in WHOLE.items() if key not in {"address", "postcode"}}
    assert problems(bare, withheld={"address", "postcode"}) == ()


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("clock_start", "1959-01-01"),
        ("decided_on", "2025-05-31"),
        ("requested_on", "2026-03-01"),
        ("received_on", "2026-03-02"),
    ],
)
def test_days_that_cannot_follow_each_other_are_told(key, day):
    assert [each.key for each in problems(WHOLE | {key: day})] == [key]


def test_an_element_of_no_data_set_is_refused():
    assert "also shoe_size" in problems(WHOLE | {"shoe_size": "9"})[0].words
