"""A lake of the story with practices, and ways to change what it tells."""

import pytest
from tests.analytics import story
from tests.analytics.published import small
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.lake import Lake


class Files:
    """The lists of a lake; a sheet that is put in replaces the one before it."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake

    def put(self, sheet: Sheet) -> None:
        take(self.lake, sheet.save(self.lake.home / "inbox"))

    def file(self, month: str, *filed: story.Filed) -> None:
        story.publish(self.lake, month, filed)


@pytest.fixture
def files(tmp_path) -> Files:
    """The story's lists, and those of practices."""
    files = Files(story.story(tmp_path / "home"))
    files.put(small.practices())
    return files


@pytest.fixture
def lake(files) -> Lake:
    return files.lake
