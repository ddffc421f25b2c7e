"""Cuts are what one counts by hand; an ICB reads none that could be of a few people."""

from collections import Counter
from random import Random

import pytest
from tests.service.people import an_actor
from tests.service.tracking.listed import ago, an_entry, today
from tests.service.tracking.test_filters import a_random_row

from clockstop.service.pathways.protections import age_on
from clockstop.service.tracking.cuts import cuts
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.groups import AGES
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.models import ListEntry

pytestmark = pytest.mark.django_db


def band(row) -> str:
    age = age_on(row.birth_date, today())
    return next(k for k, b in AGES.items() if b.youngest <= age <= (b.oldest or 200))


OF_ROW = {
    "decile": lambda row: {"deprivation": str(row.deprivation_decile or "unknown")},
    "quintile": lambda row: {
        "deprivation": f"q{(row.deprivation_decile + 1) // 2}"
        if row.deprivation_decile
        else "unknown"
    },
    "ethnic": lambda row: {"ethnic": row.ethnic_category or "unknown"},
    "age": lambda row: {"age": band(row)},
    "sex": lambda row: {"sex": row.sex},
}


def test_a_cut_is_what_one_counts_by_hand():
    random = Random(2)
    rows = [a_random_row(random) for _ in range(80)]
    rows = [row for row in rows if row.state == "waiting" and row.in_returns and row.clock_start]
    own = OwnList(an_actor(), Filter(), today())
    for cut in cuts(own.rows, today(), is_protected=False):
        of = OF_ROW[cut.key]
        everybody = Counter(str(of(row)) for row in rows)
        within = Counter(str(of(row)) for row in rows if (today() - row.clock_start).days <= 126)
        year = Counter(str(of(row)) for row in rows if (today() - row.clock_start).days > 364)
        found = {str(line.asked): line for line in cut.lines}
        assert {key: line.all for key, line in found.items()} == dict(everybody)
        for key, line in found.items():
            assert (line.within, line.over_a_year) == (within[key], year[key])
            assert line.within + line.longer == line.all
            assert own.rows.filter(in_returns=True, clock_start__isnull=False).count() >= line.all
        assert cut.total.all == len(rows)


def test_each_group_leads_to_its_rows():
    an_entry(deprivation_decile=3, ethnic_category="A", sex="1")
    an_entry(deprivation_decile=None, ethnic_category="", sex="2")
    actor = an_actor()
    own = OwnList(actor, Filter(), today())
    for cut in cuts(own.rows, today(), is_protected=False):
        for line in cut.lines:
            led = OwnList(actor, Filter(returns="yes").but(**line.asked), today())
            assert led.rows.count() == line.all


def test_an_icb_reads_no_small_number():
    for decile, number in ((1, 30), (2, 3), (3, 12)):
        for _ in range(number):
            an_entry(deprivation_decile=decile, clock_start=ago(30))
    shown = {cut.key: cut for cut in cuts(ListEntry.objects.all(), today(), is_protected=True)}
    lines = {line.name: line for line in shown["decile"].lines}
    assert lines["Decile 2"].all is None
    assert lines["Decile 2"].within is None
    assert lines["Decile 2"].share is None
    left_out = [line for line in shown["decile"].lines if line.all is None]
    assert len(left_out) > 1 or shown["decile"].total.all is None  # else a sum would tell
