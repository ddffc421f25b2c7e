"""``clockstop mutual-aid``: requests to be treated elsewhere, and what they came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from json import loads
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from clockstop.interfaces.cli.output import (
    FAILED,
    FileArgument,
    JsonOption,
    err,
    out,
    to_json,
    write,
)
from clockstop.interfaces.cli.service import on_the_store

app = typer.Typer(
    help="Requests to be treated elsewhere, and what they came to.", no_args_is_help=True
)
_WAYS = "icb, specialty, provider, deprivation, age or ethnicity."


_NOBODY = UUID(int=0)  # a command acts for a provider, and is no person


@app.callback()
def mutual_aid() -> None:
    """Requests to be treated elsewhere, and what they came to."""


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
    """What mutual aid came to this month and in the eleven before it, ready to be published.

    Small numbers are left out, and others with them, so that nobody can be found.
    """
    from django.utils import timezone

    from clockstop.service.referrals.choice_figures.files import as_csv
    from clockstop.service.transfers.measures.reading import By
    from clockstop.service.transfers.measures.tables import everything

    if by not in set(By):
        raise ValueError(f"--by is one of {_WAYS[:-1]}, not {by}")
    found = everything(By(by), timezone.localdate(), icb.strip().upper())
    write((to_json(found) if json else as_csv(found)).encode(), file)


ProfileOption = Annotated[
    str, typer.Option(metavar="NAME", help="Who may ask: LIVE-2023, LEGAL-18W, EXPAND-32 …")
]
ProviderOption = Annotated[str, typer.Option(metavar="CODE", help="Only this provider's list.")]
IcbOption = Annotated[str, typer.Option(metavar="CODE", help="Only patients of this ICB.")]


@app.command()
@on_the_store
def scan(
    *,
    profile: ProfileOption = "LIVE-2023",
    provider: ProviderOption = "",
    icb: IcbOption = "",
    json: JsonOption = False,
) -> None:
    """Look through the lists for who may ask to be treated elsewhere; once a day for each list."""
    from collections import Counter

    from django.utils import timezone

    from clockstop.core.rulebook.eligibility import reasons
    from clockstop.service.transfers.actions.asking.scanning import scan as scan_lists

    found = scan_lists(
        profile,
        timezone.localdate(),
        organisation_code=provider.strip().upper(),
        icb_code=icb.strip().upper(),
    )
    counts = Counter[str]()
    for each in found:
        counts.update(loads(each.counts))
    told: dict[str, int] = {
        "lists": len(found),
        "looked at": sum(each.looked_at for each in found),
        "eligible": sum(each.eligible for each in found),
        "new": sum(each.new for each in found),
    }
    _print(told | {reasons()[code].words: n for code, n in counts.most_common() if n}, json=json)


@app.command()
@on_the_store
def invite(
    *,
    profile: Annotated[str, typer.Option(metavar="NAME", help="Only who it found.")] = "",
    provider: ProviderOption = "",
    icb: IcbOption = "",
    most: Annotated[int, typer.Option(min=1, help="At most so many, the longest wait first.")] = (
        1_000_000
    ),
    json: JsonOption = False,
) -> None:
    """Tell those who were found that they may ask, each once."""
    from clockstop.service.transfers.actions.asking.inviting import invite_cohort

    found = invite_cohort(
        organisation_code=provider.strip().upper(),
        icb_code=icb.strip().upper(),
        profile=profile,
        most=most,
    )
    _print(asdict(found), json=json)


@app.command()
@on_the_store
def remind(*, provider: ProviderOption = "", icb: IcbOption = "", json: JsonOption = False) -> None:
    """Remind those who have not answered an invitation, each once."""
    from clockstop.service.transfers.actions.asking.inviting import remind_cohort

    found = remind_cohort(organisation_code=provider.strip().upper(), icb_code=icb.strip().upper())
    _print(asdict(found), json=json)


@app.command()
@on_the_store
def tick(*, json: JsonOption = False) -> None:
    """Do what time does: what is held or open runs out, what is late is escalated. Nightly."""
    from clockstop.service.transfers.actions.aid import tick as tick_aid
    from clockstop.service.transfers.actions.asking.ticking import tick as tick_asking

    _print({**tick_aid(), **tick_asking()}, json=json)


@app.command("import")
@on_the_store
def import_(
    table: Annotated[str, typer.Argument(help="requests, tests or capacity.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    *,
    provider: Annotated[str, typer.Option(metavar="CODE", help="Whose file it is.")],
    json: JsonOption = False,
) -> None:
    """Take in a provider's file of requests or capacity, whole; or say every fault of it."""
    from clockstop.service.accounts.actor import Actor
    from clockstop.service.accounts.roles import Role
    from clockstop.service.registry.models import Organisation
    from clockstop.service.transfers.bulk import TITLES, FileRefusedError, take_in

    if table not in TITLES:
        raise ValueError(f"found {table!r}, expected one of {', '.join(TITLES)}")
    code = provider.strip().upper()
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise ValueError(f"found no organisation {code!r}, expected the code of a provider")
    actor = Actor(
        person=_NOBODY,
        name="Command line",
        role=Role.WAITING_LIST_MANAGER,
        organisation_code=code,
        icb_code=found.icb_code,
    )
    try:
        number = take_in(actor=actor, table=table, file=file.name, content=file.read_bytes())
    except FileRefusedError as refused:
        for fault in refused.faults:
            err.print(fault.line(file.name), markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None
    _print({table: number}, json=json)


def _print(values: Mapping[str, int], *, json: bool) -> None:
    if json:
        typer.echo(to_json(values), nl=False)
        return
    for name, value in values.items():
        out.print(f"{name.replace('_', ' ')}: {value:,}", markup=False)


@app.command()
@on_the_store
def match(
    *,
    icb: Annotated[
        str, typer.Option(metavar="CODE", help="Only requests of this ICB, like QE1. Else of all.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Propose to each hub who could go where; nothing is offered by it. Run it every night."""
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.transfers.actions import matching

    code = icb.strip().upper()
    made = [matching.run(each, SYSTEM) for each in ([code] if code else matching.icbs())]
    told = [
        {"icb": run.icb_code, "requests": run.requests, "proposed": run.matched} for run in made
    ]
    if json:
        write(to_json(told).encode(), None)
        return
    for each in told:
        typer.echo(f"{each['icb']}: a place proposed for {each['proposed']} of {each['requests']}")
