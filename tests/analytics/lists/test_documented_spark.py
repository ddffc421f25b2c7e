"""The PySpark sample of the documentation gives what it shows."""

import doctest
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "own-data.md"


@pytest.mark.spark
@pytest.mark.usefixtures("spark")
def test_the_pyspark_sample_gives_what_it_shows():
    blocks = re.findall(r"^```pycon\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (sample,) = (block for block in blocks if "pyspark" in block)
    test = doctest.DocTestParser().get_doctest(sample, {}, PAGE.name, PAGE.name, 0)
    report = []
    doctest.DocTestRunner().run(test, out=report.append)
    assert test.examples
    assert not report, "".join(report)
