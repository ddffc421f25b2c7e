"""``clockstop messages``: the outbox of messages to patients. Run ``send`` from cron."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import FAILED, JsonOption, err, out, to_json
from clockstop.interfaces.cli.service import on_the_store

app = typer.Typer(help="The outbox of messages to patients.", no_args_is_help=True)


@app.callback()
def messages() -> None:
    """The outbox of messages to patients."""


@app.command()
@on_the_store
def send(
    *,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the oldest first.")] = 1000,
    json: JsonOption = False,
) -> None:
    """Go on with campaigns, send what is due, and ask what became of what was sent."""
    from django.core.exceptions import ImproperlyConfigured

    from clockstop.service.messaging import outbox
    from clockstop.service.messaging.senders import SendError, chosen_sender
    from clockstop.service.portal.campaigns import running

    try:
        sender = chosen_sender()
    except (ImproperlyConfigured, SendError) as error:
        err.print(str(error), markup=False, style="red")
        raise typer.Exit(FAILED) from error
    running.go_on(limit)
    became = outbox.follow_up(sender)
    counted = became + outbox.send_due(sender, limit=limit)
    if json:
        typer.echo(to_json(counted), nl=False)
        return
    out.print(", ".join(f"{number:,} {state}" for state, number in sorted(counted.items())) or "-")


@app.command("app-users")
@on_the_store
def app_users(*, json: JsonOption = False) -> None:
    """Note who reads messages in the NHS App, by its reports of each practice: once a day."""
    from django.conf import settings

    from clockstop.service.messaging.refreshing import refresh
    from clockstop.service.messaging.senders import SendError
    from clockstop.service.messaging.senders.app import AppSender

    if settings.CLOCKSTOP_NHS_APP is None:
        err.print("The NHS App is not set up: see the guide to messages", style="red")
        raise typer.Exit(FAILED)
    try:
        number = refresh(AppSender(settings.CLOCKSTOP_NHS_APP))
    except SendError as error:
        err.print(str(error), markup=False, style="red")
        raise typer.Exit(FAILED) from error
    if json:
        typer.echo(to_json({"app users": number}), nl=False)
        return
    out.print(f"{number:,} use the NHS App")


@app.command("list")
@on_the_store
def list_messages(*, json: JsonOption = False) -> None:
    """Count the messages by template, channel and state; nobody is named."""
    from clockstop.service.messaging.counting import counted

    rows = counted()
    if json:
        typer.echo(to_json(rows), nl=False)
        return
    table = Table("Template", "Channel", "State", "Messages")
    for row in rows:
        table.add_row(row["template"], row["channel"], row["state"], f"{row['messages']:,}")
    out.print(table)
