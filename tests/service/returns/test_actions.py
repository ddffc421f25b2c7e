"""Returns are made, signed off and judged: what is written, what is refused, what is noted."""

import json
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, an_actor
from tests.service.returns.made_up import (
    ERROR,
    MONTH_END,
    QUERY,
    SUNDAY,
    WARNING,
    a_return,
    waiting,
)

from clockstop.core.types import Month
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.returns.actions import (
    DecisionRefusedError,
    judge,
    make_monthly,
    make_weekly,
    sign_off,
)
from clockstop.service.returns.made import CannotMakeError
from clockstop.service.returns.models import Decision, Kind, Return, ReturnFile
from clockstop.service.returns.states import NotPossibleError, State

pytestmark = pytest.mark.django_db
SEPTEMBER = Month(2025, 9)
WORDS = "We opened a second clinic in the month"


@pytest.fixture
def manager():
    return an_actor(Role.WAITING_LIST_MANAGER)


@pytest.fixture
def office():
    return an_actor(Role.PROVIDER_ADMINISTRATOR)


def commissioner():
    return an_actor(Role.COMMISSIONER, "QAA")


def told():
    return [entry.action for entry in Entry.objects.all()]


def test_a_month_is_made_of_the_records_of_the_store(office, few):
    held = make_monthly(actor=office, month=SEPTEMBER, submission=uuid4())
    parts = {part: of["total"] for part, of in held.told["parts"].items()}
    assert parts == {"Part_1A": 2, "Part_1B": 0, "Part_2": 3, "Part_2A": 0, "Part_3": 2}
    assert held.told["functions"] == {"C_110": {"Part_1A": 2, "Part_2": 3, "Part_3": 2}}
    assert held.told["parts"]["Part_2"]["long"] == 1
    assert (held.version, held.organisation_code, held.period) == (1, HOSPITAL, MONTH_END)
    assert {each.name for each in held.files.all()} == {
        "figures.parquet",
        "full-extract.csv",
        "lines.parquet",
    }
    assert told() == ["made a return"]


def test_the_same_form_sent_twice_is_one_version(office, few):
    form = uuid4()
    first = make_monthly(actor=office, month=SEPTEMBER, submission=form)
    assert make_monthly(actor=office, month=SEPTEMBER, submission=form) == first
    assert (Return.objects.count(), told()) == (1, ["made a return"])


def test_one_made_again_takes_the_place_of_what_nobody_signed(office, few):
    first = make_monthly(actor=office, month=SEPTEMBER, submission=uuid4())
    second = make_monthly(actor=office, month=SEPTEMBER, submission=uuid4())
    first.refresh_from_db()
    assert (first.stands, second.version) == (State.SUPERSEDED, 2)
    assert second.stands in {State.CHECKED, State.DRAFT}
    assert second.holds == first.holds


def test_what_was_signed_off_counts_until_another_is(manager, few):
    old = a_return(state=State.SIGNED_OFF, version=1)
    new = make_monthly(actor=manager, month=SEPTEMBER, submission=uuid4())
    old.refresh_from_db()
    assert old.stands is State.SIGNED_OFF
    words = {check.key: WORDS for check in new.findings}
    signed = sign_off(actor=manager, held=new, explained=words, confirmed=True)
    old.refresh_from_db()
    assert (old.stands, signed.stands) == (State.SUPERSEDED, State.SIGNED_OFF)
    assert list(Return.objects.counting()) == [signed]


def test_last_month_is_what_was_signed_off_for_it(manager, few):
    august = make_monthly(actor=manager, month=Month(2025, 8), submission=uuid4())
    Return.objects.filter(pk=august.pk).update(state=State.SIGNED_OFF)
    september = make_monthly(actor=manager, month=SEPTEMBER, submission=uuid4())
    before = {part: of["before"] for part, of in september.told["parts"].items()}
    assert before == {part: of["total"] for part, of in august.told["parts"].items()}


def test_nobody_waits_and_nobody_was_treated(office, records):
    records()
    held = make_monthly(actor=office, month=SEPTEMBER, submission=uuid4())
    assert held.told["functions"] == {}
    assert held.stands is State.DRAFT
    assert [(check.key, check.is_error) for check in held.findings] == [("missing_return", True)]


@pytest.mark.parametrize("month", [Month(2025, 10), Month(2026, 1)])
def test_no_month_is_made_before_it_has_ended(office, month, few):
    with pytest.raises(CannotMakeError):
        make_monthly(actor=office, month=month, submission=uuid4())
    assert Return.objects.count() == 0


@pytest.mark.parametrize("day", [date(2025, 10, 12), date(2025, 9, 27)])
def test_no_week_is_made_that_has_not_ended_on_a_sunday(office, day, few):
    with pytest.raises(CannotMakeError):
        make_weekly(actor=office, week_ending=day, submission=uuid4())


def test_a_week_is_made_of_the_records_of_the_store(office, few):
    held = make_weekly(actor=office, week_ending=SUNDAY, submission=uuid4())
    assert held.told["tables"]["open"] == 3
    assert held.told["tables"]["stops"] == 1
    opened = held.files.get(name="open.csv").content.decode()
    assert "pseudo_nhs_number" in opened
    assert "9990000" not in opened


def test_without_a_key_no_week_is_made(office, few, settings):
    settings.CLOCKSTOP_EXTRACT_KEY = b"short"
    with pytest.raises(CannotMakeError, match="No key"):
        make_weekly(actor=office, week_ending=SUNDAY, submission=uuid4())


def test_others_make_nothing(few):
    for role in (Role.PROVIDER_CLINICIAN, Role.COMMISSIONER, Role.ANALYST):
        with pytest.raises(PermissionDenied):
            make_monthly(actor=an_actor(role), month=SEPTEMBER, submission=uuid4())


SIGNING = [
    ("errors", (ERROR,), {}, True, ["sign"]),
    ("a query without a word", (QUERY,), {}, True, ["why-no_change-Part_2"]),
    ("a query with too few", (QUERY,), {QUERY.key: "  ok  "}, True, ["why-no_change-Part_2"]),
    ("a query with too many", (QUERY,), {QUERY.key: "x" * 1001}, True, ["why-no_change-Part_2"]),
    ("nothing confirmed", (QUERY,), {QUERY.key: WORDS}, False, ["confirm"]),
    ("a warning, confirmed", (WARNING,), {}, True, []),
    ("all as it should be", (QUERY,), {QUERY.key: WORDS}, True, []),
]


@pytest.mark.parametrize("case", SIGNING, ids=lambda case: case[0])
def test_what_signing_off_needs(case, manager):
    _, checks, explained, confirmed, refused = case
    held = a_return(state=State.CHECKED, checks=checks)
    if not refused:
        sign_off(actor=manager, held=held, explained=explained, confirmed=confirmed)
        assert Return.objects.get().stands is State.SIGNED_OFF
        return
    with pytest.raises(DecisionRefusedError) as error:
        sign_off(actor=manager, held=held, explained=explained, confirmed=confirmed)
    assert [each.field for each in error.value.refusals] == refused
    assert (Return.objects.get().stands, Decision.objects.count()) == (State.CHECKED, 0)


def test_what_was_explained_is_kept_with_the_decision(manager):
    held = a_return(state=State.CHECKED, checks=(QUERY,))
    strange = {QUERY.key: f"  {WORDS} ", "other": "not asked for"}
    sign_off(actor=manager, held=held, explained=strange, confirmed=True)
    decision = Decision.objects.get()
    assert decision.explanations == {QUERY.key: WORDS}
    assert (decision.state, decision.by) == (State.SIGNED_OFF, str(manager.person))


def test_one_with_errors_is_never_signed_off(manager):
    held = a_return(state=State.DRAFT, checks=(ERROR,))
    with pytest.raises(NotPossibleError):
        sign_off(actor=manager, held=held, explained={}, confirmed=True)


@pytest.mark.parametrize(("period", "late"), [(MONTH_END, False), (date(2025, 8, 31), True)])
def test_what_is_signed_off_after_the_deadline_is_late(period, late, manager):
    held = a_return(state=State.CHECKED, period=period)
    assert sign_off(actor=manager, held=held, explained={}, confirmed=True).is_late is late


def test_a_month_is_signed_off_by_a_manager_alone_and_a_week_by_either(office):
    month, week = a_return(state=State.CHECKED), a_return(state=State.CHECKED, kind=Kind.WEEKLY)
    with pytest.raises(PermissionDenied):
        sign_off(actor=office, held=month, explained={}, confirmed=True)
    assert sign_off(actor=office, held=week, explained={}, confirmed=True).signed_at


def test_another_provider_signs_nothing_off():
    held = a_return(state=State.CHECKED)
    other = an_actor(Role.WAITING_LIST_MANAGER, OTHER_HOSPITAL)
    with pytest.raises(PermissionDenied):
        sign_off(actor=other, held=held, explained={}, confirmed=True)


def test_the_commissioner_accepts_or_sends_back_with_a_reason():
    accepted, back = a_return(version=1), a_return(OTHER_HOSPITAL, version=1)
    judge(actor=commissioner(), held=accepted, accepts=True)
    with pytest.raises(DecisionRefusedError):
        judge(actor=commissioner(), held=back, accepts=False, reason=" no ")
    judge(actor=commissioner(), held=back, accepts=False, reason="Part 3 looks too small")
    states = {each.organisation_code: each.stands for each in Return.objects.all()}
    assert states == {HOSPITAL: State.ACCEPTED, OTHER_HOSPITAL: State.SENT_BACK}
    with pytest.raises(NotPossibleError):
        judge(actor=commissioner(), held=back, accepts=True)


def test_the_audit_tells_of_each_step_without_a_word_that_was_written(manager):
    held = a_return(state=State.CHECKED, checks=(QUERY,))
    a_return(state=State.SIGNED_OFF, version=held.version + 1)
    sign_off(actor=manager, held=held, explained={QUERY.key: WORDS}, confirmed=True)
    judge(actor=commissioner(), held=held, accepts=False, reason="Look at Featherstonehaugh")
    assert told() == ["replaced a return", "decided on a return", "decided on a return"]
    written = json.dumps(list(Entry.objects.values()))
    assert "clinic" not in written
    assert "Feather" not in written


@pytest.mark.parametrize("model", [Decision, ReturnFile])
def test_what_was_decided_and_filed_cannot_be_changed(model, manager, few):
    held = make_weekly(actor=manager, week_ending=SUNDAY, submission=uuid4())
    held.state = State.CHECKED
    held.save()
    sign_off(actor=manager, held=held, explained={}, confirmed=True)
    for change in (lambda: model.objects.update(icb_code="QZZ"), model.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_return_follows_the_records(office, records):
    records(waiting(date(2025, 9, 5)))
    first = make_monthly(actor=office, month=SEPTEMBER, submission=uuid4())
    records(waiting(date(2025, 9, 5)), waiting(date(2025, 9, 6)))
    second = make_monthly(actor=office, month=SEPTEMBER, submission=uuid4())
    assert [each.told["parts"]["Part_2"]["total"] for each in (first, second)] == [1, 2]
