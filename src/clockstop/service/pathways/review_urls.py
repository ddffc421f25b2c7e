"""Addresses of reviews, and of a patient's word that care is not needed."""

from django.urls import path

from clockstop.service.pathways import review_views

urlpatterns = [
    path("reviews/", review_views.reviews, name="reviews"),
    path("reviews/<uuid:review_id>/", review_views.review, name="review"),
    path("pathways/<uuid:pathway_id>/not-needed/", review_views.not_needed, name="not_needed"),
]
