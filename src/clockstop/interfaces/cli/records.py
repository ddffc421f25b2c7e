"""``clockstop records``: care of the patients' records themselves."""

from __future__ import annotations

import typer

from clockstop.interfaces.cli.output import out, progress_bar
from clockstop.interfaces.cli.service import on_the_store

app = typer.Typer(help="Care of the patients' records.", no_args_is_help=True)


@app.callback()
def records() -> None:
    """Take the name of the job that follows."""


@app.command()
@on_the_store
def duplicates() -> None:
    """Ask people to look at records that may be of one patient; nothing is joined. Run it daily."""
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.pathways.merging import look_for_duplicates
    from clockstop.service.pathways.models import Patient, Review

    known = Review.objects.filter(kind=Review.Kind.LIKELY_DUPLICATE)
    before = known.count()
    patients = Patient.objects.filter(merged_into=None).order_by("pk")
    with progress_bar() as progress:
        bar = progress.add_task("Looking", total=patients.count())
        for patient in patients.iterator():
            look_for_duplicates(patient, SYSTEM)
            progress.advance(bar)
    opened = known.count() - before
    out.print(f"{opened:,} {'review' if opened == 1 else 'reviews'} opened")
