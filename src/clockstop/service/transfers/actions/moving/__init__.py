"""The transfer itself: prepared, started, received, then treated, resulted or returned."""

from clockstop.service.transfers.actions.moving.preparing import complete_form
from clockstop.service.transfers.actions.moving.receiving import acknowledge, receive
from clockstop.service.transfers.actions.moving.resulting import read_result, report_result
from clockstop.service.transfers.actions.moving.returning import return_patient
from clockstop.service.transfers.actions.moving.starting import against_start, start_transfer

__all__ = [
    "acknowledge",
    "against_start",
    "complete_form",
    "read_result",
    "receive",
    "report_result",
    "return_patient",
    "start_transfer",
]
