"""One call of the record service: a list of NHS numbers, for one kind of record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import httpx

from clockstop.service.aggregator.record_service import RecordService

PATIENCE = 35  # seconds: the service itself ends after 30
_INDEX = re.compile(r"nhsNumbers\[(\d+)\]")


class NotTakenError(RuntimeError):
    """A list was not taken. ``refused`` are the places in it of the numbers that were wrong.

    The words hold no NHS number, as what the service says of one may.
    """

    def __init__(self, words: str, refused: Sequence[int] = ()) -> None:
        super().__init__(words)
        self.refused = tuple(refused)


class RecordClient:
    """Asked twice with the same list, the service has it once."""

    def __init__(self, service: RecordService, client: httpx.Client | None = None) -> None:
        self.service = service
        self._client = client or httpx.Client(timeout=PATIENCE)

    def tell(self, resource: str, numbers: Sequence[str]) -> None:
        """Send a list for one kind of record. Raises NotTakenError."""
        body = {"clientId": self.service.clients[resource], "nhsNumbers": list(numbers)}
        headers = {"Authorization": f"Bearer {self.service.key}"}
        try:
            response = self._client.post(self.service.url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise NotTakenError("The record service did not answer") from error
        told = _json(response)
        if response.status_code == httpx.codes.OK and told.get("result") == "success":
            return
        code = f" ({told['code']})" if told.get("code") in _CODES else ""
        refused = sorted({int(each) for each in _INDEX.findall(str(told.get("data", "")))})
        at = f", for the numbers at {', '.join(map(str, refused))}" if refused else ""
        words = f"The record service answered {response.status_code}{code}{at}"
        is_known = response.status_code == httpx.codes.BAD_REQUEST
        raise NotTakenError(words, [each for each in refused if is_known and each < len(numbers)])


_CODES = frozenset({"error.bad-request", "error.unauthorized"})


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        told = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
