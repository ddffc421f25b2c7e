"""The letter as a tagged PDF that a screen reader can read (PDF/UA-1), set by Typst."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files

import typst

from clockstop.service.messaging.letters.blocks import Letter


def pdf(letter: Letter) -> bytes:
    """The whole file. Typst refuses to write what PDF/UA forbids."""
    made: bytes = typst.compile(
        _template(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"letter": json.dumps(asdict(letter))},
    )
    return made


@cache
def _template() -> bytes:
    return files(__package__).joinpath("letter.typ").read_bytes()
