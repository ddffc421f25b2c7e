"""By when a request must be answered: the standard has 504 after nine seconds."""

from __future__ import annotations

from time import monotonic

from clockstop.service.fhir.answering import NotAnsweredError


class Deadline:
    """So many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def hold(self) -> None:
        """Go on while there is time. Raises NotAnsweredError, 504, once there is none."""
        if monotonic() > self._ends:
            raise NotAnsweredError(504, "timeout", ["It took too long: ask again"])
