"""Which link of a publication page is a month's: by its text, or by nothing."""

import json
import string
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.published.fetchers.publication import html_of, text_of, url_of

from clockstop.analytics.published.fetchers.pages import Link, Page, read_page
from clockstop.analytics.published.fetchers.rtt import ADDRESS, page_of
from clockstop.analytics.published.fetchers.rtt_links import candidate_of, find
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month

PAGE = f"{ADDRESS}rtt-data-2024-25/"
SITE = "https://www.england.nhs.uk"
MAY, JUNE = Month(2024, 5), Month(2024, 6)
MONTHS = st.builds(Month, st.integers(2021, 2099), st.integers(1, 12))


def page(*links: tuple[str, str]) -> Page:
    return read_page(PAGE, html_of(links))


def found(*links: tuple[str, str], months: tuple[Month, ...] = (MAY,)) -> list[str]:
    return [link.url for link in find(page(*links), months).values()]


def faults(*links: tuple[str, str], months: tuple[Month, ...] = (MAY,)) -> list[Problem]:
    with pytest.raises(FileRefusedError) as caught:
        find(page(*links), months)
    return caught.value.problems


def reads(text: str) -> tuple[str, int | None] | None:
    candidate = candidate_of(Link(text, ""))
    return (str(candidate.month), candidate.revision) if candidate else None


@pytest.mark.parametrize(
    ("text", "month", "revision"),
    [
        ("Full CSV data file Apr23 (ZIP, 3528K)", "2023-04", 0),
        ("Full CSV data file May23 (ZIP, 3627K) revised", "2023-05", 1),
        ("Full CSV data file Jul25 (ZIP, 4M) revised 2", "2025-07", 2),
        ("Full CSV data file Jul25 (ZIP, 4M) - Revised v3", "2025-07", 3),
        ("Full CSV data file Jul23 (ZIP, 4.5MB) revisions", "2023-07", 1),
        ("Full CSV data file Sept24", "2024-09", 0),
        ("Full CSV data file September 2024 (ZIP 4M)", "2024-09", 0),
        ("FULL CSV  Data File\u00a0Mar 25 (ZIP,\u00a04M) revised", "2025-03", 1),
        ("Full CSV data file May24 (ZIP, 4M) provisional", "2024-05", None),
        ("Full CSV data file May24 (ZIP, 4M, provisional)", "2024-05", None),
        ("Full CSV data file May24 (ZIP, 4M) not revised", "2024-05", None),
    ],
)
def test_what_a_text_says(text: str, month: str, revision: int | None) -> None:
    assert reads(text) == (month, revision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Full CSV data file",
        "Full CSV data file Mai24 (ZIP, 4M)",
        "Full CSV data file 05 24",
        "Full CSV data file Ma24",
        "Full CSV data file May245",
        "Incomplete Commissioner May24 (XLSX, 4M)",
        "Guide to the Full CSV data file May24",
    ],
)
def test_what_is_no_link_to_a_file(text: str) -> None:
    assert reads(text) is None


@given(
    month=MONTHS,
    size=st.sampled_from(["", "(ZIP, 4M)", "(ZIP,3627K)", "(zip 3.9MB)"]),
    revision=st.sampled_from([("", 0), ("revised", 1), ("Revised", 1), ("revised 7", 7)]),
    gap=st.text(st.sampled_from(" \n\t\u00a0\u200b\u00ad"), min_size=1, max_size=3),
    full=st.booleans(),
)
def test_blanks_and_letter_case_never_matter(month, size, revision, gap, full) -> None:
    word, number = revision
    name = f"{month.census:%B %Y}" if full else f"{month.census:%b%y}"
    text = gap.join(["Full", "CSV", "data file", name, size, word])
    html = html_of([(text, "a.zip")])
    (candidate,) = filter(None, map(candidate_of, read_page(PAGE, html).links))
    assert (candidate.month, candidate.revision) == (month, number)


@given(text=st.text(string.printable) | st.text())
def test_no_text_whatever_breaks_the_reading(text: str) -> None:
    candidate_of(Link(text, ""))
    candidate_of(Link(f"Full CSV data file May24{text}", ""))


@given(html=st.text(st.sampled_from("<>![]-ahref='\"=/?xml CDATA&;:."), max_size=60))
def test_no_page_whatever_breaks_the_reading(html: str) -> None:
    with pytest.raises(FileRefusedError, match="no full CSV data file"):
        find(read_page(PAGE, html), [MAY])


@given(names=st.permutations(["", " revised", " revised 2", " revised 3"]), kept=st.integers(1, 4))
def test_the_last_revision_is_taken_wherever_it_stands(names, kept) -> None:
    links = [(text_of("2024-05", name), url_of("2024-05", name.strip())) for name in names[:kept]]
    assert found(*links)[0].endswith(max(links, key=lambda link: link[0])[1])


@pytest.mark.parametrize(
    "href",
    [
        "/statistics/wp-content/uploads/sites/2/2025/02/may.zip",
        "../../../wp-content/uploads/sites/2/2025/02/may.zip",
        "//www.england.nhs.uk/statistics/wp-content/uploads/sites/2/2025/02/may.zip",
        "https://www.england.nhs.uk:443/statistics/wp-content/uploads/sites/2/2025/02/may.zip",
        " https://www.england.nhs.uk/statistics/wp-content/uploads/sites/2/2025/02/may.ZIP ",
    ],
)
def test_however_the_link_is_written(href: str) -> None:
    (url,) = found((text_of("2024-05"), href))
    assert (
        url.replace(":443", "").lower()
        == f"{SITE}/statistics/wp-content/uploads/sites/2/2025/02/may.zip"
    )


def test_entities_tags_and_comments_in_a_link() -> None:
    html = """<!-- <a href="/old.zip">Full CSV data file May24 (ZIP, 4M)</a> -->
    <a class="x" href='/new.zip?a=1&amp;b=2'>Full&nbsp;CSV data&#32;file
    <strong>May</strong>24 (ZIP,&#160;4M)<em> re<b>vised</b></em></a>"""
    link = find(read_page(PAGE, html), [MAY])[MAY]
    assert link == Link("Full CSV data file May24 (ZIP, 4M) revised", f"{SITE}/new.zip?a=1&b=2")


def test_the_same_link_twice_is_one() -> None:
    link = (text_of("2024-05"), url_of("2024-05"))
    assert found(link, link) == [SITE + link[1]]


def test_months_not_asked_for_may_be_as_they_like() -> None:
    strange = (text_of("2024-04", " withdrawn"), "https://elsewhere.example/april.docx")
    assert found(strange, (text_of("2024-05"), url_of("2024-05"))) == [SITE + url_of("2024-05")]


def test_a_page_of_another_layout() -> None:
    (problem,) = faults(("Download May 2024", url_of("2024-05")))
    assert problem.file == f"{PAGE}, May 2024"
    assert problem.found == "no full CSV data file at all among 5 links"
    assert problem.expected == "a link 'Full CSV data file May24 (ZIP, …)'"


def test_a_month_missing() -> None:
    (problem,) = faults((text_of("2024-05"), url_of("2024-05")), months=(MAY, JUNE))
    assert problem.file == f"{PAGE}, June 2024"
    assert problem.found == "full CSV data files of 2024-05 only"


@pytest.mark.parametrize("suffix", ["", " revised"])
def test_two_links_that_cannot_be_told_apart(suffix: str) -> None:
    first, second = url_of("2024-05", "revised"), url_of("2024-05", "revised-2")
    text = text_of("2024-05", suffix)
    (problem,) = faults((text_of("2024-05"), "/old.zip"), (text, first), (text, second))[:1]
    assert problem.kind == "two links"
    assert first in problem.found
    assert second in problem.found


def test_a_word_that_nobody_told_us_is_not_guessed_at() -> None:
    """It may be the latest, or one withdrawn."""
    (problem,) = faults(
        (text_of("2024-05", " revised"), "/a.zip"), (text_of("2024-05", " corrected"), "/b.zip")
    )
    assert (problem.kind, problem.found) == (
        "link text",
        f"'Full CSV data file May24 (ZIP, 4M) corrected' to {SITE}/b.zip",
    )


@pytest.mark.parametrize(
    "href",
    [
        "https://elsewhere.example/may.zip",
        "http://www.england.nhs.uk/may.zip",
        "https://www.england.nhs.uk:8443/may.zip",
        "https://www.england.nhs.uk@elsewhere.example/may.zip",
        "https://www.england.nhs.uk.elsewhere.example/may.zip",
        "file:///may.zip",
        "javascript:may.zip",
        "https://[oops/may.zip",
        "https://www.england.nhs.uk:port/may.zip",
    ],
)
def test_a_link_to_another_site(href: str) -> None:
    (problem,) = faults((text_of("2024-05"), href))
    assert problem.kind == "other site"
    assert href in problem.found


def test_a_link_to_another_kind_of_file() -> None:
    (problem,) = faults((text_of("2024-05"), "/may.xlsx?as=.zip"))
    assert (problem.kind, problem.expected) == ("no zip", "a link to a .zip file")


def test_all_problems_at_once() -> None:
    links = [
        (text_of("2024-04"), "https://elsewhere.example/april.zip"),
        (text_of("2024-05"), "/a.zip"),
        (text_of("2024-05"), "/b.zip"),
        (text_of("2024-07"), url_of("2024-07")),
    ]
    problems = faults(*links, months=tuple(Month(2024, 4).plus(n) for n in range(4)))
    assert [problem.kind for problem in problems] == ["other site", "two links", "no link"]


@pytest.mark.parametrize(
    ("month", "slug"),
    [
        ("2021-04", "rtt-data-2021-22/"),
        ("2025-03", "rtt-data-2024-25/"),
        ("2025-04", "rtt-data-2025-26/"),
        ("2099-12", "rtt-data-2099-00/"),
    ],
)
@pytest.mark.parametrize("address", [ADDRESS, ADDRESS.rstrip("/")])
def test_the_page_of_a_month(address: str, month: str, slug: str) -> None:
    assert page_of(address, Month.parse(month)) == ADDRESS + slug


def test_no_page_before_the_layout_that_is_read() -> None:
    with pytest.raises(ValueError, match="2021-03: Clockstop reads extracts from 2021-04 onward"):
        page_of(ADDRESS, Month(2021, 3))


@pytest.mark.real_data
def test_every_month_of_the_official_pages_is_found(real_data) -> None:
    manifest = json.loads((real_data / "rtt" / "source_manifest.json").read_text())
    pages, expected = defaultdict(list), {}
    for source in manifest["sources"]:
        pages[source["page_url"]].append((source["text"], source["url"]))
        if source["dataset"] == "rtt_full_extract_zip":
            expected[Month.parse(source["period"])] = (source["page_url"], source["url"])
    assert len(expected) == 35
    for month, (page_url, url) in expected.items():
        assert page_of(ADDRESS, month) == page_url
        assert find(read_page(page_url, html_of(pages[page_url])), [month])[month].url == url
