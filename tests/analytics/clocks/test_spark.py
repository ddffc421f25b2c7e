"""The kernel on Spark gives the periods that it gives here."""

import polars as pl
import pytest
from tests.core.rtt.specs import starts

from clockstop.analytics.clocks import events_table
from clockstop.analytics.clocks.deriving import derive_periods
from clockstop.analytics.clocks.spark import derive_on_spark

pytestmark = [
    pytest.mark.spark,
    # mapInArrow passes by pandas without using it.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


def test_periods_are_the_same_on_spark(spark, tmp_path):
    table = events_table.table(enumerate(spec.pathway.events for spec in starts.SPECS))
    file = tmp_path / "events.parquet"
    plain = table.cast({"pathway": pl.Int64, "number": pl.Int32, "kind": pl.String})
    plain.write_parquet(file)
    rows = derive_on_spark(spark.read.parquet(str(file))).collect()
    found = pl.DataFrame([row.asDict() for row in rows], infer_schema_length=None)
    expected = derive_periods(table)
    assert len(expected) > len(starts.SPECS) // 2
    typed = found.sort("pathway", "number").cast(dict(expected.schema))
    assert typed.equals(expected)
