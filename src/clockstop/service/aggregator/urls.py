"""Addresses that the Patient Care Aggregator reads, and those of trusts that hide from it."""

from django.urls import path

from clockstop.service.aggregator import hiding_views, views

urlpatterns = [
    path("aggregator/FHIR/R4/Appointment", views.appointments, name="aggregator_appointments"),
    path("aggregator/FHIR/R4/DocumentReference", views.documents, name="aggregator_documents"),
    path("aggregator/FHIR/R4/Task", views.tasks, name="aggregator_tasks"),
    path("directory/nhs-app/", hiding_views.in_the_app, name="in_the_app"),
    path(
        "directory/nhs-app/patients/<uuid:patient_id>/",
        hiding_views.patient_in_the_app,
        name="patient_in_the_app",
    ),
]
