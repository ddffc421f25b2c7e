"""How the kernel is compiled, and when what was compiled earlier may be used again."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from clockstop.analytics.clocks import words
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import choice_types
from clockstop.core.rtt.status_codes import status_codes

# The kernel makes no arrays, so none is counted; and only the entry is called from Python.
_njit: Any = numba.njit  # its types leave out the options that its compiler has
_INNER = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_ENTRY = {"_nrt": False, "nogil": True}
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """A part of the kernel; whoever calls it compiles it with itself."""
    return cast("F", _njit(**_INNER)(function))


def entry(function: F) -> F:
    """What is called from Python: compiled once on a machine, and kept if there is a place."""
    try:
        return cast("F", _njit(**_ENTRY, cache=True)(function))
    except RuntimeError:  # neither beside the source nor in the user's folders
        return cast("F", _njit(**_ENTRY)(function))


@cache
def stamp() -> str:
    """A name for the kernel and for the numbers it was compiled with.

    What numba keeps is renewed when the file of the entry changes, not when a part of it does. So
    the type of what the entry is given carries this name: another name, another compilation.
    """
    sources = [file.read_text() for file in sorted(Path(__file__).parent.glob("*.py"))]
    numbers = [str({each.name: each.value for each in word}) for word in _words()]
    codes = [f"{code} {each.group} {each.effect}" for code, each in status_codes().items()]
    endings = [f"{each} {each.status}" for each in Ending]
    text = "\n".join([*sources, *numbers, *codes, *endings, *choice_types()])
    return f"made_{sha256(text.encode()).hexdigest()[:16]}"


def _words() -> list[Any]:
    return [each for name, each in sorted(vars(words).items()) if hasattr(each, "__members__")]
