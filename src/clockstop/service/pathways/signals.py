"""What others hear of a pathway, within the transaction that wrote it."""

from django.dispatch import Signal

death_noted = Signal()  # sent with ``patient`` and ``by``: a day of death stands on the record now
pathway_changed = Signal()  # sent with ``pathway``: it has an entry more, or is another's
