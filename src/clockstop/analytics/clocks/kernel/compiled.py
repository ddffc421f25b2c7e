"""How the kernel is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

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
