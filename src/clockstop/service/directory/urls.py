"""Addresses of the directory of services."""

from django.urls import path

from clockstop.service.directory import draft_views, slot_views, views

_OF = "directory/<int:service_id>"
urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/new/", views.new_service, name="new_service"),
    path(f"{_OF}/", views.service, name="service"),
    path(f"{_OF}/edit/", draft_views.edit_service, name="edit_service"),
    path(f"{_OF}/preview/", draft_views.preview_service, name="preview_service"),
    path(f"{_OF}/publish/", draft_views.publish_service, name="publish_service"),
    path(f"{_OF}/discard/", draft_views.discard_draft, name="discard_draft"),
    path(f"{_OF}/withdraw/", draft_views.withdraw_service, name="withdraw_service"),
    path(f"{_OF}/versions/<int:number>/", views.service_version, name="service_version"),
    path(f"{_OF}/slots/", slot_views.service_slots, name="service_slots"),
    path(f"{_OF}/slots/withdraw/", slot_views.withdraw_slots, name="withdraw_slots"),
]
