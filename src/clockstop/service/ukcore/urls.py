"""Addresses of the UK Core resources."""

from django.urls import path

from clockstop.service.ukcore import answering

urlpatterns = [
    path("fhir/R4/metadata", answering.metadata, name="ukcore_metadata"),
    path("fhir/R4/<str:kind>", answering.search, name="ukcore_search"),
    path("fhir/R4/<str:kind>/_search", answering.search_by_form, name="ukcore_search_by_form"),
    path("fhir/R4/<str:kind>/<str:key>", answering.read, name="ukcore_read"),
]
