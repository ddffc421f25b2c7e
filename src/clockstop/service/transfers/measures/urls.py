"""Addresses of the figures of mutual aid."""

from django.urls import path

from clockstop.service.transfers.measures import views

urlpatterns = [
    path("mutual-aid/figures/", views.aid_figures, name="aid_figures"),
    path("mutual-aid/figures/file", views.aid_figures_file, name="aid_figures_file"),
    path("mutual-aid/open-data/", views.published_figures, name="published_aid_figures"),
    path("mutual-aid/open-data/file", views.published_figures_file, name="published_aid_file"),
]
