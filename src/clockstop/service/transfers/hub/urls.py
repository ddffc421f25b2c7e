"""Addresses of the hub of an ICB."""

from django.urls import path

from clockstop.service.transfers.hub import asked_views, match_views, request_views, views

urlpatterns = [
    path("mutual-aid/hub/", views.board, name="aid_hub"),
    path("mutual-aid/hub/national/", views.pool, name="hub_pool"),
    path("mutual-aid/hub/cancer/", views.cancer, name="hub_cancer"),
    path("mutual-aid/hub/patients/", views.asked, name="hub_asked"),
    path("mutual-aid/hub/patients/<uuid:asked_id>/", asked_views.asked_page, name="hub_asked_one"),
    path("mutual-aid/hub/places/", match_views.matches, name="hub_matches"),
    path("mutual-aid/hub/places/run/", match_views.run_again, name="hub_run"),
    path("mutual-aid/hub/places/<int:match_id>/", match_views.decide, name="hub_decide"),
    path("mutual-aid/hub/requests/<uuid:aid_id>/", request_views.request_page, name="hub_request"),
    path("mutual-aid/hub/requests/<uuid:aid_id>/<slug:act>/", request_views.act, name="hub_act"),
]
