"""``clockstop pas``: extracts of hospitals' own systems into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import FAILED, err, out, progress_bar, to_json
from clockstop.interfaces.cli.service import on_the_store

if TYPE_CHECKING:
    import polars as pl

    from clockstop.service.intake.actions import Imported
    from clockstop.service.intake.models import Import

app = typer.Typer(
    help="What hospitals' own systems tell: patients, pathways and events.", no_args_is_help=True
)
_SHOWN, _LISTED = 20, 200
_FIELDS = (
    "id",
    "icb_code",
    "organisation_code",
    "received_at",
    "status",
    "pathways",
    "new_pathways",
    "changed_pathways",
    "refused_pathways",
    "new_patients",
    "events",
    "corrections",
    "faults",
)


@app.command("import")
@on_the_store
def import_(
    folder: Annotated[Path, typer.Argument(exists=True, help="A folder or a zip of the tables.")],
    *,
    provider: Annotated[str, typer.Option(help="The provider's ODS code, or all in the files.")],
    strict: Annotated[bool, typer.Option(help="Bring nothing in where a row is wrong.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write what was refused: CSV.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Bring in a hospital's extract. A pathway with a fault stays out; the others go in."""
    from clockstop.analytics.records.faults import ExtractRefusedError
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.intake.actions import ALL, import_extract

    code = ALL if provider.lower() == ALL else provider.strip().upper()
    done: Imported | None = None
    with progress_bar() as progress:
        bar = progress.add_task("Reading", total=None)
        try:
            done = import_extract(
                SYSTEM,
                folder,
                provider=code,
                strict=strict,
                progress=lambda words: progress.update(bar, description=words),
            )
        except ExtractRefusedError as error:
            faults = error.faults
    if done is not None:
        faults = done.faults
    if report is not None:
        faults.select(*_REPORT).write_csv(report)
    imports = done.imports if done else ()
    if json:
        typer.echo(
            to_json({"imports": [_data(i) for i in imports], "faults": len(faults)}), nl=False
        )
    else:
        _show(imports, faults)
    if done is None or any(each.status == "refused" for each in imports):
        raise typer.Exit(FAILED)


_REPORT = ("file", "row", "column", "found", "expected")


@app.command()
@on_the_store
def refresh() -> None:
    """Make the rows of the tracking list anew that a day passing has changed. Run it daily."""
    from django.utils import timezone

    from clockstop.service.tracking.refreshing import refresh_due

    number = refresh_due(timezone.localdate())
    out.print(f"{number:,} rows of the tracking list made anew", markup=False)


@app.command()
@on_the_store
def imports(
    *,
    provider: Annotated[str, typer.Option(help="Of this provider alone.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what was brought in, the latest first."""
    from clockstop.service.intake.models import Import

    asked: dict[str, Any] = (
        {"organisation_code": provider.upper()} if provider else {"part_of": None}
    )
    found = list(Import.objects.filter(**asked)[:_LISTED])
    if json:
        typer.echo(to_json([_data(each) for each in found]), nl=False)
        return
    table = Table("Received", "ICB", "Provider", "Outcome", "Pathways", "Entries", "Refused")
    for each in found:
        numbers = (each.pathways, each.events, each.refused_pathways)
        table.add_row(
            f"{each.received_at:%d %b %Y %H:%M}",
            each.icb_code,
            each.organisation_code or "several",
            each.get_status_display(),
            *(f"{number:,}" for number in numbers),
        )
    out.print(table)


def _data(made: Import) -> dict[str, Any]:
    return {name: getattr(made, name) for name in _FIELDS}


def _show(made: tuple[Import, ...], faults: pl.DataFrame) -> None:
    from clockstop.analytics.records.faults import words

    for line in list(words(faults.head(_SHOWN))):
        err.print(line, markup=False)
    if len(faults) > _SHOWN:
        err.print(f"and {len(faults) - _SHOWN:,} more; --report writes them all", markup=False)
    for each in made:
        out.print(
            f"{each.icb_code}: {each.get_status_display().lower()}. {each.pathways:,} pathways, "
            f"{each.new_pathways:,} of them new and {each.changed_pathways:,} changed; "
            f"{each.events:,} entries, {each.corrections:,} of them corrections; "
            f"{each.refused_pathways:,} pathways refused.",
            markup=False,
        )
    if not made:
        out.print("Nothing was brought in.", markup=False)
