"""What others hear of a pathway, within the transaction that wrote it."""

from django.dispatch import Signal

pathway_changed = Signal()  # sent with ``pathway``: it has an entry more, or is another's
