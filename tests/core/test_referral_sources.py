"""The source of a referral: classes, and the verdict on each of them by what the record shows."""

from datetime import date
from itertools import product

import pytest

from clockstop.core.referral_sources import (
    OrganisationKind,
    ReferralClass,
    Verdict,
    class_of,
    referral_sources,
    verdict,
    verdict_rules,
    was_transferred,
)

CODES = {
    "PRIMARY_CARE": "03 92 12 15 93",
    "OTHER_PROVIDER": "04 05 07 13 14 16",
    "SAME_CONSULTANT": "01 02 10 11",
    "SELF": "06",
    "SCREENING": "17",
    "UNKNOWN": "97",
}
BLANK = {None: "UNKNOWN", "": "UNKNOWN", "55": "UNKNOWN", "3": "UNKNOWN"}

# For each class: by a primary care organisation, by a provider, by nobody known. In each, without
# booking or transfer, transferred, booked, both: P valid primary, O valid provider, C conflict,
# T transfer, - unvalidated.
SPEC = {
    #                  primary  provider  unknown
    "PRIMARY_CARE": ("PPPP", "CCPP", "-TPP"),
    "OTHER_PROVIDER": ("CCCC", "OOOO", "-T-T"),
    "SAME_CONSULTANT": ("CCCC", "-T-T", "-T-T"),
    "SELF": ("-T-T", "-T-T", "-T-T"),
    "SCREENING": ("-T-T", "-T-T", "-T-T"),
    "UNKNOWN": ("-T-T", "-T-T", "-T-T"),
}
LETTERS = {
    "P": Verdict.VALID_PRIMARY,
    "O": Verdict.VALID_PROVIDER,
    "C": Verdict.CONFLICT,
    "T": Verdict.TRANSFER,
    "-": Verdict.UNVALIDATED,
}
SIDES = {
    OrganisationKind.PRACTICE: 0,
    OrganisationKind.OPTOMETRIST: 0,
    OrganisationKind.DENTIST: 0,
    OrganisationKind.TRUST: 1,
    OrganisationKind.INDEPENDENT: 1,
    OrganisationKind.UNKNOWN: 2,
}
CASES = [
    (group, kind, booked, transferred, LETTERS[SPEC[group][side][2 * booked + transferred]])
    for group, (kind, side), booked, transferred in product(
        ReferralClass, SIDES.items(), (False, True), (False, True)
    )
]


@pytest.mark.parametrize(("group", "kind", "booked", "transferred", "expected"), CASES)
def test_each_class_with_each_organisation_and_evidence(group, kind, booked, transferred, expected):
    for code in CODES[group].split():
        found = verdict(code, kind, booked=booked, transferred=transferred)
        assert found.verdict is expected
        assert found.reason


def test_every_code_of_the_list_is_of_the_class_that_the_notes_give():
    listed = {code: group for group, codes in CODES.items() for code in codes.split()}
    assert {code: each.group.value for code, each in referral_sources().items()} == listed
    assert [code for code, each in referral_sources().items() if each.by_consultant] == [
        "01",
        "02",
        "10",
        "11",
    ]


@pytest.mark.parametrize(("code", "group"), BLANK.items())
def test_what_is_no_code_is_of_no_known_source(code, group):
    assert class_of(code).value == group
    kinds = OrganisationKind.UNKNOWN
    assert verdict(code, kinds, booked=True, transferred=False).verdict is Verdict.UNVALIDATED


def test_the_boundaries_that_are_ours_say_so():
    marked = {code for code, each in referral_sources().items() if each.status == "design"}
    assert marked == {"13", "14"}
    assert {rule.id for rule in verdict_rules() if rule.status == "design"} == {
        "consultant-from-primary"
    }


def test_the_last_rule_always_holds():
    last = verdict_rules()[-1]
    assert (last.verdict, last.classes, last.organisations, last.evidence) == (
        Verdict.UNVALIDATED,
        frozenset(),
        frozenset(),
        None,
    )


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, False),
        ({"transfer_status": "", "accepting_provider": ""}, False),
        ({"transfer_status": "01"}, True),
        ({"accepting_provider": "NT438"}, True),
        ({"received": date(2026, 3, 2), "first_received": date(2026, 3, 1)}, True),
        ({"received": date(2026, 3, 2), "first_received": date(2026, 3, 2)}, False),
        ({"received": date(2026, 3, 2), "first_received": date(2026, 3, 3)}, False),
        ({"first_received": date(2026, 3, 1)}, False),
        ({"received": date(2026, 3, 1)}, False),
    ],
)
def test_the_marks_of_a_transfer(record, expected):
    assert was_transferred(**record) is expected
