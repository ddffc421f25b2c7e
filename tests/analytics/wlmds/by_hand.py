"""What belongs into a week's tables, one pathway after another by the readable rules."""

from datetime import timedelta

from clockstop.analytics.clocks import events_table
from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.commissioners import commissioner_on
from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.reported_functions import _classified

TABLES = ("open", "starts", "stops")


def counted(events, week_ending, holder=None):
    """For each table, rows of provider, pathway, start, end, function and commissioner.

    ``holder`` stands for a provider that the events do not say.
    """
    found = {name: [] for name in TABLES}
    for key, entries in events_table.pathways(events):
        derived = derive(entries, as_of=week_ending)
        counting = sorted(settle(entries).counting, key=lambda each: each.day)
        known = [each for each in counting if each.day <= week_ending]
        commissioner = commissioner_on(known, week_ending).weekly_code
        for period in derived.periods:
            function, _ = _classified(period, known, week_ending)
            for name in TABLES:
                provider = _reporter(name, period, week_ending, holder)
                if provider:
                    end = period.end if name == "stops" else None
                    row = (provider, key, period.start, end, function, commissioner)
                    found[name].append(row)
    return {name: sorted(rows, key=str) for name, rows in found.items()}


def _reporter(name, period, week_ending, holder):
    monday = week_ending - timedelta(days=6)
    if not period.in_returns:
        return None
    if name == "open" and period.runs and (period.start or period.opened_on) <= week_ending:
        return period.listed_by or holder
    if name == "stops" and period.end and period.ending is not Ending.NULLIFIED:
        return (period.listed_by or holder) if monday <= period.end <= week_ending else None
    is_new = period.start_rule != "start-transferred" and not period.nullified
    if name == "starts" and is_new and period.start and monday <= period.start <= week_ending:
        listed = [each.provider for each in period.listings if each.since <= period.opened_on]
        return listed[-1] or holder
    return None
