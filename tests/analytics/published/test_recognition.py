"""Every file of the published folder is claimed by one data set at most, and strangers by none."""

from pathlib import Path

import pytest

from clockstop.analytics.published.containers import find_sources
from clockstop.analytics.published.datasets import DATA_SETS

pytestmark = pytest.mark.real_data
FOLDERS = ("activity", "diagnostics", "geography", "independent-sector", "organisations")
STRANGERS = (
    "waiting_list_params",
    "postcodes_outcodes_gibbs",
    "1-1-2 Sub-national ophthalmic",  # repeats 1-1-1
    "5-1 National trends",  # its bands have no unit
    "peers",
    "lookup_nhs_trusts22_icb22",
)


@pytest.fixture(scope="module")
def claims(real_data: Path) -> dict[str, list[str]]:
    """The data sets that know a file by its first bytes, for each file but workbooks."""
    sources = find_sources(real_data / folder for folder in FOLDERS)
    heads = {each.stem: each.head() for each in sources if not each.name.endswith(".xlsx")}
    return {
        stem: [data_set.name for data_set in DATA_SETS if data_set.recognises(head)]
        for stem, head in heads.items()
    }


def test_no_file_is_claimed_twice(claims: dict[str, list[str]]) -> None:
    assert {stem: names for stem, names in claims.items() if len(names) > 1} == {}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_file_that_only_looks_alike_is_passed_over(
    claims: dict[str, list[str]], stranger: str
) -> None:
    found = [names for stem, names in claims.items() if stem.startswith(stranger)]
    assert found == [[]]
