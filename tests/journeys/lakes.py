"""The small synthetic England that the journeys walk through."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.analytics.published.test_cancer_waits import cancer
from tests.analytics.published.test_wlmds_demographics import wlmds
from tests.once import alone

from clockstop.analytics.forecast.book import build
from clockstop.analytics.forecast.expected.table import expected_table
from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import make_england
from clockstop.core.rulebook.releases import latest_release

MONTHS = 14  # a year to compare with, and a month more
SCALE = 0.3  # the smallest at which the tiny site still has somebody
REPLICATES = 32  # the fewest: the pages are walked through, not planned by


def synthetic_lake(shared: Path) -> Lake:
    """Made by whichever worker comes first; the others wait for it."""
    lake = Lake(shared / "journeys-home")
    with alone(shared / "journeys-home.lock"):
        if not lake.catalogue().entries:
            _fill(lake)
    return lake


def _fill(lake: Lake) -> None:
    with TemporaryDirectory() as folder:
        last_month = latest_release(datetime.now(UTC).date())
        make_england(Path(folder), months=MONTHS, last_month=last_month, scale=SCALE)
        (Path(folder) / "cancer.xlsx").write_bytes(cancer().bytes())
        (Path(folder) / "demographics.xlsx").write_bytes(wlmds().bytes())
        report = ingest([Path(folder)], lake)
    assert report.committed, [str(p) for f in report.refused for p in f.problems][:20]
    build(lake, replicates=REPLICATES)
    expected_table(lake)
