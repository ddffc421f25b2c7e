"""Submissions of a week in a few letters, for the tests of one view."""

import polars as pl
from tests.analytics.reconcile.weekly import rows
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL
from tests.service.returns.made_up import SUNDAY, a_return

from clockstop.analytics.reconcile.columns import READ, READ_OF_OPEN
from clockstop.analytics.wlmds.tables import schema
from clockstop.analytics.wlmds.writing import file_of
from clockstop.service.returns.models import Kind, Return, ReturnFile, packed

AT = {"A": HOSPITAL, "B": OTHER_HOSPITAL, "C": "RCC"}


def a_week(provider, *lines, week=SUNDAY, icb=ICB, **values) -> Return:
    """A submission of which the open table has these lines; see ``weekly.rows``."""
    held = a_return(AT[provider], icb, kind=Kind.WEEKLY, period=week, **values)
    for name in ("open", "starts", "stops"):
        table = _open(lines, week) if name == "open" else None
        ReturnFile.objects.create(
            icb_code=icb,
            owner=held,
            name=f"{name}.csv",
            size=1,
            holds="",
            packed=packed(file_of(name, table)),
        )
    return held


def _open(lines, week):
    names = READ | READ_OF_OPEN
    held = [
        {names[short]: AT.get(value, value) for short, value in row.items()}
        | {"week_ending_date": week}
        for row in rows(*lines)
    ]
    kinds = {name: schema("open")[name] for name in ("week_ending_date", *names.values())}
    return pl.DataFrame(held, schema=kinds)
