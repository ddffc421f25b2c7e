"""``clockstop portal``: what the patients' pages need done by the clock. Run these from cron."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clockstop.interfaces.cli.output import JsonOption, out, to_json
from clockstop.interfaces.cli.service import on_the_store

if TYPE_CHECKING:
    from clockstop.service.portal.campaigns.prompting import Prompted

app = typer.Typer(help="What patients' pages need done by the clock.", no_args_is_help=True)
IcbOption = Annotated[str, typer.Option(metavar="CODE", help="Only this ICB.")]


@app.callback()
def portal() -> None:
    """What patients' pages need done by the clock."""


@app.command()
@on_the_store
def remind(
    *,
    days: Annotated[int, typer.Option(min=1, help="Not booked so long after the referral.")] = 14,
    icb: IcbOption = "",
    json: JsonOption = False,
) -> None:
    """Prompt patients who have not booked that they can choose where to go, each once."""
    from clockstop.service.portal.campaigns.prompting import remind_to_choose

    _print_prompted(remind_to_choose(days, icb.strip().upper()), json=json)


@app.command("ask-still-needed")
@on_the_store
def ask(
    *,
    weeks: Annotated[int, typer.Option(min=1, help="Who has waited longer, without a date.")] = 12,
    icb: IcbOption = "",
    json: JsonOption = False,
) -> None:
    """Ask patients whether they still need to be seen, once a quarter. Silence ends nothing."""
    from clockstop.service.portal.campaigns.prompting import ask_still_needed

    _print_prompted(ask_still_needed(weeks, icb.strip().upper()), json=json)


@app.command()
@on_the_store
def results(*, json: JsonOption = False) -> None:
    """What the prompts to choose have come to."""
    from clockstop.service.portal.campaigns.prompting import results as found

    _print(asdict(found()), json=json)


@app.command()
@on_the_store
def expire(*, json: JsonOption = False) -> None:
    """End the requests about appointments whose day has passed without an answer."""
    from clockstop.service.portal.actions.requesting import expire_past

    _print({"expired": expire_past()}, json=json)


def _print_prompted(found: Prompted, *, json: bool) -> None:
    _print({"cohort": found.cohort, "in the outbox": found.queued}, json=json)


def _print(values: dict[str, Any], *, json: bool) -> None:
    if json:
        typer.echo(to_json(values), nl=False)
        return
    for name, value in values.items():
        out.print(f"{name.replace('_', ' ')}: {value:,}")
