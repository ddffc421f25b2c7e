"""Addresses of the API and of the page about it."""

from django.urls import path
from django.views.generic import RedirectView

from clockstop.service.api import mutual_aid, pages
from clockstop.service.api.api import api

urlpatterns = [
    path("api/", pages.about, name="api"),
    path("api/v1/", RedirectView.as_view(pattern_name="api")),
    path("api/v1/openapi.json", pages.openapi, name="openapi"),
    path("api/v1/", api.urls),
    path("api/mutual-aid/v1/", mutual_aid.api.urls),
]
