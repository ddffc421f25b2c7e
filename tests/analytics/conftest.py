"""One small Spark for the tests that hold engines against each other."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NO_JAVA = "needs Java 17 or later for PySpark (Debian: apt-get install default-jre-headless)"


@pytest.fixture(scope="session")
def spark() -> Iterator[object]:
    """A local Spark session, or a skip that says what is missing."""
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and Path(home, "bin", "java").exists())):
        pytest.skip(NO_JAVA)
    sql = pytest.importorskip("pyspark.sql", reason="needs clockstop[spark]")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # for what runs as Python in it
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.ansi.enabled": "true",
    }
    builder = sql.SparkSession.builder.master("local[1]").appName("clockstop-parity")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
