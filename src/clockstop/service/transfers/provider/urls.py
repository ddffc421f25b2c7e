"""Addresses of mutual aid for providers."""

from django.urls import path

from clockstop.service.transfers.provider import (
    capacity_views,
    file_views,
    making_views,
    request_views,
    views,
)

urlpatterns = [
    path("mutual-aid/", views.board, name="mutual_aid"),
    path("mutual-aid/asked/", views.help_wanted, name="aid_help"),
    path("mutual-aid/asked/several/", making_views.cohort, name="aid_cohort"),
    path("mutual-aid/asked/test/", making_views.new_test, name="aid_new_test"),
    path("mutual-aid/asked/new/<uuid:pathway_id>/", making_views.new, name="aid_new"),
    path("mutual-aid/offers/", views.offers, name="aid_offers"),
    path(
        "mutual-aid/offers/<uuid:offer_id>/take-back/",
        request_views.take_back,
        name="aid_take_back",
    ),
    path("mutual-aid/capacity/", capacity_views.capacity, name="aid_capacity"),
    path("mutual-aid/capacity/new/", capacity_views.new, name="aid_capacity_new"),
    path(
        "mutual-aid/capacity/<uuid:capacity_id>/", capacity_views.change, name="aid_capacity_change"
    ),
    path(
        "mutual-aid/capacity/<uuid:capacity_id>/withdraw/",
        capacity_views.withdraw,
        name="aid_capacity_withdraw",
    ),
    path("mutual-aid/files/<slug:kind>/", file_views.upload, name="aid_files"),
    path("mutual-aid/files/<slug:kind>/template.csv", file_views.template, name="aid_template"),
    path("mutual-aid/files/<slug:kind>/download.csv", file_views.download, name="aid_download"),
    path("mutual-aid/requests/<uuid:aid_id>/", request_views.request_page, name="aid_request"),
    path("mutual-aid/requests/<uuid:aid_id>/<slug:act>/", request_views.act, name="aid_act"),
]
