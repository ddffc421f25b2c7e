"""Addresses of transfers: both sides, the practice, programs."""

from django.urls import path

from clockstop.service.transfers.handover import (
    fhir_views,
    file_views,
    practice_views,
    statement_views,
    views,
)

urlpatterns = [
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/list/<slug:worklist>/", views.worklist, name="transfer_list"),
    path("transfers/files/", file_views.files, name="transfer_files"),
    path("transfers/files/<slug:sheet>.csv", file_views.sheet, name="transfer_sheet"),
    path("transfers/statement/", statement_views.statement, name="transfer_statement"),
    path(
        "transfers/statement/file.csv",
        statement_views.statement_file,
        name="transfer_statement_file",
    ),
    path("transfers/documents/<uuid:sheet_id>/", file_views.document, name="transfer_document"),
    path("transfers/<uuid:aid_id>/", views.transfer, name="transfer"),
    path("transfers/<uuid:aid_id>/form/", views.form, name="transfer_form"),
    path("transfers/<uuid:aid_id>/documents/", file_views.attached, name="transfer_attach"),
    path("transfers/<uuid:aid_id>/data-set.csv", file_views.data_set, name="transfer_data_set"),
    path("transfers/<uuid:aid_id>/message.json", fhir_views.message, name="transfer_message"),
    path("transfers/<uuid:aid_id>/<slug:act>/", views.act, name="transfer_act"),
    path("practice/moves/", practice_views.notices, name="practice_moves"),
    path("practice/moves/<int:notice_id>/read/", practice_views.read, name="practice_move_read"),
    path("practice/moves/<int:notice_id>/", practice_views.letter, name="practice_move_letter"),
    path(
        "practice/moves/<int:notice_id>/letter.pdf",
        practice_views.letter_file,
        name="practice_move_file",
    ),
    path("mutual-aid/FHIR/R4/$process-message", fhir_views.process_message, name="transfer_fhir"),
    path("mutual-aid/FHIR/R4/metadata", fhir_views.metadata, name="aid_fhir_metadata"),
    path(
        "mutual-aid/FHIR/R4/ServiceRequest",
        fhir_views.service_requests,
        name="aid_service_requests",
    ),
    path(
        "mutual-aid/FHIR/R4/ServiceRequest/<uuid:aid_id>",
        fhir_views.service_request,
        name="aid_service_request",
    ),
    path(
        "mutual-aid/FHIR/R4/ServiceRequest/<uuid:aid_id>/$message",
        fhir_views.message_for_programs,
        name="aid_message",
    ),
    path("mutual-aid/FHIR/R4/Task", fhir_views.tasks, name="transfer_tasks"),
    path("mutual-aid/FHIR/R4/Task/<uuid:task_id>", fhir_views.task, name="transfer_task"),
]
