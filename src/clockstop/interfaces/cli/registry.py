"""``clockstop registry``: the organisations, sites and services that the service knows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import lake, out, to_json
from clockstop.interfaces.cli.service import on_the_store

if TYPE_CHECKING:
    from clockstop.service.registry.loading import Report
    from clockstop.service.registry.presenters import OrganisationPage

app = typer.Typer(
    help="Organisations, their sites and services, and who took over whom.", no_args_is_help=True
)


@app.command()
@on_the_store
def load(*, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Bring the register up to the lake; nothing is removed. Run it after each data ingest."""
    from clockstop.service.registry.loading import load as run

    report = run(lake=lake())
    if json:
        typer.echo(to_json(asdict(report) | {"written": report.has_written}), nl=False)
    else:
        _show(report)


def _show(report: Report) -> None:
    table = Table("", "New", "Changed", "Unchanged")
    for name, tally in report.tallies.items():
        counts = (tally.new, tally.changed, tally.unchanged)
        table.add_row(name.capitalize(), *(f"{count:,}" for count in counts))
    out.print(table)
    if report.sites_left_out:
        out.print(f"{report.sites_left_out:,} sites left out: no list names their organisation.")
    out.print("[green]Done[/]." if report.has_written else "[green]Nothing had changed[/].")


@app.command()
@on_the_store
def show(
    code: Annotated[str, typer.Argument(help="The organisation's ODS code, like RR8.")],
) -> None:
    """Show one organisation as its page does."""
    from clockstop.service.registry.models import Organisation
    from clockstop.service.registry.presenters import page_of

    found = Organisation.objects.filter(code=code.strip().upper()).first()
    if found is None:
        raise ValueError(f"the register holds no organisation {code!r}")
    _print(page_of(found))


def _print(page: OrganisationPage) -> None:
    lines = [page.name, *page.notices, *(f"{each.term}: {each.words}" for each in page.facts)]
    lines += [f"Service: {name} ({code})" for name, code in page.open_services]
    lines += [f"Service until {month}: {name}" for name, month in page.closed_services]
    lines += [f"Site: {name} ({code})" for name, code in page.sites]
    for line in page.history.lines:
        others = ", ".join(f"{each.name} ({each.code})" for each in line.others)
        lines.append(f"{line.day}: {line.what[0].lower()}{line.what[1:]} {others}")
    out.print("\n".join(lines), markup=False)
