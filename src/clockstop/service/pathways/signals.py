"""What others hear of a pathway, within the transaction that wrote it."""

from django.dispatch import Signal

death_noted = Signal()  # sent with ``patient`` and ``by``: a day of death stands on the record now
# Before anything is written, so that who follows locks rows of its own before the audit (ADR 0021):
death_comes = Signal()  # sent with ``patients``, all records of one person
pathways_held = Signal()  # sent with ``pathways``, locked, and those of ``patients`` who may die
pathway_changed = Signal()  # sent with ``pathway``: it has an entry more, or is another's
