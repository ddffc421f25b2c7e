"""Addresses of patients' pathways."""

from django.urls import path

from clockstop.service.pathways import views

urlpatterns = [
    path("pathways/", views.pathways, name="pathways"),
    path("pathways/<uuid:pathway_id>/", views.pathway, name="pathway"),
]
