"""Addresses of mutual aid, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("clockstop.service.transfers.patient.urls")),
    path("", include("clockstop.service.transfers.reviewing.urls")),
    path("", include("clockstop.service.transfers.eligibility.urls")),
    path("", include("clockstop.service.transfers.measures.urls")),
    path("", include("clockstop.service.transfers.provider.urls")),
    path("", include("clockstop.service.transfers.handover.urls")),
    path("", include("clockstop.service.transfers.hub.urls")),
]
