"""Addresses of the comparison, the provider pages and the account of the data."""

from django.urls import path

from clockstop.service.compare import provider, views

urlpatterns = [
    path("", views.compare, name="compare"),
    path("compare/", views.compare),
    path("about-the-data/", views.about, name="about"),
    path("providers/<str:code>/", provider.provider, name="provider"),
    path("providers/<str:code>.csv", provider.provider_csv, name="provider_csv"),
    path("providers/<str:code>/history.csv", provider.history_csv, name="provider_history_csv"),
]
