"""Fixtures that every suite shares."""

import os
from pathlib import Path

import pytest

REAL_DATA_HELP = "set CLOCKSTOP_REAL_DATA to the folder of the published files"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published files, or a skip that says how to name it."""
    folder = os.environ.get("CLOCKSTOP_REAL_DATA")
    if not folder:
        pytest.skip(REAL_DATA_HELP)
    return Path(folder)
