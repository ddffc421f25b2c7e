"""Made-up patients of a few providers, and what stands in their records."""

import pytest
from tests.analytics import story
from tests.analytics.synthetic.patients.conftest import FILED, MONTH, Made, made

from clockstop.analytics.published.lake import Lake


@pytest.fixture(scope="session")
def patients(tmp_path_factory) -> Made:
    """Patients of six providers, one file of events for each ICB."""
    lake = Lake(tmp_path_factory.mktemp("weekly-lake"))
    story.publish(lake, str(MONTH), FILED)
    return made(tmp_path_factory.mktemp("weekly-patients"), lake)
