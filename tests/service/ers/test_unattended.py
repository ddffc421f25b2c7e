"""Applications with nobody at the screen: what they may call, as published, and what they see."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.service.ers.bodies import SERVICE, at, coded, identified, on
from tests.service.ers.calling import AnApplication, a_booking_office, a_gp, codes_of, state_of
from tests.service.ers.published import document, resolved
from tests.service.ers.test_files import letter, uploaded
from tests.service.ers.test_reviewing import ending, reviewing, triaged
from tests.service.ers.test_worklists import (
    AT,
    OF_PROVIDERS,
    OF_REFERRERS,
    a_question,
    found,
    wanted,
)
from tests.service.people import PRACTICE
from tests.service.referrals.made_up import OTHER_HOSPITAL, a_referral, a_service, booked
from tests.service.safety.routes import every_route

from clockstop.service.accounts.applications import count_use, let_in
from clockstop.service.accounts.models import ApiToken, Application, ApplicationUse, Membership
from clockstop.service.accounts.roles import REFERRING, STAFF, Role
from clockstop.service.accounts.tokens import UNATTENDED_WRITES, Scope, holder_of, make, revoke
from clockstop.service.audit.models import Entry
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.ers.operations import Function, operations
from clockstop.service.ers.unattended import HEADERS_TAKEN
from clockstop.service.referrals import actions
from clockstop.service.referrals.policies import reasons_for

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
WRITES = tuple(sorted(UNATTENDED_WRITES))
LIST = "/STU3/CodeSystem/PRIORITY"


def described():
    """Each operation that the table has, as the document describes it."""
    for row in operations().values():
        yield row, document()["paths"][row.path][row.method.lower()]


def test_the_operations_are_those_of_the_published_table(specs):
    modes = document()["info"]["description"]
    line = next(each for each in modes.splitlines() if "HYPERLINK_SIGNED_JWT" in each)
    published = set(re.findall(r"HYPERLINK_(A\d{3})", line)) - {"A037"}  # of HEAD requests
    assert {row.code for row in operations().values() if row.unattended} == published


def test_the_side_of_an_application_is_the_one_that_the_operation_says(specs):
    sides = {
        "Provider": Function.SERVICE_PROVIDER_CLINICIAN_ADMIN,
        "Referring": Function.REFERRING_CLINICIAN_ADMIN,
    }
    for row, operation in described():
        said = re.findall(r"calling application, working in the context of ([^.]*)", str(operation))
        named = {function for word, function in sides.items() if word in " ".join(said)}
        assert named == row.unattended, row.code


def test_the_headers_taken_are_those_that_are_required_in_either_mode(specs):
    required = {
        row.code
        for row, operation in described()
        for each in (resolved(one, "ers") for one in operation["parameters"])
        if row.unattended and each["name"] == "NHSD-eRS-Business-Function" and each.get("required")
    }
    assert required == HEADERS_TAKEN


def test_an_application_reads_what_its_organisation_sees_and_no_more():
    referral = booked()
    path = f"/STU3/ReferralRequest/{referral.ubrn}"
    mine = AnApplication().get(path)
    assert state_of(mine.json())[0] == "BOOKED"
    assert mine.json() == a_booking_office().get(path).json()
    assert AnApplication(OTHER_HOSPITAL).get(path).status_code == 404


def test_what_it_opens_is_in_the_audit_under_its_account():
    application, referral = AnApplication(), booked()
    application.get(f"/STU3/ReferralRequest/{referral.ubrn}")
    kept = Entry.objects.get(subject=str(referral.pk), actor=str(application.actor.person))
    assert kept.organisation_code == "RAA"


def test_reference_data_is_for_either_side():
    practice = AnApplication(PRACTICE, Role.REFERRING_ADMINISTRATOR)
    assert AnApplication().get(LIST).status_code == 200
    assert practice.get(LIST).status_code == 200
    refused = practice.get(f"/STU3/ReferralRequest/{booked().ubrn}")
    assert (refused.status_code, codes_of(refused)) == (403, ["FORBIDDEN"])


def test_whatever_is_not_listed_is_refused_however_much_the_token_was_given():
    """Every operation that is answered here, by the table: only the listed ones get past it."""
    caller = AnApplication(writes=WRITES)
    routes = {each.pattern for each in every_route()}
    for row in operations().values():
        pattern = re.sub(r"\{\w+\}", "<str:x>", f"referrals/FHIR{row.path}")
        if re.sub(r"<str:\w+>", "<str:x>", pattern) not in {
            re.sub(r"<str:\w+>", "<str:x>", each) for each in routes
        }:
            continue
        path = re.sub(r"\{\w+\}", "000000000000", row.path)
        response = getattr(caller, row.method.lower())(path)
        refused = "REC_FORBIDDEN" if row.is_r4 else "FORBIDDEN"
        is_forbidden = response.status_code == 403 and codes_of(response) == [refused]
        assert is_forbidden is not bool(row.unattended), row.code


@pytest.mark.parametrize(
    "name",
    [
        "NHSD-End-User-Organisation-ODS",
        "NHSD-eRS-Business-Function",
        "NHSD-eRS-On-Behalf-Of-User-ID",
    ],
)
def test_headers_about_a_user_are_not_allowed(name):
    said = {"NHSD-End-User-Organisation-ODS": "RAA"}.get(name, "SERVICE_PROVIDER_CLINICIAN_ADMIN")
    response = AnApplication().get(LIST, **{name: said})
    assert (response.status_code, codes_of(response)) == (403, ["FORBIDDEN"])


def test_where_they_are_required_of_everybody_they_must_be_the_applications_own():
    referral = booked()
    caller = AnApplication()
    query = {
        "focus": f"ReferralRequest/{referral.ubrn}/_history/{referral.version}",
        "intent": "proposal",
        "status": "ready",
    }
    own = {
        "NHSD-End-User-Organisation-ODS": "RAA",
        "NHSD-eRS-Business-Function": "SERVICE_PROVIDER_CLINICIAN_ADMIN",
    }
    for headers, status in (
        ({}, 200),
        (own, 200),
        (own | {"NHSD-End-User-Organisation-ODS": "RBB"}, 403),
        (own | {"NHSD-eRS-Business-Function": "SERVICE_PROVIDER_CLINICIAN"}, 403),
        (own | {"NHSD-eRS-On-Behalf-Of-User-ID": "021600556514"}, 403),
    ):
        assert caller.get("/STU3/Task", query, **headers).status_code == status, headers


@pytest.mark.parametrize("given", WRITES)
def test_each_change_needs_to_be_given_by_name(given):
    bodies = {
        "A013": (booked, "acceptReferral", None),
        "A028": (triaged, "recordReviewOutcome", reviewing("ACCEPT_REFER_BOOK_LATER")),
    }
    reason, *_ = reasons_for("cancel_reason", timezone.localdate(), ("provider",))
    bodies["A036"] = (booked, "cancelReferral", ending(reason))
    caller = AnApplication(writes=(given,))
    for code, (made, step, body) in bodies.items():
        referral = made()
        response = caller.post(at(referral, step), body, **on(referral))
        referral.refresh_from_db()
        if given.endswith(code):
            assert response.status_code == 200, response.content
            taken = referral.steps.latest("version")
            assert (taken.by, taken.acting_for) == (str(caller.actor.person), "")
        else:
            assert codes_of(response) == ["FORBIDDEN"]
            assert referral.version < 3


def calls(referral):
    """What an application may read and change of a referral."""
    held = referral.appointments.first()
    reason, *_ = reasons_for("cancel_reason", timezone.localdate(), ("provider",))
    query = {
        "focus": f"ReferralRequest/{referral.ubrn}/_history/{referral.version}",
        "intent": "proposal",
        "status": "ready",
    }
    advice = reviewing("RETURN_TO_REFERRER_WITH_ADVICE", "Try rest")
    version = on(referral)
    yield lambda by: by.get(at(referral))
    yield lambda by: by.get("/STU3/Task", query)
    yield lambda by: by.post(at(referral, "recordReviewOutcome"), advice, **version)
    yield lambda by: by.post(at(referral, "cancelReferral"), ending(reason), **version)
    if held:
        yield lambda by: by.post(at(referral, "acceptReferral"), **version)


def refused(response):
    return response.status_code in {400, 404} or codes_of(response) == ["NO_RELATIONSHIP"]


@pytest.mark.parametrize("made", [triaged, booked])
def test_an_application_does_nothing_with_a_strangers_referral(made):
    """Neither of another organisation, nor of a service that it was not given: H39."""
    referral, own = made(), a_service()
    strangers = (
        AnApplication(OTHER_HOSPITAL, writes=WRITES),
        AnApplication(writes=WRITES, services=(own,)),
    )
    for call in calls(referral):
        for stranger in strangers:
            assert refused(call(stranger))
    referral.refresh_from_db()
    assert referral.steps.filter(by__in=[str(e.actor.person) for e in strangers]).count() == 0
    given = AnApplication(writes=WRITES, services=(own, referral.service))
    assert given.get(at(referral)).status_code == 200
    advice = reviewing("RETURN_TO_REFERRER_WITH_ADVICE", "Try rest")
    if made is triaged:
        done = given.post(at(referral, "recordReviewOutcome"), advice, **on(referral))
        assert done.status_code == 200


def test_what_left_its_service_an_application_reads_and_no_longer_changes():
    referral, other = triaged(), a_service()
    first = AnApplication(writes=WRITES, services=(referral.service,))
    actions.redirect(
        actor=a_booking_office().actor,
        referral_id=referral.pk,
        service_id=other.pk,
        reason=next(iter(reasons_for("redirect_reason", timezone.localdate()))),
        comment="Knees",
    )
    reason, *_ = reasons_for("cancel_reason", timezone.localdate(), ("provider",))
    assert first.get(at(referral)).status_code == 200
    tried = first.post(at(referral, "cancelReferral"), ending(reason), **on(referral))
    assert "NO_RELATIONSHIP" in codes_of(tried)


def test_the_lists_of_an_application_are_of_its_services():
    own, other = a_service(), a_service()
    caller = AnApplication(services=(own,))
    assert caller.post(AT, of_service("REFERRALS_FOR_REVIEW", own)).status_code == 200
    refusal = caller.post(AT, of_service("REFERRALS_FOR_REVIEW", other))
    assert codes_of(refusal) == ["NO_RELATIONSHIP"]


def test_an_application_reads_the_advice_and_the_files_of_its_services_alone():
    question = a_question()
    path = f"/STU3/CommunicationRequest/{question.ubrn}"
    assert AnApplication(services=(question.service,)).get(path).status_code == 200
    assert AnApplication(services=(a_service(),)).get(path).status_code == 404
    referral, gp = booked(), a_gp()
    location = uploaded(gp, to=referral)["Location"]
    gp.post(at(referral, "maintainReferralLetter"), letter(location), **on(referral))
    given, stranger = (
        AnApplication(services=(referral.service,)),
        AnApplication(services=(a_service(),)),
    )
    assert given.get(f"/R4/{location}").status_code == 307
    assert stranger.get(f"/R4/{location}").status_code == 404


@pytest.mark.parametrize("step", ["recordReviewOutcome", "cancelReferral"])
def test_an_application_sends_nobody_away_who_may_have_cancer(step):
    referral = a_referral(
        a_service(takes_triage=True, two_week_wait=True),
        triage=True,
        criteria=Criteria(treatment_function="C_110", priority=Priority.TWO_WEEK_WAIT),
    )
    reason, *_ = reasons_for("cancel_reason", timezone.localdate(), ("provider",))
    bodies = {
        "recordReviewOutcome": reviewing("RETURN_TO_REFERRER_WITH_ADVICE", "Try rest"),
        "cancelReferral": ending(reason),
    }
    caller = AnApplication(writes=WRITES)
    response = caller.post(at(referral, step), bodies[step], **on(referral))
    assert codes_of(response) == ["INAPPROPRIATE_VALUE"]
    taken_on = reviewing("ACCEPT_REFER_BOOK_LATER", "Book")
    done = caller.post(at(referral, "recordReviewOutcome"), taken_on, **on(referral))
    assert done.status_code == 200


def test_an_application_decides_on_no_priority():
    referral = triaged()
    caller = AnApplication(writes=WRITES)
    urgent = coded("reviewPriority", "Priority", "URGENT")
    body = reviewing("ACCEPT_REFER_BOOK_LATER", "Seen", urgent)
    response = caller.post(at(referral, "recordReviewOutcome"), body, **on(referral))
    assert codes_of(response) == ["VALUE_IS_REQUIRED"]


def of_service(name, service):
    return wanted(name, identified("service", SERVICE, getattr(service, "pk", service)))


@pytest.mark.parametrize("name", OF_PROVIDERS)
def test_a_list_of_a_service_is_had_twice_a_day(name):
    caller, service, other = AnApplication(), a_service(), a_service()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False):
        answers = [caller.post(AT, of_service(name, service)) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert 12 * 3600 - 3600 <= int(answers[-1]["Retry-After"]) <= 13 * 3600 + 1
        assert caller.post(AT, of_service(name, other)).status_code == 200
        assert AnApplication().post(AT, of_service(name, service)).status_code == 200
        assert a_booking_office().post(AT, of_service(name, service)).status_code == 200
        ApplicationUse.objects.update(day=noon.date() - A_DAY)
        assert caller.post(AT, of_service(name, service)).status_code == 200
    mine = ApplicationUse.objects.filter(application=caller.actor.person)
    assert [each.times for each in mine] == [1]


def test_a_list_holds_the_service_alone():
    referral = booked()
    booked()
    body = of_service("REFERRALS_FOR_REVIEW", referral.service)
    assert found(AnApplication().post(AT, body)) == [referral.ubrn]


def test_a_list_is_of_a_service_of_the_organisation():
    caller = AnApplication()
    strange = a_service(OTHER_HOSPITAL)
    assert codes_of(caller.post(AT, wanted("REFERRALS_FOR_REVIEW"))) == ["MISSING_VALUE"]
    for each in (strange, "x", "9" * 18):
        refused = caller.post(AT, of_service("REFERRALS_FOR_REVIEW", each))
        assert codes_of(refused) == ["NO_RELATIONSHIP"]
    assert not ApplicationUse.objects.exists()


@pytest.mark.parametrize("name", OF_REFERRERS)
def test_the_lists_of_practices_are_not_for_applications(name):
    assert AnApplication().post(AT, wanted(name)).status_code == 403


def test_uses_beyond_the_limit_are_not_counted():
    who, day = AnApplication().actor.person, timezone.localdate()
    counted = [count_use(application=who, what="x", day=day, most=2) for _ in range(4)]
    assert counted == [True, True, False, False]
    assert ApplicationUse.objects.get().times == 2


def test_a_token_that_was_revoked_or_ended_opens_nothing():
    caller = AnApplication()
    revoke(caller.row)
    assert caller.get(LIST).status_code == 401
    caller = AnApplication()
    ApiToken.objects.filter(pk=caller.row.pk).update(expires_at=timezone.now())
    assert caller.get(LIST).status_code == 401
    made = Entry.objects.filter(action="made an API token").last()
    assert '"organisation":"RAA"' in made.detail.replace(" ", "")


def test_an_application_is_nobody_of_the_staff():
    caller = AnApplication()
    assert not Membership.objects.exists()
    assert not caller.row.person.identities.exists()
    actor, scopes = holder_of(caller.token)
    assert actor.is_application
    assert scopes == {Scope.ERS_UNATTENDED}


def test_the_scopes_of_applications_and_of_people_do_not_mix():
    application = AnApplication().row.person.application
    for scope in set(Scope) - {Scope.ERS_UNATTENDED} - UNATTENDED_WRITES:
        with pytest.raises(ValueError, match="scopes"):
            make(owner=application, name="x", scopes=(scope,), lasts=A_DAY)
    for scope in (Scope.ERS_UNATTENDED, *UNATTENDED_WRITES):
        with pytest.raises(ValueError, match="scopes"):
            make(owner=a_booking_office().member, name="x", scopes=(scope,), lasts=A_DAY)


@pytest.mark.parametrize("role", sorted(STAFF - {Role.PROVIDER_ADMINISTRATOR}))
def test_no_application_is_a_clinician_and_none_of_a_practice_changes_anything(role):
    with pytest.raises(ValueError, match=r"application"):
        let_in(
            name="x",
            role=role,
            organisation_code="RAA",
            icb_code="",
            writes=[Scope.ERS_CANCEL] if role in REFERRING else [],
            lasts=A_DAY,
        )
    assert not Application.objects.exists()
