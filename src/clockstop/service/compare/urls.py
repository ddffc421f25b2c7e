"""Addresses of the comparison, the provider pages, England and the account of the data."""

from django.urls import path

from clockstop.service.compare import england, provider, views

urlpatterns = [
    path("", views.compare, name="compare"),
    path("compare/", views.compare),
    path("about-the-data/", views.about, name="about"),
    path("england/", england.england, name="england"),
    path("england.csv", england.england_csv, name="england_csv"),
    path("england/missing.csv", england.missing_csv, name="england_missing_csv"),
    path("providers/<str:code>/", provider.provider, name="provider"),
    path("providers/<str:code>.csv", provider.provider_csv, name="provider_csv"),
    path("providers/<str:code>/history.csv", provider.history_csv, name="provider_history_csv"),
]
