"""Addresses of the register."""

from django.urls import path

from clockstop.service.registry import views

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<str:code>/", views.organisation, name="organisation"),
]
