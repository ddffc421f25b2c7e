"""Forms of entries, made from the engine's kinds, and the form that finds a patient."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clockstop.core.rtt.events import KINDS
from clockstop.core.rtt.reading import event_fields, read_event
from clockstop.service.pathways import kinds
from clockstop.service.pathways.entry_form import Draft, EntryForm
from clockstop.service.pathways.entry_page import EntryPage
from clockstop.service.pathways.forms import FindForm
from clockstop.service.pathways.policies import Refusal
from clockstop.service.ui.day_field import DayField, boxes

CLINICIAN = str(uuid4())


def event(number, kind, day="2025-02-03", **values):
    found = {"kind": kind, "day": day, "id": f"e{number}", **values}
    made = read_event(found, "", problems := [])
    assert made, problems
    return made


EARLIER = (
    event(1, "referral_received", referrer="self"),
    event(2, "date_offered", offered_for="2025-03-03"),
    event(3, "admission"),
    event(4, "decision_to_treat", communicated=False),
    event(5, "planned_listed", due="2025-06-02"),
)


def draft(kind, events=EARLIER, **more):
    plain = {"organisation_code": "RAA", "treatment_function": "110", "length": len(events)}
    return Draft(kind=kind, events=events, **(plain | more))


def sent(kind, **more):
    """The first answer to each question, days as three boxes, and what the form carries."""
    data = {"submission": str(uuid4()), "length": "5"}
    for each in (*(page := EntryPage(EntryForm(draft(kind)))).questions, *page.codes):
        if each.kind == "day":
            data |= dict(zip(boxes(each.name), ("3", "2", "2025"), strict=True))
        elif each.options:
            data[each.name] = next(option.value for option in each.options if option.value)
    plain = {"ubrn": "0001 2345 6789", "provider": "raa"}
    return data | {name: text for name, text in plain.items() if name in event_fields(kind)} | more


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kinds.is_entered(kind)])
def test_every_kind_can_be_entered_by_answering_its_questions(kind):
    form = EntryForm(draft(kind), sent(kind))
    assert form.is_valid(), form.errors
    problems = []
    assert read_event({**form.values, "id": "e6"}, "", problems), problems


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kinds.is_entered(kind)])
def test_an_entry_that_is_corrected_comes_back_as_it_was(kind):
    first = EntryForm(draft(kind), sent(kind))
    assert first.is_valid()
    wrong = read_event({**first.values, "id": "e6"}, "", [])
    page = EntryPage(EntryForm(draft(kind, (*EARLIER, wrong), wrong=wrong)))
    data = {"submission": str(uuid4()), "length": "6", "why": "Typing error"}
    for each in (*page.questions, *page.codes):
        if each.kind == "day":
            data |= dict(zip(boxes(each.name), each.value, strict=True))
        elif each.options:
            data[each.name] = next((one.value for one in each.options if one.is_chosen), "")
        elif each.name != "why":
            data[each.name] = each.value
    again = EntryForm(draft(kind, (*EARLIER, wrong), wrong=wrong), data)
    assert again.is_valid(), again.errors
    assert again.values == first.values | {"supersedes": "e6"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kinds.is_entered(kind)])
def test_an_empty_form_names_every_answer_that_is_missing_at_once(kind):
    form = EntryForm(draft(kind), {"submission": str(uuid4()), "length": "5"})
    assert not form.is_valid()
    needed = {name for name, each in event_fields(kind).items() if each.required} - {"id"}
    assert needed <= set(form.errors)
    page = EntryPage(form)
    shown = list(page.errors.values())
    assert len(shown) == len(set(shown)) == len(form.errors)
    assert "day-day" in page.errors


def test_nothing_is_taken_for_granted_where_the_answer_can_cost_a_place():
    form = EntryForm(draft("did_not_attend"))
    assert {"communicated", "not_brought", "appointment"}.isdisjoint(form.initial)
    assert EntryForm(draft("decision_not_to_treat")).initial.get("communicated") is None
    assert EntryForm(draft("attendance")).initial["is_test"] == "no"


def test_the_organisation_and_the_function_are_filled_in():
    initial = EntryForm(draft("attendance")).initial
    assert (initial["provider"], initial["treatment_function"]) == ("RAA", "110")


def test_what_was_sent_is_shown_again():
    form = EntryForm(draft("date_offered"), sent("date_offered") | {"offered_for-month": "13"})
    assert not form.is_valid()
    page = EntryPage(form)
    (question,) = [each for each in page.questions if each.name == "offered_for"]
    assert question.value == ("3", "13", "2025")
    assert question.error == "Date offered: enter a real date, like 31 1 2025"
    assert page.errors == {"offered_for-day": question.error}


@pytest.mark.parametrize(
    ("kind", "field", "typed", "kept"),
    [
        ("ubrn_converted", "ubrn", "0001-2345-6789", "000123456789"),
        ("ubrn_converted", "ubrn", "12345", None),
        ("transfer_sent", "to", " rbb ", "RBB"),
        ("transfer_sent", "to", "the other hospital", None),
        ("transfer_received", "pathway_id", "0000000000000000001a", "0000000000000000001A"),
        ("transfer_received", "pathway_id", "1", None),
        ("attendance", "treatment_function", "110", "110"),
        ("attendance", "treatment_function", "C_110", None),
        ("commissioner_recorded", "hub", "13q", "13Q"),
    ],
)
def test_codes_are_tidied_or_refused(kind, field, typed, kept):
    form = EntryForm(draft(kind), sent(kind) | {field: typed})
    assert form.is_valid() is (kept is not None)
    if kept is None:
        assert field in form.errors
    else:
        assert form.values[field] == kept


def test_only_earlier_entries_that_fit_and_count_can_be_named():
    gone = event(6, "entry_withdrawn", supersedes="e2")
    offer = EntryForm(draft("offer_declined", (*EARLIER, gone))).fields["offer"]
    assert list(offer.choices) == []
    offer = EntryForm(draft("offer_declined")).fields["offer"]
    assert list(offer.choices) == [("e2", "Date offered, 3 February 2025 (3 March 2025)")]
    told = event(6, "decision_communicated", decision="e4")
    decision = EntryForm(draft("decision_communicated", (*EARLIER, told))).fields["decision"]
    assert list(decision.choices) == []


def test_what_names_an_earlier_entry_is_offered_only_where_there_is_one():
    def lacking(events):
        return {
            each.kind: each.lacks
            for group in kinds.groups(events)
            for each in group.choices
            if each.lacks
        }

    assert lacking(EARLIER) == {}
    assert lacking(EARLIER[:1]) == {
        "offer_declined": "First enter the date that was offered",
        "decision_communicated": "First enter a decision that the patient has not been told of",
        "admission_outcome": "First enter the admission",
        "planned_removed": "First enter the place on the planned list",
    }
    assert "admission_outcome" not in [each.kind for each in kinds.common(EARLIER[:1])]
    assert kinds.common(())[0].kind == "referral_received"


def test_a_withdrawal_asks_for_the_reason_alone_and_stands_on_the_day_of_the_wrong_entry():
    form = EntryForm(draft("entry_withdrawn", wrong=EARLIER[1]), {})
    assert [each.name for each in EntryPage(form).questions] == ["why"]
    data = {"submission": str(uuid4()), "length": "5", "why": "Another patient"}
    form = EntryForm(draft("entry_withdrawn", wrong=EARLIER[1]), data)
    assert form.is_valid()
    assert form.values["day"] == "2025-02-03"
    assert form.values["supersedes"] == "e2"
    assert form.reason == "Another patient"


def test_an_entry_says_on_which_day_it_was_made_if_that_was_later():
    today = timezone.localdate()
    form = EntryForm(draft("attendance"), sent("attendance"))
    assert form.is_valid()
    assert form.values["recorded"] == today.isoformat()
    now = dict(zip(boxes("day"), (str(today.day), str(today.month), str(today.year)), strict=True))
    form = EntryForm(draft("attendance"), sent("attendance") | now)
    assert form.is_valid()
    assert "recorded" not in form.values


def test_a_clinician_is_named_where_one_has_to_be():
    held = draft("decision_to_admit", clinicians=((CLINICIAN, "Dr Example"),))
    form = EntryForm(held, sent("decision_to_admit"))
    assert not form.is_valid()
    assert list(form.errors) == ["acting_for"]
    form = EntryForm(held, sent("decision_to_admit") | {"acting_for": CLINICIAN})
    assert form.is_valid()
    assert str(form.acting_for) == CLINICIAN
    form = EntryForm(held, sent("decision_to_admit") | {"acting_for": str(uuid4())})
    assert not form.is_valid()


def test_without_a_clinician_the_form_says_what_to_do():
    form = EntryForm(draft("decision_to_admit", clinicians=()), sent("decision_to_admit"))
    assert not form.is_valid()
    (question,) = [each for each in EntryPage(form).questions if each.name == "acting_for"]
    assert question.hint.startswith("No clinician of your organisation has an account here")


def test_a_text_that_is_too_long_is_refused_in_plain_words():
    held = draft("entry_withdrawn", wrong=EARLIER[1])
    form = EntryForm(held, {"submission": str(uuid4()), "length": "5", "why": "x" * 201})
    assert not form.is_valid()
    assert EntryPage(form).errors == {"why": "Reason: use 200 characters or fewer"}


def test_refusals_stand_at_their_fields_and_the_rest_above_the_form():
    form = EntryForm(draft("attendance", wrong=event(6, "attendance")), sent("attendance"))
    form.is_valid()
    form.refuse(
        [Refusal("day", "Not yet"), Refusal("reason", "Why?"), Refusal("supersedes", "Gone")]
    )
    errors = EntryPage(form).errors
    assert errors["day-day"] == "Not yet"
    assert errors["why"].endswith(("Why?", "say why the earlier entry is wrong"))
    assert errors["entry"] == "Gone"


def test_the_reason_of_a_discharge_is_not_the_reason_of_a_correction():
    wrong = event(6, "discharged_to_gp", reason="missed")
    held = draft("discharged_to_gp", (*EARLIER, wrong), wrong=wrong)
    form = EntryForm(held, sent("discharged_to_gp") | {"reason": "delay", "why": "Typing error"})
    assert form.is_valid(), form.errors
    assert form.values["reason"] == "delay"
    assert form.reason == "Typing error"


def test_what_is_carried_is_the_whole_form_but_not_its_length():
    form = EntryForm(draft("attendance"), data := sent("attendance"))
    carried = dict(form.carried())
    assert carried.pop("submission") == data["submission"]
    assert "length" not in carried
    again = EntryForm(draft("attendance"), carried | {"submission": uuid4(), "length": "5"})
    assert again.is_valid()
    assert again.values["day"] == "2025-02-03"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("3", "2", "2025"), date(2025, 2, 3)),
        (("03", "02", "2025"), date(2025, 2, 3)),
        (("29", "February", "2024"), date(2024, 2, 29)),
        (("1", "sept", "2025"), date(2025, 9, 1)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, found):
    assert DayField(called="Date").clean(typed) == found


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("", "", ""), "Date: enter a day, a month and a year"),
        (("3", "", "2025"), "Date: enter the month too"),
        (("3", "", ""), "Date: enter the month and the year too"),
        (("30", "2", "2025"), "Date: enter a real date, like 31 1 2025"),
        (("3", "2", "25"), "Date: enter a real date, like 31 1 2025"),
        (("3", "13", "2025"), "Date: enter a real date, like 31 1 2025"),
        (("three", "2", "2025"), "Date: enter a real date, like 31 1 2025"),
        (("²", "2", "2025"), "Date: enter a real date, like 31 1 2025"),
    ],
)
def test_a_day_that_is_none_is_refused(typed, words):
    with pytest.raises(ValidationError, match=words):
        DayField(called="Date").clean(typed)


def test_a_day_may_be_left_out_where_it_is_optional():
    assert DayField(called="Date", required=False).clean(("", "", "")) is None


BORN = {"birth_date-day": "17", "birth_date-month": "5", "birth_date-year": "1960"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "nhs_number"),
        ({"nhs_number": "12345"}, "nhs_number"),
        ({"nhs_number": "999 000 0019"}, "nhs_number"),
        ({"family_name": "Test"}, "birth_date"),
        (BORN, "family_name"),
        ({"family_name": "Test"} | BORN | {"birth_date-year": "60"}, "birth_date"),
    ],
)
def test_who_cannot_be_looked_for_is_refused_at_its_field(data, field):
    form = FindForm(data)
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_number_is_found_as_people_write_it():
    assert FindForm({"nhs_number": "999-000 0018"}).is_valid()
    assert FindForm({"family_name": " Test "} | BORN).is_valid()
