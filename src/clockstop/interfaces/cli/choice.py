"""``clockstop choice``: the choice that patients had when they were referred."""

from __future__ import annotations

from typing import Annotated

import typer

from clockstop.interfaces.cli.output import FileArgument, JsonOption, to_json, write
from clockstop.interfaces.cli.service import on_the_store

app = typer.Typer(
    help="The choice that patients had when they were referred.", no_args_is_help=True
)
_WAYS = "icb, specialty, practice, month or referrer."


@app.callback()
def choice() -> None:
    """The choice that patients had when they were referred."""


@app.command()
@on_the_store
def figures(
    file: FileArgument = None,
    *,
    by: Annotated[str, typer.Option(metavar="WAY", help=f"Grouped by {_WAYS}")] = "icb",
    icb: Annotated[
        str, typer.Option(metavar="CODE", help="Only patients of this ICB, like QE1.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """The figures of choice of this month and the eleven before it, ready to be published.

    Small numbers are left out, and others with them, so that nobody can be found. Practices are
    told within one ICB.
    """
    from django.utils import timezone

    from clockstop.service.referrals.choice_figures.files import as_csv, everything
    from clockstop.service.referrals.choice_figures.reading import By

    if by not in set(By):
        raise ValueError(f"--by is one of {_WAYS[:-1]}, not {by}")
    code = icb.strip().upper()
    if by == By.PRACTICE and not code:
        raise ValueError("name the ICB of the practices with --icb")
    found = everything(By(by), timezone.localdate(), code)
    write((to_json(found) if json else as_csv(found)).encode(), file)


@app.command()
@on_the_store
def online(
    file: FileArgument = None,
    *,
    by: Annotated[
        str, typer.Option(metavar="WAY", help="Grouped by provider or icb.")
    ] = "provider",
    icb: Annotated[
        str, typer.Option(metavar="CODE", help="Only patients of this ICB, like QE1.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """How far patients manage their appointments online, ready to be published.

    What could be managed online is as of today; acts and requests are those of this month and the
    eleven before it. Small numbers are left out, and others with them.
    """
    from django.utils import timezone

    from clockstop.service.portal.adoption.reading import By
    from clockstop.service.portal.adoption.tables import everything
    from clockstop.service.referrals.choice_figures.files import as_csv

    if by not in set(By):
        raise ValueError(f"--by is provider or icb, not {by}")
    found = everything(By(by), timezone.localdate(), icb.strip().upper())
    write((to_json(found) if json else as_csv(found)).encode(), file)
