import pytest
from tests.service.ers.published import HELP, folder


@pytest.fixture
def specs():
    """The folder of the published documents, or a skip that says how to name it."""
    if folder() is None:
        pytest.skip(HELP)
    return folder()
