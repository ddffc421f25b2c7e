"""Division where there may be nothing to divide by."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any], empty: float = 0.0) -> Floats:
    """``part / whole``, and ``empty`` where the whole is not above 0; any shapes that broadcast."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    found: Floats = np.divide(part, whole, out=np.full(shape, empty), where=whole > 0)
    return found
