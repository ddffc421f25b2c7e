"""The engine against a slow, obvious reading of the status codes (Annex D)."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.core.rtt.drawn import FIRST

from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.events import Attendance, ReferralReceived
from clockstop.core.rtt.status_codes import Status

CODES = st.lists(st.sampled_from([*Status, "referral"]), max_size=12)


def clock_by_hand(codes):
    """Start and stop days of each clock, read straight from the list of codes."""
    clocks, running, monitored, dead = [], None, False, False
    for day, code in enumerate(codes):
        if dead:
            continue
        if running is None:
            never = not clocks
            if code in ("referral", "12") or (code == "11" and monitored):
                running, monitored = day, False
            elif code in ("10", "20") and never:
                running = "unknown"
            dead = dead or code == "36"
        elif code in ("30", "31", "32", "34", "35", "36"):
            clocks.append((running, day))
            running, monitored = None, code in ("31", "32")
            dead = code == "36"
    return [*clocks, *([(running, None)] if running is not None else [])]


@given(CODES)
def test_clocks_are_those_read_by_hand(codes):
    events = []
    for number, code in enumerate(codes):
        name, day = f"e{number}", FIRST + timedelta(days=number)
        if code == "referral":
            events.append(ReferralReceived(id=name, day=day))
        else:
            events.append(Attendance(id=name, day=day, status=code))
    found = [
        (
            "unknown" if period.start is None else (period.start - FIRST).days,
            period.end and (period.end - FIRST).days,
        )
        for period in derive(events).periods
    ]
    assert found == clock_by_hand(codes)
