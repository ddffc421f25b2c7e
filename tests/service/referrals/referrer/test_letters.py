"""The patient's letter: its code, its words, and a PDF that a screen reader can read."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.service.directory.made_up import a_service, a_slot
from tests.service.messaging.made_up import reached
from tests.service.people import OTHER_HOSPITAL, PRACTICE, a_member, a_patient, signed_in
from tests.service.referrals.made_up import a_referral, a_referrer

from clockstop.service.accounts.codes import fingerprint
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.messaging.letters.blocks import MADE_UP
from clockstop.service.messaging.letters.pdf import pdf
from clockstop.service.referrals import actions
from clockstop.service.referrals.choice import Conversation
from clockstop.service.referrals.letters import letter_of
from clockstop.service.referrals.models import AccessCode
from clockstop.service.ui import figures as shown

pytestmark = pytest.mark.django_db
SITE = "example.test/booking/"
URGENT = Criteria(treatment_function="C_110", priority=Priority.TWO_WEEK_WAIT)


def in_words(when):
    return shown.day(timezone.localdate(when))


def made(referral, **more):
    return actions.make_letter(actor=a_referrer(), referral_id=referral.pk, site=SITE, **more)


def said(letter):
    """All words of a letter."""
    parts = [str(each) for each in letter.blocks]
    return " ".join([letter.title, letter.to, *letter.address, letter.sender, *parts])


class TestCode:
    def test_only_a_fingerprint_of_it_is_kept(self):
        referral = a_referral()
        letter, code = made(referral)
        assert code in said(letter)
        kept = AccessCode.objects.get(referral=referral)
        assert kept.fingerprint == fingerprint(code)
        assert code not in str(vars(kept))

    def test_a_new_letter_ends_the_code_before(self):
        referral = a_referral()
        _, first = made(referral)
        _, second = made(referral)
        assert AccessCode.objects.get().fingerprint == fingerprint(second) != fingerprint(first)

    def test_a_sensitive_record_has_neither_code_nor_address_nor_distance(self, figures):
        patient = a_patient(sensitive=True, postcode="LS1 4AP", address="1 Hidden Lane")
        letter, code = made(a_referral(patient=patient))
        assert code == ""
        assert not AccessCode.objects.exists()
        for trace in ("Hidden", "LS1", "Miles", "Access code", SITE):
            assert trace not in said(letter)
        assert letter.sender == ""
        assert "Call the place" in said(letter)

    def test_none_is_made_of_a_referral_that_ended_or_for_somebody_who_died(self):
        ended = a_referral()
        actions.cancel_referral(actor=a_referrer(), referral_id=ended.pk, reason="INTEND_PRIVATE")
        with pytest.raises(actions.StepRefusedError, match="has ended"):
            made(ended)


class TestWords:
    def test_the_shortlist_stands_there_with_what_to_do_and_the_right(self):
        two = a_service(patient_phone="01632 960001"), a_service(OTHER_HOSPITAL)
        a_slot(two[0])
        letter, _ = made(a_referral(*two, conversation=Conversation(offered=True)))
        words = said(letter)
        for each in ("Hospital RAA", "Hospital RBB", "01632 960001", SITE, "legal right"):
            assert each in words

    def test_one_who_is_booked_reads_when_and_where(self):
        service, actor = a_service(site_name="North Site"), a_referrer()
        slot = a_slot(service)
        referral = a_referral(service, actor=actor)
        actions.book(actor=actor, referral_id=referral.pk, slot_id=slot.pk)
        words = said(made(referral)[0])
        assert "You have an appointment on" in words
        assert "North Site" in words
        assert "Where you can go" not in words

    def test_one_whom_a_provider_will_book_reads_by_when(self):
        service, actor = a_service(), a_referrer()
        referral = a_referral(service, actor=actor)
        actions.defer(
            actor=actor,
            referral_id=referral.pk,
            service_id=service.pk,
            reason="NO_SLOTS_AT_SERVICE",
        )
        referral.refresh_from_db()
        assert f"in touch with you by {referral.contact_by.day} " in said(made(referral)[0])

    def test_suspected_cancer_says_nothing_of_a_right_that_does_not_hold(self):
        letter, _ = made(a_referral(a_service(two_week_wait=True), criteria=URGENT))
        assert "legal right" not in said(letter)

    @pytest.mark.parametrize("needs", [{}, {"easy_read": True}], ids=["plain", "easy"])
    def test_suspected_cancer_reads_no_waits_for_treatment(self, needs, figures):
        service, patient = a_service(two_week_wait=True), reached(**needs)
        words = said(made(a_referral(service, patient=patient, criteria=URGENT))[0])
        assert "Hospital RAA" in words
        for each in ("Treated within", "8 in 10", "waits are for"):
            assert each not in words
        routine = said(made(a_referral(service, patient=patient))[0])
        assert "Treated within" in routine

    def test_the_first_free_time_is_one_of_their_own_priority(self):
        service = a_service(two_week_wait=True)
        day = timezone.now() + timedelta(days=2)
        a_slot(service, day, routine=False, urgent=False, two_week_wait=True)
        a_slot(service, day + timedelta(days=30), two_week_wait=False)
        routine, urgent = a_referral(service), a_referral(service, criteria=URGENT)
        soon, later = in_words(day), in_words(day + timedelta(days=30))
        assert later in said(made(routine)[0])
        assert soon not in said(made(routine)[0])
        assert soon in said(made(urgent)[0])

    def test_the_demo_says_that_it_is_nobodys(self, settings):
        referral = a_referral()
        settings.CLOCKSTOP_PERSONAS = False
        assert letter_of(referral, "", SITE, referral.created_at.date()).notice == ""
        settings.CLOCKSTOP_PERSONAS = True
        assert letter_of(referral, "", SITE, referral.created_at.date()).notice == MADE_UP


class TestPdf:
    @pytest.fixture
    def letter(self):
        patient = a_patient(given_name="#panic()", family_name="O'Brien *x* $y$")
        service = a_service(name="Hips [and] #knees", patient_phone="01632 960001")
        a_slot(service)
        return made(a_referral(service, patient=patient))

    @pytest.fixture
    def reader(self, letter):
        return PdfReader(BytesIO(pdf(letter[0])))

    def test_it_is_tagged_and_says_its_language_and_title(self, reader, letter):
        root = reader.trailer["/Root"]
        assert "/StructTreeRoot" in root
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata.title == letter[0].title

    def test_headings_lists_and_table_heads_are_tagged_as_such(self, reader):
        kinds = set(_kinds(reader.trailer["/Root"]["/StructTreeRoot"]))
        assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD"} <= kinds

    def test_every_word_can_be_read_and_nothing_is_run(self, reader, letter):
        text = " ".join(page.extract_text() for page in reader.pages)
        plain = " ".join(text.split())
        for words in ("#panic() O'Brien *x* $y$", "[and] #knees", letter[1], "01632 960001"):
            assert words in plain


def _kinds(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        held = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(held, dict) and "/S" in held:
            yield held["/S"]
            yield from _kinds(held)


class TestPages:
    def test_reading_the_page_makes_no_letter(self, gp):
        referral = a_referral()
        gp.get(reverse("referred_letter", args=(referral.pk,)))
        assert not AccessCode.objects.exists()

    def test_the_letter_and_its_pdf_have_the_same_code(self, gp):
        referral = a_referral()
        page = gp.post(reverse("referred_letter", args=(referral.pk,))).content.decode()
        code = re.search(r'name="code" value="([^"]+)"', page)[1]
        assert f"<dd>{code}</dd>" in page
        answer = gp.post(reverse("referred_letter_file", args=(referral.pk,)), {"code": code})
        assert answer["Content-Type"] == "application/pdf"
        text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
        assert code in text
        assert AccessCode.objects.get().fingerprint == fingerprint(code)

    def test_a_code_that_is_not_the_last_one_makes_no_pdf(self, gp):
        referral = a_referral()
        gp.post(reverse("referred_letter", args=(referral.pk,)))
        file = reverse("referred_letter_file", args=(referral.pk,))
        for code in ("", "AAAA AAAA"):
            assert gp.post(file, {"code": code}).status_code == 302


def texts(data):
    """What a PDF says, and the sizes of all its words in points."""
    sizes = set()

    def seen(text, cm, tm, _font, size):
        if text.strip():
            sizes.add(round(size * abs(tm[3]) * abs(cm[3])))

    pages = [each.extract_text(visitor_text=seen) for each in PdfReader(BytesIO(data)).pages]
    return " ".join(" ".join(pages).split()), sizes


class TestForms:
    """What the patient asked for is what the practice prints."""

    def test_large_print_has_nothing_smaller_than_18_points_and_no_table(self):
        patient = reached(large_print=True)
        letter, code = made(a_referral(patient=patient))
        assert "table" not in {each.kind for each in letter.blocks}
        words, sizes = texts(pdf(letter))
        assert min(sizes) >= 18
        assert code in words
        assert "Hospital RAA" in words
        plain, small = texts(pdf(made(a_referral())[0]))
        assert min(small) < 18
        assert "Treated within" in plain

    def test_easy_read_is_short_says_the_same_and_that_it_has_no_pictures(self):
        service = a_service(patient_phone="01632 960001")
        letter, code = made(a_referral(service, patient=reached(easy_read=True)))
        words = said(letter)
        for each in (code, SITE, "Hospital RAA", "01632 960001", "right to choose", "no pictures"):
            assert each in words
        lines = [each.text for each in letter.blocks if each.kind == "words"]
        assert max(len(each.split()) for each in lines if each != SITE) <= 14
        assert all(each.count(".") <= 2 for each in lines if each != SITE)
        texts(pdf(letter))

    def test_easy_read_of_one_who_is_booked_says_when_and_where(self):
        service, actor = a_service(site_name="North Site"), a_referrer()
        slot = a_slot(service)
        referral = a_referral(service, actor=actor, patient=reached(easy_read=True))
        actions.book(actor=actor, referral_id=referral.pk, slot_id=slot.pk)
        words = said(made(referral)[0])
        assert "You have an appointment." in words
        assert "North Site" in words
        assert "Where can you go?" not in words

    def test_easy_read_of_a_sensitive_record_opens_no_portal(self, figures):
        patient = reached(a_patient(sensitive=True), easy_read=True)
        letter, _ = made(a_referral(patient=patient))
        assert SITE not in said(letter)
        assert "Miles" not in said(letter)
        assert "To book by phone" in said(letter)

    def test_the_page_is_large_and_says_why(self, client):
        signed_in(client, a_member(Role.REFERRER, PRACTICE))
        referral = a_referral(patient=reached(large_print=True))
        page = client.post(reverse("referred_letter", args=(referral.pk,))).content.decode()
        assert "app-letter--large" in page
        assert "set in 18 points" in page
