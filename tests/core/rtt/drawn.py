"""Hypothesis strategies: any event of any kind, and lists of them that refer to each other."""

from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from clockstop.core.rtt.events import KINDS
from clockstop.core.rtt.reading import event_fields

FIRST = date(2024, 1, 1)
IDS = [f"e{number}" for number in range(8)]
REFERENCES = {"admission", "offer", "decision", "listing", "referral", "supersedes"}
DAYS = st.integers(0, 400).map(lambda days: FIRST + timedelta(days=days))


def _values(field, *, corrected):
    if field.name == "supersedes":
        return st.none() | st.sampled_from(IDS) if corrected else st.none()
    if field.name in REFERENCES:
        return st.sampled_from(IDS) if field.required else st.none() | st.sampled_from(IDS)
    if field.options:
        drawn = st.sampled_from([field.type(each) for each in field.options])
    elif field.type is bool:
        drawn = st.booleans()
    elif field.type is date:
        drawn = DAYS
    else:
        drawn = st.sampled_from(["A", "B", "110"])
    return drawn if field.required or field.default is not None else st.none() | drawn


@cache
def an_event(kind, *, corrected=False):
    fields = event_fields(kind).values()
    values = {f.name: _values(f, corrected=corrected) for f in fields}
    values["id"] = st.sampled_from(IDS)
    values["day"] = DAYS
    return st.builds(KINDS[kind], **values)


def any_events(*, corrected=False, kinds=tuple(KINDS), most=14):
    one = st.one_of(*(an_event(kind, corrected=corrected) for kind in sorted(kinds)))
    return st.lists(one, max_size=most)
