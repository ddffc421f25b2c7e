"""The small month of made-up patients, made once for all the tests of returns."""

from tests.analytics.synthetic.patients.conftest import small, small_lake

__all__ = ["small", "small_lake"]
