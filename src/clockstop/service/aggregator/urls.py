"""Addresses that the Patient Care Aggregator reads."""

from django.urls import path

from clockstop.service.aggregator import views

urlpatterns = [
    path("aggregator/FHIR/R4/Appointment", views.appointments, name="aggregator_appointments"),
    path("aggregator/FHIR/R4/DocumentReference", views.documents, name="aggregator_documents"),
    path("aggregator/FHIR/R4/Task", views.tasks, name="aggregator_tasks"),
]
