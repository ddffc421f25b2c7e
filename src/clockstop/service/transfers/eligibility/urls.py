"""Addresses of those who scan lists and invite."""

from django.urls import path

from clockstop.service.transfers.eligibility import views

urlpatterns = [
    path("asked-to-move/scans/", views.scans, name="asked_scans"),
    path("asked-to-move/scans/messages/", views.preview, name="asked_preview"),
    path("asked-to-move/why/<uuid:pathway_id>/", views.why, name="asked_why"),
]
