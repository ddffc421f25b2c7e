"""The key of pseudonyms, which every command that names people by them takes alike."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

KEY = "CLOCKSTOP_EXTRACT_KEY"

KeyFile = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help=f"A file that holds the key of the pseudonyms; else {KEY} of the environment.",
    ),
]


def pseudonym_key(file: Path | None) -> bytes:
    """The key, which is never an argument: arguments are seen by others on the machine."""
    key = file.read_bytes() if file else os.environ.get(KEY, "").encode()
    if not key.strip():
        raise ValueError(f"no key: name a file by --key-file, or set {KEY}")
    return key.strip()
