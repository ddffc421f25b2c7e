"""What others hear of an import, within the transaction that wrote it."""

from django.dispatch import Signal

# Sent with ``icb_code``: rows were written in columns, of which no other signal tells.
extract_written = Signal()
