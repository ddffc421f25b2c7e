"""``clockstop directory``: the directory of services."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from clockstop.interfaces.cli.output import JsonOption, lake, out, progress_bar, to_json
from clockstop.interfaces.cli.service import on_the_store

app = typer.Typer(help="The directory of services.", no_args_is_help=True)


@app.callback()
def directory() -> None:
    """The directory of services."""


@app.command("free-held")
@on_the_store
def free_held(*, json: JsonOption = False) -> None:
    """Free the slots that were held too long and not booked. Run it from cron every few minutes."""
    from clockstop.service.directory.slots import free_expired

    freed = free_expired()
    typer.echo(to_json({"freed": freed}) if json else f"freed: {freed:,}", nl=not json)


@app.command()
@on_the_store
def rate(*, json: JsonOption = False) -> None:
    """Take over the ratings that were supplied, but for later ones that definers entered."""
    from clockstop.service.directory.ratings import refresh

    changed = refresh(lake())
    typer.echo(to_json({"changed": changed}) if json else f"changed: {changed:,}", nl=not json)


@app.command()
@on_the_store
def fill(
    *,
    icb: Annotated[
        str, typer.Option(metavar="CODE", help="Only providers in reach of this ICB, like QE1.")
    ] = "",
    miles: Annotated[float, typer.Option(min=0, help="How far is in reach.")] = 60,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="Of slots, where they are made.")] = 12,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other services.")] = 1948,
    json: JsonOption = False,
) -> None:
    """Put providers into the directory that are not there yet; run it after registry load.

    In a synthetic England services and slots are made up. Of real providers only what the register
    says is put in: no clinics, no slots.
    """
    from clockstop.service.directory.filling import fill as run

    with progress_bar() as progress:
        bar = progress.add_task("Reading", total=None)
        filled = run(
            lake(),
            near=icb.strip().upper(),
            miles=miles,
            seed=seed,
            weeks=weeks,
            progress=lambda words: progress.update(bar, description=words),
        )
    if json:
        typer.echo(to_json(asdict(filled)), nl=False)
        return
    out.print(
        f"[green]Done[/]: {filled.services:,} services of {filled.organisations:,} providers, "
        f"{filled.slots:,} slots."
    )
    if filled.left_out:
        out.print(f"{filled.left_out:,} providers had services there: left as they were.")
