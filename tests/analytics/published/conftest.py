from pathlib import Path

import pytest

from clockstop.analytics.published.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake in a folder of its own."""
    return Lake(tmp_path / "home")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder for the files to ingest."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
