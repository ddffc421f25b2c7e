"""Addresses of returns, their checks and their sign-off."""

from django.urls import path

from clockstop.service.returns import one_view_views, upload_views, views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/make/", views.make_return, name="make_return"),
    path("returns/upload/", upload_views.upload_return, name="upload_return"),
    path("returns/<uuid:return_id>/", views.one_return, name="return"),
    path("returns/<uuid:return_id>/pathways/", views.pathways_behind, name="return_pathways"),
    path("returns/<uuid:return_id>/<str:name>", views.return_file, name="return_file"),
    path("one-view/", one_view_views.one_view, name="one_view"),
    path("one-view/<str:name>", one_view_views.one_view_file, name="one_view_file"),
]
