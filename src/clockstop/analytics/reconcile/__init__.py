"""One view of a list across providers: what their weekly tables say of the same patients."""

from clockstop.analytics.reconcile.cases import CASES, Case, Kind
from clockstop.analytics.reconcile.columns import FINDING, TRANSFER
from clockstop.analytics.reconcile.reconciling import Reconciled, reconcile

__all__ = ["CASES", "FINDING", "TRANSFER", "Case", "Kind", "Reconciled", "reconcile"]
