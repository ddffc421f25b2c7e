"""Addresses of the directory of services."""

from django.urls import path

from clockstop.service.directory import slot_views, views

_OF = "directory/<int:service_id>"
urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/new/", views.new_service, name="new_service"),
    path(f"{_OF}/", views.service, name="service"),
    path(f"{_OF}/edit/", views.edit_service, name="edit_service"),
    path(f"{_OF}/preview/", views.preview_service, name="preview_service"),
    path(f"{_OF}/publish/", views.publish_service, name="publish_service"),
    path(f"{_OF}/discard/", views.discard_draft, name="discard_draft"),
    path(f"{_OF}/withdraw/", views.withdraw_service, name="withdraw_service"),
    path(f"{_OF}/versions/<int:number>/", views.service_version, name="service_version"),
    path(f"{_OF}/slots/", slot_views.service_slots, name="service_slots"),
    path(f"{_OF}/slots/withdraw/", slot_views.withdraw_slots, name="withdraw_slots"),
]
