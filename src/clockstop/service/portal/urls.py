"""Addresses of a patient's own view, of the way in by reference, and of staff who help."""

from django.urls import path

from clockstop.service.accounts import carer_views
from clockstop.service.portal.adoption import views as adoption
from clockstop.service.portal.campaigns import views as campaigns
from clockstop.service.portal.doors import opened, own, own_care, phoned, phoned_care
from clockstop.service.portal.views import care, documents, phone, references, requests
from clockstop.service.portal.views.referral_pages import cancel, referral, times

urlpatterns = [
    path("your-care/", own_care(care.care), name="care"),
    path("your-care/reached/<uuid:patient_id>/", own_care(care.contact), name="own_contact"),
    path("your-care/waits/<uuid:pathway_id>/change/", own_care(care.change), name="own_change"),
    path("your-care/waits/<uuid:pathway_id>/needed/", own_care(care.needed), name="own_needed"),
    path(
        "your-care/requests/<uuid:request_id>/withdraw/",
        own_care(care.withdraw),
        name="own_withdraw",
    ),
    path(
        "your-care/documents/<uuid:document_id>/",
        own_care(documents.document),
        name="own_document",
    ),
    path("your-care/<uuid:referral_id>/", own(referral), name="own_referral"),
    path("your-care/<uuid:referral_id>/times/", own(times), name="own_times"),
    path("your-care/<uuid:referral_id>/cancel/", own(cancel), name="own_cancel"),
    path("booking/", references.booking, name="booking"),
    path("booking/close/", references.close, name="booking_close"),
    path("booking/referral/", opened(referral), name="opened_referral"),
    path("booking/times/", opened(times), name="opened_times"),
    path("booking/cancel/", opened(cancel), name="opened_cancel"),
    path("by-phone/", phone.by_phone, name="by_phone"),
    path("by-phone/end/", phone.end_call, name="end_call"),
    path("by-phone/referral/", phoned(referral), name="phoned_referral"),
    path("by-phone/times/", phoned(times), name="phoned_times"),
    path("by-phone/cancel/", phoned(cancel), name="phoned_cancel"),
    path("by-phone/care/", phoned_care(care.care), name="phoned_care"),
    path("by-phone/choose/", phoned_care(phone.choose), name="phoned_choose"),
    path("by-phone/reached/<uuid:patient_id>/", phoned_care(care.contact), name="phoned_contact"),
    path(
        "by-phone/waits/<uuid:pathway_id>/change/", phoned_care(care.change), name="phoned_change"
    ),
    path(
        "by-phone/waits/<uuid:pathway_id>/needed/", phoned_care(care.needed), name="phoned_needed"
    ),
    path(
        "by-phone/requests/<uuid:request_id>/withdraw/",
        phoned_care(care.withdraw),
        name="phoned_withdraw",
    ),
    path("by-phone/waits/<uuid:pathway_id>/", phoned_care(care.wait), name="phoned_wait"),
    path(
        "by-phone/waits/<uuid:pathway_id>/sooner/", phoned_care(phone.sooner), name="phoned_moves"
    ),
    path(
        "by-phone/documents/<uuid:document_id>/",
        phoned_care(documents.document),
        name="phoned_document",
    ),
    path("by-phone/carers/", phone.of_caller(carer_views.carers), name="phoned_carers"),
    path("by-phone/carers/code/", phone.of_caller(carer_views.code), name="phoned_carer_code"),
    path(
        "by-phone/carers/<uuid:delegation_id>/until/",
        phone.of_caller(carer_views.until),
        name="phoned_carer_until",
    ),
    path(
        "by-phone/carers/<uuid:delegation_id>/end/",
        phone.of_caller(carer_views.end),
        name="phoned_end_carer",
    ),
    path("choice/online/", adoption.online, name="online"),
    path("choice/online/figures.csv", adoption.online_file, name="online_file"),
    path("choice/campaigns/", campaigns.campaigns, name="campaigns"),
    path("choice/campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("choice/campaigns/<uuid:campaign_id>/", campaigns.campaign, name="campaign"),
    path(
        "choice/campaigns/<uuid:campaign_id>/stop/", campaigns.stop_campaign, name="stop_campaign"
    ),
    path("change-requests/", requests.requests, name="change_requests"),
    path("change-requests/offer/", requests.offer, name="offer_changes"),
    path("change-requests/<uuid:request_id>/", requests.answer, name="answer_request"),
]
