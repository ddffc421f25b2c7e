"""Addresses of what hospitals' systems sent."""

from django.urls import path

from clockstop.service.intake import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/upload/", views.upload_import, name="upload_import"),
    path("imports/<uuid:import_id>/", views.one_import, name="import"),
    path("imports/<uuid:import_id>/refused.csv", views.import_faults, name="import_faults"),
]
