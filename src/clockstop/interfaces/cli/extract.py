"""``clockstop extract``: pseudonymised rows for planning, out of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clockstop.interfaces.cli.keys import KeyFile, pseudonym_key
from clockstop.interfaces.cli.output import out
from clockstop.interfaces.cli.service import on_the_store

KINDS = ("parquet", "csv")
_OWN = 0o600  # to be read by nobody but who made it

app = typer.Typer(help="Pseudonymised extracts, for planning.", no_args_is_help=True)


@app.callback()
def extracts() -> None:
    """Take the name of the extract that follows."""


@app.command()
@on_the_store
def pathways(
    *,
    to: Annotated[Path, typer.Option("--out", help="The file to write: .parquet or .csv.")],
    key_file: KeyFile = None,
) -> None:
    """Write the pathways that wait today, without those who opted out of planning."""
    from django.utils import timezone

    from clockstop.service.pathways.extracts import extract_pathways

    kind = to.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise ValueError(f"{to.name}: an extract ends in .parquet or .csv")
    extract = extract_pathways(kind, key=pseudonym_key(key_file), day=timezone.localdate())
    _write(to, extract.content)
    noun = "pathway" if extract.rows == 1 else "pathways"
    out.print(f"{extract.rows:,} {noun} in {to}", markup=False)


def _write(to: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=_OWN)
    try:
        part.write_bytes(content)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
