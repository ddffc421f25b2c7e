"""Addresses of the comparison, the provider pages, England and the account of the data."""

from django.urls import path

from clockstop.service.compare import england, views

urlpatterns = [
    path("", views.compare, name="compare"),
    path("compare/", views.compare),
    path("about-the-data/", views.about, name="about"),
    path("england/", england.england, name="england"),
    path("england.csv", england.england_csv, name="england_csv"),
    path("england/missing.csv", england.missing_csv, name="england_missing_csv"),
    path("providers/<str:code>/", views.about, name="provider"),
    path("providers/<str:code>/waits.csv", views.about, name="provider_csv"),
]
