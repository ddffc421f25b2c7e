"""Where Clockstop keeps what it writes."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def default_home() -> Path:
    """Where the lake lives: CLOCKSTOP_HOME, or the user's data folder."""
    named = os.environ.get("CLOCKSTOP_HOME")
    return Path(named) if named else platformdirs.user_data_path("clockstop", appauthor=False)
