"""Addresses of patients' pathways and of reviews."""

from django.urls import path

from clockstop.service.pathways import entry_views, review_views, views

urlpatterns = [
    path("pathways/", views.pathways, name="pathways"),
    path("pathways/find/", views.find, name="find_patient"),
    path("pathways/<uuid:pathway_id>/", views.pathway, name="pathway"),
    path("pathways/<uuid:pathway_id>/access/", views.access, name="pathway_access"),
    path("pathways/<uuid:pathway_id>/record/", entry_views.choose, name="choose_event"),
    path("pathways/<uuid:pathway_id>/record/<slug:kind>/", entry_views.enter, name="record_event"),
    path(
        "pathways/<uuid:pathway_id>/entries/<int:number>/correct/",
        entry_views.correct,
        name="correct_entry",
    ),
    path(
        "pathways/<uuid:pathway_id>/entries/<int:number>/withdraw/",
        entry_views.withdraw,
        name="withdraw_entry",
    ),
    path("pathways/<uuid:pathway_id>/not-needed/", review_views.not_needed, name="not_needed"),
    path("reviews/", review_views.reviews, name="reviews"),
    path("reviews/<uuid:review_id>/", review_views.review, name="review"),
]
