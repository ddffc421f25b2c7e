"""What a form sent, as numbers that any store can hold."""

from __future__ import annotations

from django.http import HttpRequest

_DIGITS = 15  # of a number that any store can hold


def numbered(text: str) -> int:
    """A key or a version as it was sent; 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0


def read_version(request: HttpRequest) -> int:
    """The version that the page was made from; 0 is none that there is."""
    return numbered(request.POST.get("version", ""))
