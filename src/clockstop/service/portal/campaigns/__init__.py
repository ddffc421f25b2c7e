"""Writing to many patients: who is told of a right to choose, who is asked whether they need care.

Nobody under urgent suspicion of cancer is in a cohort: they are never handled in a batch. Children
under the age of the portal are left out too, since a parent is called. Opt-outs, deaths and
sensitive records are the outbox's to heed.
"""
