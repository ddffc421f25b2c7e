"""Addresses of what a provider received: referrals, advice requests, appointments."""

from django.urls import path

from clockstop.service.referrals.provider import acting_views, file_views, views

urlpatterns = [
    path("received/", views.received, name="received"),
    path("received/advice/", views.advice_list, name="received_advice_list"),
    path("received/advice/<uuid:advice_id>/", acting_views.advice, name="received_advice"),
    path("received/appointments/", views.appointments, name="received_appointments"),
    path("received/referrals/<uuid:referral_id>/", acting_views.referral, name="received_referral"),
    path("received/referrals/<uuid:referral_id>/files/", file_views.attach, name="received_attach"),
    path(
        "received/referrals/<uuid:referral_id>/<slug:act>/", acting_views.act, name="received_act"
    ),
    path("received/documents/<uuid:document_id>/", views.document, name="received_document"),
    path("received/documents/<uuid:document_id>/share/", file_views.share, name="share_document"),
    path("received/<slug:worklist>/", views.worklist, name="received_list"),
    path("received/<slug:worklist>/file.csv", views.worklist_file, name="received_file"),
]
