"""``clockstop aggregator``: what the NHS App's aggregator is told. Run ``tell`` from cron."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from clockstop.interfaces.cli.output import FAILED, JsonOption, err, out, to_json
from clockstop.interfaces.cli.service import on_the_store

app = typer.Typer(help="What the NHS App's aggregator is told.", no_args_is_help=True)


@app.callback()
def aggregator() -> None:
    """What the NHS App's aggregator is told."""


@app.command()
@on_the_store
def tell(
    *,
    replay: Annotated[
        bool, typer.Option("--replay", help="Tell of everybody again, as the aggregator may ask.")
    ] = False,
    now: Annotated[
        bool, typer.Option("--now", help="Do not wait for the pause after failed calls.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Tell the record service of patients who have records here and whom it does not know yet."""
    from django.conf import settings

    from clockstop.service.aggregator import telling
    from clockstop.service.aggregator.calling import RecordClient

    service = settings.CLOCKSTOP_RECORD_SERVICE
    if service is None:
        err.print("The record service is not set up: see the guide to patients' pages", style="red")
        raise typer.Exit(FAILED)
    if settings.CLOCKSTOP_PERSONAS:
        err.print("CLOCKSTOP_RECORD_SERVICE is on, and so is CLOCKSTOP_PERSONAS", style="red")
        raise typer.Exit(FAILED)
    found = telling.tell(RecordClient(service), replay=replay, at_once=now)
    if json:
        typer.echo(to_json([asdict(each) for each in found]), nl=False)
    else:
        for each in found:
            out.print(f"{each.resource}: {each.told:,} told, {each.waiting:,} wait")
    for each in found:
        if each.words:
            err.print(f"{each.resource}: {each.words}", markup=False, style="red")
        for key in each.refused:
            err.print(f"{each.resource}: the number of patient {key} was refused", markup=False)
    if any(each.words or each.refused for each in found):
        raise typer.Exit(FAILED)


@app.command()
@on_the_store
def count(
    *,
    until: Annotated[
        datetime | None, typer.Option(help="Taken by this moment, like 2026-11-23T12:00:00.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Count the distinct NHS numbers that the record service has taken, and those that wait."""
    from django.utils import timezone

    from clockstop.service.aggregator import telling

    rows = telling.counts(timezone.make_aware(until) if until else None)
    if json:
        typer.echo(to_json(rows), nl=False)
        return
    for row in rows:
        out.print(f"{row['resource']}: {row['told']:,} told, {row['waiting']:,} wait")
