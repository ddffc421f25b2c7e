"""Addresses of the figures of choice."""

from django.urls import path

from clockstop.service.referrals.choice_figures import views

urlpatterns = [
    path("choice/", views.choice, name="choice"),
    path("choice/figures.csv", views.choice_file, name="choice_file"),
]
