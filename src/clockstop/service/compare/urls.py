"""Addresses of the comparison, the provider pages, England and the account of the data."""

from django.urls import path

from clockstop.service.compare import views

urlpatterns = [
    path("", views.compare, name="compare"),
    path("compare/", views.compare),
    path("about-the-data/", views.about, name="about"),
    path("england/", views.about, name="england"),
    path("england.csv", views.about, name="england_csv"),
    path("providers/<str:code>/", views.about, name="provider"),
    path("providers/<str:code>/waits.csv", views.about, name="provider_csv"),
]
