"""Whatever a test of mutual aid does, it locks every row that it needs before the audit."""

import pytest
from tests.service.lock_order import in_order

every_lock_in_order = pytest.fixture(autouse=True)(in_order)
