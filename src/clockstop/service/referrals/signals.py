"""What others hear of a referral, within the transaction that wrote it."""

from django.dispatch import Signal

stepped = Signal()  # sent with ``referral``, ``action`` and ``by``: a row of the table was taken
