"""Addresses of the tracking list and its worklists, and of what is kept beside it."""

from django.urls import path

from clockstop.service.tracking import handling_views, views

urlpatterns = [
    path("tracking/", views.tracking, name="tracking"),
    path("tracking/worklists/", views.worklists, name="worklists"),
    path("tracking/worklists/<slug:worklist>/", views.worklist, name="worklist"),
    path("tracking/cuts/", views.cuts_page, name="cuts"),
    path("tracking/export.<slug:extension>", views.export, name="export_list"),
    path("tracking/views/", handling_views.views, name="save_view"),
    path("tracking/views/<uuid:view_id>/", handling_views.forget_view, name="forget_view"),
    path("pathways/<uuid:pathway_id>/handling/", handling_views.handling, name="handling"),
]
