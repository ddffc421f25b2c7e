"""Who of those that ask for help could go where: fit and rank, judged pair by pair.

The assignment of a whole cohort is ``allocation.assignment.assign``, how many offers are taken
``allocation.acceptance``: apart from these, so that who judges one pair loads no compiler and no
solver.
"""

from clockstop.analytics.allocation.asking import Request, Stage
from clockstop.analytics.allocation.fit import Fit, fit
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.rank import rank, rank_requests
from clockstop.analytics.allocation.reasons import Against, For, Reason
from clockstop.analytics.allocation.terms import Terms

__all__ = [
    "Against",
    "Capacity",
    "Fit",
    "For",
    "Reason",
    "Request",
    "Stage",
    "Terms",
    "fit",
    "rank",
    "rank_requests",
]
