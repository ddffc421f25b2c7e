"""Made-up patients whose pathways add up to the counts of a month of the lake."""

from clockstop.analytics.synthetic.patients.make import make_patients

__all__ = ["make_patients"]
