"""Pathways by chance with all that a return asks of their entries: function, commissioner, when."""

from dataclasses import replace
from datetime import timedelta

from tests.analytics.clocks.plausible import pathway_by_chance

from clockstop.core.rtt.events import CommissionerChanged, CommissionerRecorded, NhsEngland

_FUNCTIONS = ("110", "301", "173", "no such", None, None)
_GROUNDS = (
    {"practice": "15F"},
    {"hub": "13Q", "nhs_england": NhsEngland.SPECIALISED},
    {"outside_england": "7A4"},
    {"nhs_england": NhsEngland.SECONDARY_DENTAL, "host": "01E"},
    {"nhs_england": NhsEngland.DETAINED},
    {"residence": "01E"},
    {},
)


def dressed_by_chance(chance):
    """A plausible pathway; some entries late, some recording who commissions."""
    events = [_dressed(chance, each) for each in pathway_by_chance(chance)]
    for _ in range(chance.choice((0, 1, 1, 2))):
        kind = chance.choice((CommissionerRecorded, CommissionerRecorded, CommissionerChanged))
        day, name = chance.choice(events).day, f"e{len(events) + 1}"
        events.append(kind(id=name, day=day, **chance.choice(_GROUNDS)))
    return tuple(events)


def _dressed(chance, event):
    late = event.day + timedelta(days=chance.randrange(-5, 90))
    recorded = late if chance.random() < 0.15 else None
    return replace(event, treatment_function=chance.choice(_FUNCTIONS), recorded=recorded)
