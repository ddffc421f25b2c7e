"""The book: which areas there are, how they lie in each other, and what is not known."""

import pytest
from tests.analytics.story import (
    EUXTON,
    EYES,
    FULWOOD,
    LANCASHIRE,
    LEEDS,
    NEW,
    OLD,
    SHEFFIELD,
    SOUTH_YORKSHIRE,
    YORKSHIRE,
)

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Month, Sector

NORTH, NORTH_WEST = "Y63", "Y62"
SEPTEMBER, AUGUST = Month(2025, 9), Month(2025, 8)


@pytest.fixture(scope="module")
def book(story_lake) -> MonitoringBook:
    return MonitoringBook(story_lake)


@pytest.fixture
def england(book):
    return book.area(AreaKind.ENGLAND, ENGLAND)


def sizes(months) -> dict[str, int | None]:
    return {
        str(m): None if row is None else row["incomplete_pathways"] for m, row in months.items()
    }


def test_every_area_with_figures_is_there_and_no_other(book):
    found = {(str(kind), code) for kind, code in book.areas}
    assert found == {
        ("england", ENGLAND),
        *(("region", code) for code in (NORTH, NORTH_WEST)),
        *(("icb", code) for code in (YORKSHIRE, SOUTH_YORKSHIRE, LANCASHIRE)),
        *(("provider", code) for code in (LEEDS, SHEFFIELD, EUXTON, FULWOOD, EYES, OLD, NEW)),
    }


def test_an_area_is_named_as_people_say_it(book):
    assert book.area(AreaKind.ICB, LANCASHIRE).name == "Lancashire and South Cumbria"
    leeds = book.area(AreaKind.PROVIDER, LEEDS)
    assert (leeds.name, leeds.sector) == ("Leeds Teaching Hospitals NHS Trust", Sector.NHS_TRUST)
    assert book.area(AreaKind.PROVIDER, FULWOOD).sector is Sector.INDEPENDENT
    assert book.area(AreaKind.PROVIDER, NEW).sector is Sector.UNKNOWN


@pytest.mark.parametrize(("kind", "code"), [("icb", "QMM"), ("provider", YORKSHIRE), ("icb", "")])
def test_an_area_without_figures(book, kind, code):
    with pytest.raises(KeyError):
        book.area(AreaKind(kind), code)


def test_areas_lie_in_each_other_up_to_england(book, england):
    above, area = [], book.area(AreaKind.PROVIDER, FULWOOD)
    while area := book.parent(area):
        above.append(area.code)
    assert above == [LANCASHIRE, NORTH_WEST, ENGLAND]
    assert book.parent(england) is None


def test_the_areas_below_are_those_that_still_send(book, england):
    """The old trust sent its last return in February, more than half a year before."""
    assert {area.code for area in book.children(england)} == {NORTH, NORTH_WEST}
    below = {area.code for area in book.children(book.area(AreaKind.ICB, LANCASHIRE))}
    assert below == {EUXTON, FULWOOD}
    assert book.children(book.area(AreaKind.PROVIDER, LEEDS)) == ()
    for area in book.areas.values():
        assert all(book.parent(child) == area for child in book.children(area))


def test_a_month_without_a_return_is_not_known(book):
    fulwood = book.area(AreaKind.PROVIDER, FULWOOD)
    euxton = book.area(AreaKind.PROVIDER, EUXTON)
    assert list(book.series(fulwood)) == list(book.months)
    assert sizes(book.series(fulwood)) == dict.fromkeys(map(str, book.months)) | {"2025-09": 40}
    assert sizes(book.series(euxton))["2025-09"] is None


def test_a_basis_is_for_regions_and_icbs(book, england):
    board = book.area(AreaKind.ICB, YORKSHIRE)
    assert sizes(book.series(board))["2025-09"] == 139
    assert sizes(book.series(board, Basis.COMMISSIONER))["2025-09"] == 129
    leeds = book.area(AreaKind.PROVIDER, LEEDS)
    for area in (leeds, england):
        assert book.series(area, Basis.COMMISSIONER) == book.series(area, Basis.PROVIDER)


def test_a_specialty_and_a_sector_are_parts_of_the_whole(book, england):
    found = book.by_function(england)
    assert {code: row["incomplete_pathways"] for code, row in found.items()} == {
        "C_110": 140,
        "C_130": 19,
        "X02": 20,
    }
    assert sizes(book.series(england, function="C_110"))["2025-09"] == 140
    sectors = book.by_sector(england)
    latest = {str(s): months[SEPTEMBER]["incomplete_pathways"] for s, months in sectors.items()
              if SEPTEMBER in months}  # fmt: skip
    assert latest == {"nhs_trust": 119, "independent": 40, "unknown": 20}
    assert sizes(book.series(england, sector="independent"))["2025-09"] == 40


def test_an_earlier_month_can_be_asked_for(book, england):
    assert set(book.by_function(england, month=Month(2025, 3))) == {"C_110", "C_130"}
    every = book.sizes_by_function(england, Basis.PROVIDER, "incomplete_pathways")
    assert every["C_130"] == {Month(2025, 3): 21, SEPTEMBER: 19}


@pytest.mark.parametrize(
    ("kind", "code", "missing"),
    [
        ("england", ENGLAND, [OLD, EUXTON, EYES]),
        ("region", NORTH, [EYES]),
        ("icb", LANCASHIRE, [OLD, EUXTON]),
        ("icb", SOUTH_YORKSHIRE, []),  # Sheffield was taken over
        ("provider", EUXTON, [EUXTON]),
        ("provider", LEEDS, []),
    ],
)
def test_who_sent_nothing_is_said_of_every_area_it_lies_in(book, kind, code, missing):
    found = book.missing(book.area(AreaKind(kind), code))
    assert [each.provider for each in found] == missing


def test_who_sent_nothing_for_an_earlier_month(book, england):
    assert [each.provider for each in book.missing(england, AUGUST)] == [OLD, EYES]
    assert book.missing(england, Month(2020, 1)) == ()


def test_it_says_whether_it_is_made_up(book, synthetic_lake):
    assert not book.synthetic
    assert MonitoringBook(synthetic_lake).synthetic


def test_without_a_return_there_is_no_book(tmp_path):
    with pytest.raises(NoDataError):
        MonitoringBook(Lake(tmp_path))


def test_reading_ahead_changes_no_answer(story_lake):
    ahead, plain = MonitoringBook(story_lake), MonitoringBook(story_lake)
    ahead.read_ahead()
    england = plain.area(AreaKind.ENGLAND, ENGLAND)
    assert ahead.children(england) == plain.children(england)
    assert ahead.missing(england) == plain.missing(england) != ()


@pytest.mark.parametrize(
    ("kind", "code", "since", "lost"),
    [
        ("icb", LANCASHIRE, AUGUST, 0),  # the list of others rose by more than went silent
        ("icb", LANCASHIRE, Month(2025, 2), 900),
        ("england", ENGLAND, Month(2025, 2), 900),
        ("icb", YORKSHIRE, AUGUST, 0),
        ("provider", EUXTON, AUGUST, 33),
    ],
)
def test_what_an_area_has_lost_since(book, kind, code, since, lost):
    assert book.lost(book.area(AreaKind(kind), code), since) == lost


def test_months_in_which_too_much_is_missing(book, england):
    lancashire = book.area(AreaKind.ICB, LANCASHIRE)
    assert Month(2025, 2) not in book.incomplete(lancashire)
    assert {Month(2025, 3), AUGUST, SEPTEMBER} <= book.incomplete(lancashire)
    assert Month(2025, 3) in book.incomplete(england)
    assert book.incomplete(book.area(AreaKind.PROVIDER, EUXTON)) == frozenset()
