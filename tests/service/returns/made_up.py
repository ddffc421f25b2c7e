"""Returns, and what the store gives for them, for the tests."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from uuid import uuid4

import polars as pl
from django.utils import timezone as clock
from tests.service.people import HOSPITAL, ICB, nhs_number

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records.columns import schema
from clockstop.core.rtt.events import (
    Admission,
    Attendance,
    CommissionerRecorded,
    Event,
    ReferralReceived,
)
from clockstop.service.returns.models import Kind, Return, Source, as_json
from clockstop.service.returns.policies import Check
from clockstop.service.returns.states import State

MONTH_END, SUNDAY = date(2025, 9, 30), date(2025, 9, 28)
TODAY = date(2025, 10, 10)
KEY = b"a key for the tests of returns, no secret"
ERROR = Check(key="incorrect_total", is_error=True, words="Totals are wrong", mend="Add them up")
QUERY = Check(key="no_change-Part_2", is_error=False, words="As many as before", needs_words=True)
WARNING = Check(key="open-empty", is_error=False, words="Nobody waits", mend="See if that is so")
_serial = count(1)


def a_return(
    organisation_code: str = HOSPITAL,
    icb_code: str = ICB,
    *,
    state: State = State.SIGNED_OFF,
    kind: str = Kind.MONTHLY,
    period: date = MONTH_END,
    checks: tuple[Check, ...] = (),
    version: int = 0,
    **values,
) -> Return:
    now = clock.now()
    signed = state in {State.SIGNED_OFF, State.ACCEPTED, State.SENT_BACK}
    plain = {
        "made_at": now,
        "made_by": "somebody",
        "source": Source.RECORDS,
        "signed_at": now if signed else None,
        "holds": "0" * 64,
        "submission": uuid4(),
        "figures": '{"parts": {"Part_2": {"total": 1200, "before": 1000, "long": 3, "unknown": 0}}}',
    }
    return Return.objects.create(
        icb_code=icb_code,
        kind=kind,
        organisation_code=organisation_code,
        period=period,
        version=version or next(_serial),
        state=state,
        checks=as_json(checks),
        **(plain | values),
    )


def waiting(since: date, at: str = HOSPITAL) -> tuple[Event, ...]:
    """Somebody referred on a day, seen soon after, who waits."""
    seen = since + timedelta(days=3)
    return (
        ReferralReceived(id="e1", day=since, provider=at, treatment_function="110"),
        CommissionerRecorded(id="e2", day=since, practice="15N"),
        Attendance(id="e3", day=seen, provider=at, treatment_function="110", status="20"),
    )


def treated(since: date, on: date) -> tuple[Event, ...]:
    """Somebody referred on a day and admitted for treatment on another."""
    admission = Admission(id="e4", day=on, provider=HOSPITAL, treatment_function="110")
    return (*waiting(since), admission)


def store(*pathways: tuple[Event, ...]) -> SimpleNamespace:
    """What stands for the records of the store."""
    tables = records(pathways)
    return SimpleNamespace(tables=lambda _provider: tables)


def records(pathways: Iterable[tuple[Event, ...]], at: str = HOSPITAL):
    numbered = list(enumerate(pathways, start=1))
    people = [
        {"person": key, "nhs_number": str(nhs_number(key)), "sex": "2", "icb": ICB}
        for key, _ in numbered
    ]
    rows = [
        {
            "pathway": key,
            "person": key,
            "identifier": f"{key:020d}",
            "issuer": at,
            "provider": at,
            "icb": ICB,
            "commissioner": "15N",
            "treatment_function": "110",
            "priority": "1",
            "source_of_referral": "03",
        }
        for key, _ in numbered
    ]
    return (
        pl.DataFrame(people, schema("people")),
        pl.DataFrame(rows, schema("pathways")),
        events_table.table(numbered),
    )


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
