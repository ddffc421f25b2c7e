"""What others hear of mutual aid, within the transaction that wrote it."""

from django.dispatch import Signal

# Sent with ``request``, ``action`` and ``by``: a row of the table was taken.
aid_stepped = Signal()
patient_request_stepped = Signal()
