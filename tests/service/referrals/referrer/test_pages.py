"""From the patient to the referral, and what each page says on the way."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.service.directory.made_up import a_service, a_slot
from tests.service.people import (
    OTHER_HOSPITAL,
    OTHER_PRACTICE,
    PRACTICE,
    a_member,
    a_patient,
    signed_in,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.referrals.models import ChoiceEvent, Referral
from clockstop.service.referrals.referrer.drafts import Draft

pytestmark = pytest.mark.django_db
NEED = {"what": "C_110", "priority": "routine"}
FEW = {"few_because": "fewer_suitable"}


def at(name, key):
    return reverse(name, args=(key,))


def searched(client, patient, **more):
    return client.post(at("refer_patient", patient.pk), NEED | more)


def menu_of(client, patient, **asked):
    return client.get(at("refer_menu", patient.pk), asked).content.decode()


def ticked(client, patient, *services, **more):
    keys = [each.pk for each in services]
    return client.post(at("refer_menu", patient.pk), {"on_page": keys, "service": keys} | more)


def referred(client, patient, *services, **more):
    """Search, tick, refer."""
    searched(client, patient)
    ticked(client, patient, *services)
    client.post(at("refer_choice", patient.pk), FEW | more)
    return Referral.objects.get(patient=patient)


@given(st.lists(st.integers(1, 9), min_size=1, unique=True), st.integers(0, 8), st.integers(-3, 3))
def test_moving_changes_the_order_alone(services, which, places):
    service = services[which % len(services)]
    moved = Draft(search="{}", services=tuple(services)).moved(service, places).services
    assert sorted(moved) == sorted(services)
    assert [each for each in moved if each != service] == [x for x in services if x != service]
    wanted = services.index(service) + places
    assert moved.index(service) == min(max(wanted, 0), len(services) - 1)


class TestFinding:
    def test_a_number_leads_straight_to_the_patient(self, gp):
        patient = a_patient()
        answer = gp.post(reverse("refer"), {"nhs_number": patient.nhs_number})
        assert answer.status_code == 302
        assert answer["Location"] == at("refer_patient", patient.pk)

    def test_a_name_that_several_have_lists_them(self, gp):
        two = [a_patient(family_name="Smith", given_name=name) for name in ("Ada", "Bo")]
        elsewhere = a_patient(family_name="Smith", practice_code=OTHER_PRACTICE)
        page = gp.post(reverse("refer"), {"family_name": "smith"}).content.decode()
        assert [str(each.pk) in page for each in two] == [True, True]
        assert str(elsewhere.pk) not in page

    def test_a_number_that_was_joined_to_another_leads_to_the_record_that_stands(self, gp):
        kept = a_patient()
        old = a_patient(merged_into=kept)
        answer = gp.post(reverse("refer"), {"nhs_number": old.nhs_number})
        assert answer["Location"] == at("refer_patient", kept.pk)

    @pytest.mark.parametrize("asked", [{}, {"nhs_number": "123"}])
    def test_nothing_or_a_wrong_number_is_an_error_at_its_field(self, gp, asked):
        answer = gp.post(reverse("refer"), asked)
        assert answer.status_code == 400
        assert 'id="nhs_number-error"' in answer.content.decode()

    def test_a_patient_of_another_practice_is_not_there(self, gp):
        other = a_patient(practice_code=OTHER_PRACTICE)
        for name in ("refer_patient", "refer_menu", "refer_choice", "refer_change"):
            assert gp.get(at(name, other.pk)).status_code == 404


class TestSearching:
    def test_the_menu_is_two_steps_from_the_patient(self, gp):
        patient, service = a_patient(), a_service()
        answer = searched(gp, patient)
        assert answer["Location"] == at("refer_menu", patient.pk)
        assert f'value="{service.pk}"' in menu_of(gp, patient)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"what": ""}, "what"),
            ({"what": "C_999"}, "what"),
            ({"priority": ""}, "priority"),
            ({"place": "nowhere"}, "place"),
            ({"clinician": "Nobody"}, "clinician"),
            ({"clinic_type": "NO_SUCH"}, "clinic_type"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, gp, wrong, field):
        answer = gp.post(at("refer_patient", a_patient().pk), NEED | wrong)
        assert answer.status_code == 400
        assert f'id="{field}-error"' in answer.content.decode()

    def test_a_clinician_is_found_by_a_part_of_the_name(self, gp):
        patient = a_patient()
        hers, other = a_service(clinicians=("111",)), a_service()
        searched(gp, patient, clinician="dr 1")
        page = menu_of(gp, patient)
        assert f'value="{hers.pk}"' in page
        assert f'value="{other.pk}"' not in page

    def test_without_a_search_there_is_no_menu(self, gp):
        patient = a_patient()
        answer = gp.get(at("refer_menu", patient.pk))
        assert answer["Location"] == at("refer_patient", patient.pk)

    def test_no_address_holds_a_postcode_or_a_number(self, gp):
        patient = a_patient()
        answer = searched(gp, patient, place="LS1 4AP")
        assert "LS1" not in answer["Location"]


class TestMenu:
    def test_the_order_is_the_one_that_was_asked_for_and_is_kept(self, gp):
        patient = a_patient(postcode="LS1 4AP")
        near = a_service(name="Near", latitude=53.8, longitude=-1.55)
        far = a_service(OTHER_HOSPITAL, name="Far", latitude=51.5, longitude=0.0)
        a_slot(far)
        searched(gp, patient)
        assert order(menu_of(gp, patient)) == [far.pk, near.pk]
        assert order(menu_of(gp, patient, sort="distance")) == [near.pk, far.pk]
        assert order(menu_of(gp, patient)) == [near.pk, far.pk]

    def test_each_provider_stands_once_until_more_is_asked_for(self, gp):
        patient = a_patient()
        hips, feet = a_service(name="Hips"), a_service(name="Feet")
        other = a_service(OTHER_HOSPITAL)
        a_slot(feet)
        searched(gp, patient)
        page = menu_of(gp, patient)
        assert order(page) == [feet.pk, other.pk]
        assert "1 more service<" in page
        assert order(menu_of(gp, patient, provider="RAA")) == [feet.pk, hips.pk]
        answer = gp.post(at("refer_menu", patient.pk), {"provider": "RAA"})
        assert answer["Location"].endswith("?provider=RAA#menu")
        gp.post(at("refer_menu", patient.pk), {"every": "yes"})
        assert order(menu_of(gp, patient)) == [feet.pk, hips.pk, other.pk]
        gp.post(at("refer_menu", patient.pk), {"every": "no"})
        assert order(menu_of(gp, patient)) == [feet.pk, other.pk]

    def test_suspected_cancer_has_one_order_and_no_prompt(self, gp):
        patient = a_patient(postcode="LS1 4AP")
        values = {"two_week_wait": True, "latitude": 53.8, "longitude": -1.55}
        near = a_service(name="Near", **values)
        first = a_service(OTHER_HOSPITAL, name="First", **values | {"latitude": 51.5})
        a_slot(first, two_week_wait=True)
        searched(gp, patient, priority="two_week_wait")
        page = menu_of(gp, patient, sort="distance")
        assert order(page) == [first.pk, near.pk]
        assert 'id="sort"' not in page
        ticked(gp, patient, first)
        page = gp.get(at("refer_choice", patient.pk)).content.decode()
        assert "fewer than five" not in page
        assert "1 provider<" in menu_of(gp, patient)

    def test_the_tray_counts_providers_and_not_services(self, gp):
        patient = a_patient()
        services = [a_service(), a_service(name="Feet"), a_service(OTHER_HOSPITAL)]
        searched(gp, patient)
        ticked(gp, patient, *services)
        page = menu_of(gp, patient)
        assert "<strong>2 of 5 providers</strong>" in page
        assert "(3 services)" in page

    def test_ticks_stay_over_pages_and_sorting_and_can_be_taken_back(self, gp):
        patient, service, other = a_patient(), a_service(), a_service(name="Feet")
        searched(gp, patient)
        ticked(gp, patient, service)
        gp.post(at("refer_menu", patient.pk), {"on_page": [other.pk], "sort": "quality"})
        assert f'id="tick-{service.pk}" name="service" value="{service.pk}" checked' in menu_of(
            gp, patient
        )
        gp.post(at("refer_menu", patient.pk), {"remove": service.pk})
        assert "checked" not in menu_of(gp, patient)

    def test_the_shortlist_is_put_into_the_order_that_the_patient_prefers(self, gp):
        patient = a_patient()
        hips, feet, hands = (a_service(name=each) for each in ("Hips", "Feet", "Hands"))
        searched(gp, patient)
        ticked(gp, patient, hips, feet, hands)
        page = menu_of(gp, patient)
        assert page.count('name="up"') == page.count('name="down"') == 2  # none beyond the ends
        there = ticked(gp, patient, hips, feet, hands, up=hands.pk)["Location"]
        assert there.endswith(f"?moved={hands.pk}#moved")
        page = gp.get(there.partition("#")[0]).content.decode()
        assert re.search(r'id="moved" tabindex="-1">[^<]*: Hands is number 2 of 3 now<', page)
        ticked(gp, patient, hips, feet, hands, down=hips.pk)
        gp.post(at("refer_choice", patient.pk), FEW)
        held = Referral.objects.get(patient=patient).shortlist
        assert list(held.values_list("service__name", "position")) == [
            ("Hands", 1),
            ("Hips", 2),
            ("Feet", 3),
        ]

    @pytest.mark.parametrize("sent", ["x", "0", "999999999"])
    def test_what_is_not_on_the_shortlist_moves_nowhere(self, gp, sent):
        patient, service = a_patient(), a_service()
        searched(gp, patient)
        answer = ticked(gp, patient, service, up=sent)
        page = gp.get(answer["Location"].partition("#")[0]).content.decode()
        assert 'id="moved"' not in page
        assert "1 of 5 providers" in page

    def test_another_specialty_begins_another_shortlist(self, gp):
        patient, service = a_patient(), a_service()
        searched(gp, patient)
        ticked(gp, patient, service)
        searched(gp, patient, what="C_130")
        assert "0 of 5" not in gp.get(at("refer_choice", patient.pk)).content.decode()
        assert gp.get(at("refer_choice", patient.pk)).status_code == 302

    def test_a_sensitive_record_has_no_distance_even_if_one_is_typed(self, gp):
        patient = a_patient(sensitive=True, postcode="LS1 4AP")
        a_service(latitude=53.8, longitude=-1.55)
        searched(gp, patient, place="LS1 4AP", within="30")
        page = menu_of(gp, patient)
        assert "miles" not in page
        assert 'value="distance"' not in page
        assert "LS1" not in page

    def test_why_a_service_is_not_shown_is_said_with_all_reasons(self, gp):
        patient = a_patient(postcode="LS1 4AP", sex="2")
        a_service(name="Children only", max_age_months=200, sex_treated="MALE")
        a_service(OTHER_HOSPITAL, name="Far away", latitude=51.5, longitude=0.0)
        searched(gp, patient, within="20")
        page = gp.get(at("refer_not_shown", patient.pk)).content.decode()
        for words in (
            "older than the service treats",
            "does not treat patients of this sex",
            "farther than 20 miles",
        ):
            assert words in page
        page = gp.get(at("refer_not_shown", patient.pk), {"provider": "RAA"}).content.decode()
        assert "Far away" not in page

    def test_reading_the_menu_again_writes_nothing(self, gp, django_assert_max_num_queries):
        patient = a_patient()
        a_service()
        searched(gp, patient)
        menu_of(gp, patient)
        with django_assert_max_num_queries(14) as asked:
            menu_of(gp, patient)
        assert not [each for each in asked.captured_queries if "UPDATE" in each["sql"]]


def order(page):
    return [int(key) for key in re.findall(r'id="service-(\d+)"', page)]


class TestReferring:
    def test_a_referral_is_made_with_everything_that_was_said(self, gp):
        patient, service = a_patient(), a_service()
        searched(gp, patient)
        menu_of(gp, patient)
        ticked(gp, patient, service)
        answer = gp.post(
            at("refer_choice", patient.pk),
            FEW
            | {
                "offered": "yes",
                "information": ["waits", "distance"],
                "wishes": ["wait"],
                "channel": "surgery",
                "condition": "Hip pain",
                "clinical_information": "Six months of pain",
                "requirements": ["TRANSPORT"],
                "files": SimpleUploadedFile("letter.pdf", b"%PDF-1.7 x"),
            },
        )
        referral = Referral.objects.get()
        assert answer["Location"].startswith(at("referred_book", referral.pk))
        assert referral.referrer == str(gp.member.person_id)
        assert (referral.condition, referral.additional_requirements) == (
            "Hip pain",
            ("TRANSPORT",),
        )
        assert referral.documents.get().title == "letter.pdf"
        choice = ChoiceEvent.objects.get()
        assert (choice.offered, choice.information, choice.reasons, choice.channel) == (
            "yes",
            "waits distance",
            "wait",
            "surgery",
        )
        assert (choice.few_because, choice.services_shown) == ("fewer_suitable", 1)

    def test_what_is_left_open_counts_as_not_recorded(self, gp):
        referred(gp, a_patient(), a_service())
        assert ChoiceEvent.objects.get().offered == ""

    def test_why_fewer_than_five_must_be_said_and_nothing_else(self, gp):
        patient = a_patient()
        searched(gp, patient)
        ticked(gp, patient, a_service())
        answer = gp.post(at("refer_choice", patient.pk), {})
        assert answer.status_code == 400
        assert 'id="few_because-error"' in answer.content.decode()
        assert not Referral.objects.exists()
        gp.post(at("refer_choice", patient.pk), FEW)
        assert Referral.objects.exists()

    def test_a_case_without_the_right_asks_for_no_reason(self, gp):
        patient = a_patient()
        searched(gp, patient)
        ticked(gp, patient, a_service())
        gp.post(at("refer_choice", patient.pk), {"excluded": "maternity"})
        choice = ChoiceEvent.objects.get()
        assert (choice.in_scope, choice.excluded_because, choice.few_because) == (
            False,
            "maternity",
            "",
        )

    def test_five_providers_ask_for_no_reason(self, gp):
        patient = a_patient()
        searched(gp, patient)
        ticked(gp, patient, *(a_service(f"R{number}") for number in range(5)))
        assert "few_because" not in gp.get(at("refer_choice", patient.pk)).content.decode()
        gp.post(at("refer_choice", patient.pk), {})
        assert ChoiceEvent.objects.get().providers == 5

    def test_pressing_refer_twice_makes_one_referral(self, gp):
        patient = a_patient()
        referred(gp, patient, a_service())
        gp.post(at("refer_choice", patient.pk), FEW)
        assert Referral.objects.count() == 1

    def test_a_wrong_file_makes_no_referral_and_says_why(self, gp):
        patient = a_patient()
        searched(gp, patient)
        ticked(gp, patient, a_service())
        sent = FEW | {"files": SimpleUploadedFile("x.exe", b"MZ")}
        answer = gp.post(at("refer_choice", patient.pk), sent)
        assert answer.status_code == 400
        assert 'id="files-error"' in answer.content.decode()
        assert not Referral.objects.exists()

    def test_one_triage_service_is_warned_of_and_sent_at_once(self, gp):
        patient = a_patient()
        service = a_service(takes_triage=True, urgent=True)
        searched(gp, patient, priority="urgent")
        ticked(gp, patient, service)
        page = gp.get(at("refer_choice", patient.pk)).content.decode()
        assert "One triage service alone" in page
        assert "do so now" in page
        gp.post(at("refer_choice", patient.pk), FEW | {"triage": "yes"})
        assert Referral.objects.get().state == "AWAITING_TRIAGE"

    def test_a_secretary_names_the_clinician(self, client):
        doctor = a_member(Role.REFERRER, PRACTICE)
        secretary = a_member(Role.REFERRING_ADMINISTRATOR, PRACTICE)
        client = signed_in(client, secretary)
        patient = a_patient()
        searched(client, patient)
        ticked(client, patient, a_service())
        answer = client.post(at("refer_choice", patient.pk), FEW)
        assert 'id="acting_for-error"' in answer.content.decode()
        chosen = {"acting_for": str(doctor.person_id)}
        client.post(at("refer_choice", patient.pk), FEW | chosen)
        assert Referral.objects.get().referrer == str(doctor.person_id)

    def test_nobody_is_referred_who_has_died(self, gp):
        patient = a_patient(died_on=date(2025, 1, 1))
        page = gp.get(at("refer_patient", patient.pk)).content.decode()
        assert "Nobody can be referred who has died" in page
        searched(gp, patient)
        ticked(gp, patient, a_service())
        assert gp.post(at("refer_choice", patient.pk), FEW).status_code == 400
        assert not Referral.objects.exists()


class TestReferral:
    def test_booking_takes_the_slot(self, gp):
        service = a_service()
        slot = a_slot(service)
        referral = referred(gp, a_patient(), service)
        page = gp.get(at("referred_book", referral.pk)).content.decode()
        assert f'name="slot" value="{slot.pk}"' in page
        answer = gp.post(at("referred_book", referral.pk), {"slot": slot.pk, "version": 1})
        assert answer["Location"] == f"{at('referred', referral.pk)}?done=book"
        referral.refresh_from_db()
        assert referral.state == "BOOKED"
        assert "Booked" in gp.get(answer["Location"]).content.decode()

    def test_where_nothing_is_free_the_promise_is_said_and_kept(self, gp):
        service = a_service()
        referral = referred(gp, a_patient(), service)
        page = gp.get(at("referred_book", referral.pk)).content.decode()
        promised = re.search(r"in touch by <strong>([^<]+)</strong>", page)[1]
        gp.post(at("referred_book", referral.pk), {"defer": service.pk, "version": 1})
        referral.refresh_from_db()
        assert referral.state == "DEFERRED_TO_PROVIDER"
        shown = f"{referral.contact_by.day} {referral.contact_by:%B %Y}"
        assert shown == promised

    def test_a_slot_that_has_just_gone_is_said_so(self, gp):
        service = a_service()
        slot = a_slot(service)
        referral = referred(gp, a_patient(), service)
        slot.status = "booked"
        slot.save()
        answer = gp.post(at("referred_book", referral.pk), {"slot": slot.pk, "version": 1})
        assert answer.status_code == 400
        assert "Somebody else has just booked this time" in answer.content.decode()

    def test_a_page_that_is_out_of_date_changes_nothing(self, gp):
        service = a_service()
        slot = a_slot(service)
        referral = referred(gp, a_patient(), service)
        answer = gp.post(at("referred_book", referral.pk), {"slot": slot.pk, "version": 7})
        assert answer.status_code == 409
        assert Referral.objects.get().state == "NOT_BOOKED"

    def test_an_appointment_is_cancelled_for_the_patient_with_a_reason(self, gp):
        service = a_service()
        slot = a_slot(service)
        referral = referred(gp, a_patient(), service)
        gp.post(at("referred_book", referral.pk), {"slot": slot.pk, "version": 1})
        end = reverse("referred_end", args=(referral.pk, "cancel-appointment"))
        assert gp.post(end, {"version": 2}).status_code == 400
        page = gp.get(end).content.decode()
        reason = re.search(r'name="reason" type="radio" value="([A-Z_]+)"', page)[1]
        gp.post(end, {"version": 2, "reason": reason, "comment": "Asked to"})
        referral.refresh_from_db()
        slot.refresh_from_db()
        assert (referral.state, slot.status) == ("APPT_CANCELLED_BY_PATIENT", "free")

    def test_the_referral_ends_with_a_reason_of_the_referrers(self, gp):
        referral = referred(gp, a_patient(), a_service())
        end = reverse("referred_end", args=(referral.pk, "cancel"))
        page = gp.get(end).content.decode()
        assert "BOOKED_CLINICAL_NEED" not in page  # a provider's
        gp.post(end, {"version": 1, "reason": "INTEND_PRIVATE"})
        referral.refresh_from_db()
        assert referral.state == "CANCELLED_REFERRAL"
        assert "the referral has ended" in gp.get(at("referred", referral.pk)).content.decode()

    def test_the_shortlist_changes_and_what_it_would_lose_is_said(self, gp):
        first = a_service(additional_requirements=("TRANSPORT",))
        second = a_service(OTHER_HOSPITAL)
        patient = a_patient()
        referral = referred(gp, patient, first, requirements=["TRANSPORT"])
        gp.post(at("referred_shortlist", referral.pk))
        assert f'value="{first.pk}" checked' in menu_of(gp, patient)
        ticked(gp, patient, second)
        gp.post(at("refer_menu", patient.pk), {"remove": first.pk})
        page = gp.get(at("refer_change", patient.pk)).content.decode()
        assert "Additional requirements would be lost" in page
        gp.post(at("refer_change", patient.pk), {"save": "yes"})
        held = referral.shortlist.get(replaced=False)
        assert held.service == second
        referral.refresh_from_db()
        assert referral.additional_requirements == ("TRANSPORT",)

    def test_files_are_attached_saved_and_taken_off(self, gp):
        referral = referred(gp, a_patient(), a_service())
        sent = {"files": SimpleUploadedFile("letter.pdf", b"%PDF-1.7 x")}
        gp.post(at("referred_attach", referral.pk), sent)
        held = referral.documents.get()
        file = reverse("referred_document", args=(referral.pk, held.pk))
        answer = gp.get(file)
        assert answer.content == b"%PDF-1.7 x"
        assert answer["Content-Disposition"].startswith("attachment;")
        gp.post(file)
        assert gp.get(file).status_code == 404

    def test_a_file_of_another_referral_is_not_there(self, gp):
        one, two = (referred(gp, a_patient(), a_service()) for _ in range(2))
        sent = {"files": SimpleUploadedFile("letter.pdf", b"%PDF-1.7 x")}
        gp.post(at("referred_attach", one.pk), sent)
        key = one.documents.get().pk
        assert gp.get(reverse("referred_document", args=(two.pk, key))).status_code == 404

    def test_opening_a_referral_is_audited(self, gp):
        referral = referred(gp, a_patient(), a_service())
        gp.get(at("referred", referral.pk))
        last = Entry.objects.order_by("-number").first()
        assert (last.action, last.subject) == ("viewed a referral", str(referral.pk))

    def test_another_practice_sees_nothing_of_it(self, gp):
        referral = referred(gp, a_patient(), a_service())
        other = signed_in(Client(), a_member(Role.REFERRER, OTHER_PRACTICE))
        for name in ("referred", "referred_book", "referred_letter"):
            assert other.get(at(name, referral.pk)).status_code == 404
