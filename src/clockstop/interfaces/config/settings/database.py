"""The store of what people write: a file in the home, or a PostgreSQL database."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url

from clockstop.analytics.published.home import default_home

FILE = "service.sqlite3"
# A write that was answered is on the disk, whatever happens to the machine afterwards. With
# recursive triggers an append-only table also refuses REPLACE.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
    ),
}


def database(address: str, home: Path | None) -> Any:
    """The settings of the store at an address; without one, of the file in the home."""
    if not address:
        address = f"sqlite:///{quote(str((home or default_home()) / FILE))}"
    found: dict[str, Any] = dict(
        dj_database_url.parse(address, conn_max_age=None, conn_health_checks=True)
    )
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = SQLITE_OPTIONS | found.get("OPTIONS", {})
    return found
