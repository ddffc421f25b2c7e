"""Addresses of staff who review patients' requests, or act for patients on the phone."""

from django.urls import path

from clockstop.service.transfers.reviewing import phone, views

urlpatterns = [
    path("asked-to-move/", views.queue, name="asked_queue"),
    path("asked-to-move/phone/", phone.by_phone, name="sooner_by_phone"),
    path("asked-to-move/phone/end/", phone.end_call, name="sooner_end_call"),
    path("asked-to-move/requests/<uuid:asked_id>/", views.asked, name="asked"),
]
