"""Addresses of the referrer's pages. None holds an NHS number or a postcode: those come by POST."""

from django.urls import path

from clockstop.service.referrals.referrer import (
    advice_views,
    change_views,
    choice_views,
    letter_views,
    menu_views,
    patient_views,
    referral_views,
    worklist_views,
)

_PATIENT = "refer/patients/<uuid:patient_id>/"
_REFERRAL = "refer/referrals/<uuid:referral_id>/"
_WORKLIST = "refer/worklists/<slug:worklist>/"
urlpatterns = [
    path("refer/", patient_views.refer, name="refer"),
    path(_PATIENT, patient_views.patient, name="refer_patient"),
    path(_PATIENT + "services/", menu_views.show, name="refer_menu"),
    path(_PATIENT + "services/not-shown/", menu_views.why_not, name="refer_not_shown"),
    path(_PATIENT + "choice/", choice_views.choose, name="refer_choice"),
    path(_PATIENT + "ask/", advice_views.ask, name="refer_ask"),
    path(_PATIENT + "change/", change_views.change, name="refer_change"),
    path(_REFERRAL, referral_views.referral, name="referred"),
    path(_REFERRAL + "book/", referral_views.book, name="referred_book"),
    path(_REFERRAL + "end/<slug:kind>/", referral_views.end, name="referred_end"),
    path(_REFERRAL + "shortlist/", referral_views.reshortlist, name="referred_shortlist"),
    path(_REFERRAL + "files/", referral_views.attach, name="referred_attach"),
    path(
        _REFERRAL + "files/<uuid:document_id>/", referral_views.document, name="referred_document"
    ),
    path(_REFERRAL + "letter/", letter_views.letter, name="referred_letter"),
    path(_REFERRAL + "letter/file.pdf", letter_views.letter_file, name="referred_letter_file"),
    path("refer/advice/", advice_views.advice_list, name="refer_advice"),
    path("refer/advice/<uuid:advice_id>/", advice_views.advice, name="referred_advice"),
    path("refer/worklists/", worklist_views.worklists, name="refer_worklists"),
    path(_WORKLIST, worklist_views.worklist, name="refer_worklist"),
    path(_WORKLIST + "file.csv", worklist_views.worklist_file, name="refer_worklist_file"),
]
