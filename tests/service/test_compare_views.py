"""The journey over HTTP: the same with and without scripts, and the place never left behind."""

import csv
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from tests.service.fakes import NOBODY, PROVIDERS

from clockstop.analytics.lists.book import Spread
from clockstop.service.compare.download import COLUMNS
from clockstop.service.ui.logs import DiscreetFormatter

POSTCODE = "LS1 4AP"
TYPED = {"need": "hip replacement", "place": POSTCODE}


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def rows(response) -> list[str]:
    """The providers' names in the order of the table."""
    return [words(link) for link in soup(response).select(".app-compare th[scope=row] a")]


def resend(client, response, button: str, **changes):
    """Press a button as a browser without scripts would: its form's fields, sent back."""
    (form,) = [each for each in soup(response).select("form") if button in words(each)]
    assert form["method"] == "post"
    sent = form.select("input:not([type=radio]), input[checked]")
    fields = {each["name"]: each.get("value", "") for each in sent}
    for select in form.select("select"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        fields[select["name"]] = chosen["value"]
    return client.post(form["action"], fields | changes)


def test_the_whole_journey_without_scripts(book, client):
    start = client.get("/")
    assert soup(start).select_one("h1").text == "Compare waiting times"
    found = resend(client, start, "Compare waiting times", **TYPED)
    assert words(soup(found).select_one("h1")) == "Trauma and orthopaedics within 30 miles of LS1 4"
    assert rows(found)[0] == "Jorvik Children's NHS Trust"
    nearest = resend(client, found, "Sort by", sort="distance")
    assert rows(nearest)[:2] == ["Aire Valley Teaching Hospitals NHS Trust", "Elmet Hospital"]
    assert soup(nearest).select_one("#sort option[selected]")["value"] == "distance"
    assert sorted(rows(nearest)) == sorted(rows(found))
    for page in (found, nearest):
        assert "You searched for “hip replacement”." in words(soup(page))
    farther = resend(client, nearest, "How far could you travel?", within="any")
    assert "Kent Weald NHS Trust" in rows(farther)
    assert soup(farther).select_one("#sort option[selected]")["value"] == "distance"


def test_words_that_fit_several_specialties_lead_to_a_question_and_on(book, client):
    asked = client.post("/", {"need": "surgery", "place": POSTCODE, "within": "10"})
    assert words(soup(asked).select_one("h1")) == "Which specialty is it?"
    again = resend(client, asked, "Continue")
    assert soup(again).title.text.startswith("Error: ")
    answered = resend(client, again, "Continue", function="C_110")
    heading = words(soup(answered).select_one("h1"))
    assert heading == "Trauma and orthopaedics within 10 miles of LS1 4"


def test_errors_are_summed_up_titled_and_linked_to_their_fields(book, client):
    page = soup(client.post("/", {"need": "zzzz", "place": "Leeds"}))
    assert page.title.text.startswith("Error: ")
    links = page.select(".nhsuk-error-summary a")
    assert [link["href"] for link in links] == ["#need", "#place"]
    for link in links:
        field = page.select_one(link["href"])
        assert any(
            words(link) in words(page.find(id=described))
            for described in field["aria-describedby"].split()
        )
    assert page.select_one("#need")["value"] == "zzzz"
    assert len(page.select("input[type=radio][name=function]")) == 23


def test_a_place_that_is_wrong_is_asked_for_again_before_the_list_of_specialties(book, client):
    page = soup(client.post("/", {"need": "zzzz", "place": "Leeds"}))
    assert page.select_one("#place-error").find_next("input", type="radio")
    assert not page.select_one("#place-error").find_previous("input", type="radio")


def test_an_address_may_name_a_specialty(book, client):
    page = client.get("/?function=C_110")
    assert words(soup(page).select_one("h1")) == "Trauma and orthopaedics at every provider"
    assert soup(page).select_one("#need")["value"] == "Trauma and orthopaedics"
    assert "miles" not in words(soup(page).select_one(".app-compare"))
    assert "You searched for" not in words(soup(page))


@pytest.mark.parametrize("function", ["C_000", "C_999", "zz", "%00", "x" * 300])
def test_an_unknown_specialty_in_an_address_is_an_error_on_the_form(book, client, function):
    response = client.get(f"/?function={function}")
    assert response.status_code == 200
    page = soup(response)
    assert page.title.text.startswith("Error: ")
    (link,) = page.select(".nhsuk-error-summary a")
    assert page.select_one(link["href"]).name == "input"


@pytest.mark.parametrize("wrong", ["sort", "within", "sector", "function", "place"])
def test_every_error_links_to_a_field_that_is_there(book, client, wrong):
    page = soup(client.post("/", {"need": "hip", wrong: "magic"}))
    (link,) = page.select(".nhsuk-error-summary a")
    assert page.select_one(link["href"]).name in {"input", "select"}


def test_a_place_in_an_address_is_not_heard(book, client):
    page = client.get(f"/?function=C_110&place={POSTCODE}")
    assert "LS1 4" not in words(soup(page).select_one("main h1"))


@pytest.mark.parametrize(
    "fields",
    [
        TYPED,
        {"need": "zzzz", "place": POSTCODE},
        {"need": "surgery", "place": POSTCODE},
        TYPED | {"format": "csv"},
        TYPED | {"show": "all"},
        {"need": "hip", "place": "LS1 4APX"},
    ],
)
def test_the_place_stays_out_of_addresses_cookies_headers_and_logs(book, client, caplog, fields):
    caplog.set_level(logging.DEBUG)
    response = client.post("/", fields)
    kept = f"{response.headers} {client.cookies} {response.request['QUERY_STRING']}"
    assert not re.search("LS1", kept)
    assert response["Cache-Control"] == "no-store"
    printed = [DiscreetFormatter().format(record) for record in caplog.records]
    assert not any("LS1" in line for line in printed)
    if response["Content-Type"].startswith("text/html"):
        page = soup(response)
        addresses = [
            each.get("href") or each.get("action") or "" for each in page.select("[href], [action]")
        ]
        assert addresses
        assert not any("LS1" in address.upper() for address in addresses)
        assert "LS1" not in page.title.text  # a title stays in the browser's history
        assert all(form["method"] == "post" for form in page.select("form"))


def test_the_token_is_the_only_cookie_and_every_form_carries_it(book):
    client = Client(enforce_csrf_checks=True)
    page = client.get("/?function=C_110")
    assert list(client.cookies) == ["csrftoken"]
    assert client.cookies["csrftoken"]["httponly"]
    assert client.cookies["csrftoken"]["samesite"] == "Lax"
    assert all(form.select("[name=csrfmiddlewaretoken]") for form in soup(page).select("form"))
    assert resend(client, page, "Sort by", sort="name").status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(book, client, method):
    assert getattr(client, method)("/").status_code == 405


def test_the_census_date_is_always_shown(book, client):
    for page in (client.get("/"), client.post("/", TYPED), client.get("/?function=C_110")):
        assert "30 September 2025" in words(soup(page))


@pytest.mark.parametrize(("today", "is_late"), [((2025, 12, 12), False), ((2025, 12, 13), True)])
@pytest.mark.parametrize("synthetic", [True, False])
def test_figures_out_of_date_are_said_to_be(book, client, monkeypatch, today, is_late, synthetic):
    book.synthetic = synthetic
    monkeypatch.setattr(timezone, "now", lambda: datetime(*today, 12, tzinfo=UTC))
    for response in (client.get("/"), client.post("/", TYPED)):
        page = words(soup(response))
        assert ("those for October 2025 should have been published" in page) is (
            is_late and not synthetic
        )


def test_what_must_be_known_first_stands_in_one_inset(book, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))
    for response in (client.post("/", TYPED), client.get("/providers/R01/")):
        (inset,) = soup(response).select("main .nhsuk-inset-text")
        assert [words(each)[:25] for each in inset.select("p")] == [
            "Not for urgent suspected ",
            "These figures are out of ",
        ]


def test_on_the_choice_page_the_heading_comes_first(book, client):
    page = soup(client.post("/", {"need": "surgery"}))
    assert page.select_one("main .app-urgent").find_previous("h1")
    assert words(page.select_one("legend")) == "More than one treats “surgery”"


def test_the_two_kinds_of_wait_stand_under_their_own_headings(book, client):
    page = soup(client.post("/", TYPED))
    groups = [words(each) for each in page.select("th[scope=colgroup]")]
    assert groups == [
        "People treated in September 2025 had waited up to",
        "People still waiting at 30 September 2025",
    ]
    heads = [words(each) for each in page.select(".app-compare thead tr:nth-of-type(2) th")]
    assert heads == [
        "Admitted, as an inpatient or day case",
        "Not admitted",
        "Have waited so far, up to",
        "List",
    ]


@pytest.mark.parametrize("address", ["/?function=C_110", "/providers/R01/"])
def test_what_treated_means_is_said_before_the_table(book, client, address):
    table = soup(client.get(address)).select_one(".app-compare")
    assert "or it was decided not to treat" in words(table.find_previous("p"))


def test_tables_keep_their_roles_where_they_become_cards(book, client):
    table = soup(client.post("/", TYPED)).select_one(".app-compare")
    assert table["role"] == "table"
    for row in table.select("tbody tr.nhsuk-table__row"):
        assert [cell["role"] for cell in row.find_all(["th", "td"], recursive=False)] == [
            "rowheader",
            *["cell"] * 4,
        ]


def test_small_stale_and_unplaced_providers_are_said_to_be(book, client):
    table = soup(client.post("/", TYPED)).select_one(".app-compare")
    by_name = {
        words(row.select_one("th a")): words(row) for row in table.select("tr.nhsuk-table__row")
    }
    assert "5 to 31 weeks" in by_name["Elmet Hospital"]
    assert "Last sent figures for June 2025" in by_name["Ilkley and Otley NHS Trust"]
    assert "Distance not known" in by_name["Fountains Clinic"]
    assert "over 104 weeks" in by_name["Calder and Colne Hospitals NHS Trust"]
    assert "Change in a year not known" in by_name["Calder and Colne Hospitals NHS Trust"]


def test_names_from_the_data_are_escaped(book, client):
    page = client.post("/", TYPED)
    assert b"&lt;b&gt;Lodge&lt;/b&gt; &amp; Sons" in page.content
    assert b"<b>Lodge" not in page.content


def test_words_typed_are_escaped(book, client):
    page = client.post("/", {"need": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in page.content


def test_chart_and_map_stand_with_their_table(book, client):
    page = soup(client.post("/", TYPED))
    picture = page.select_one("#map svg[role=img]")
    assert page.find(id=picture["aria-labelledby"]).name == "title"
    assert "10 providers around LS1 4" in page.find(id=picture["aria-describedby"]).text
    assert page.select_one('#map a[href="#table"]')
    assert page.select_one('#spread a[href="#table"]')
    drawn = [words(each) for each in page.select("#spread .app-spread__label")]
    assert [each.removesuffix(" (June 2025)") for each in drawn] == rows(client.post("/", TYPED))


def test_the_caveats_stand_where_the_figures_do(book, client):
    page = words(soup(client.post("/", TYPED)))
    for caveat in (
        "not for urgent suspected cancer",
        "right to choose where you are referred",
        "may not do the operation you need",
        "for a whole specialty, not for one operation",
        "a decision that no treatment is needed",
        "is not a forecast of yours",
        "straight lines from the middle of postcode sector LS1 4",
        "rounded to 1 decimal place",
    ):
        assert caveat in page


URGENT = "Not for urgent suspected cancer or an emergency: speak to your GP, or call 111 or 999."


@pytest.mark.parametrize(
    "need",
    ["hip", "lump", "breast lump", "chest pain", "blood in urine", "blood in stool"],
)
def test_what_is_urgent_is_said_before_anything_that_was_found(book, client, need):
    page = soup(client.post("/", {"need": need, "place": POSTCODE}))
    notice = page.select_one("main .app-urgent")
    assert URGENT in words(notice)
    found = page.select_one(".app-highlights, .app-compare, .nhsuk-radios")
    following = notice.find_all_next(["ul", "table", "div"]) if found else [found]
    assert any(each is found for each in following)


@pytest.mark.parametrize("need", ["suspected cancer", "prostate cancer"])
def test_cancer_gets_its_own_message_and_a_way_on_that_keeps_the_place(book, client, need):
    asked = client.post("/", {"need": need, "place": POSTCODE, "within": "50"})
    page = soup(asked)
    assert words(page.h1) == "Compare waiting times"
    message = page.select_one(".app-urgent")
    assert "These waits do not cover urgent suspected cancer." in words(message)
    assert "C_101" in [button["value"] for button in message.select("button[name=function]")]
    assert page.select_one("#need")["value"] == need
    found = soup(resend(client, asked, "Urology", function="C_110"))
    assert words(found.h1) == "Trauma and orthopaedics within 50 miles of LS1 4"
    assert f"You searched for “{need}”." in words(found)
    assert not soup(client.get("/")).select(".app-urgent")


def test_only_30_are_shown_until_all_are_asked_for(book, client):
    book.waits = tuple(
        replace(PROVIDERS[0], provider=f"P{number}", name=f"Provider {number:02}")
        for number in range(45)
    )
    page = client.post("/", TYPED)
    assert len(rows(page)) == 30
    assert "Showing the first 30 of 45" in words(soup(page))
    whole = resend(client, page, "Show all 45")
    assert len(rows(whole)) == 45
    assert "Show all" not in words(soup(whole))


@pytest.mark.parametrize(("number", "folded"), [(10, 0), (11, 1), (30, 20), (45, 20)])
def test_a_phone_folds_all_but_10_away_behind_a_link(book, client, number, folded):
    book.waits = tuple(
        replace(PROVIDERS[0], provider=f"P{each}", name=f"Provider {each:02}")
        for each in range(number)
    )
    page = soup(client.post("/", TYPED))
    assert len(page.select("tr.nhsuk-table__row.app-folded")) == folded
    links = [words(link) for link in page.select(".app-unfold a[href='#more']")]
    assert links == ([f"Show {folded} more"] if folded else [])
    if folded:
        assert "Provider 10" in words(page.find(id="more"))
    whole = soup(client.post("/", TYPED | {"show": "all"}))
    assert not whole.select(".app-folded, .app-unfold")


def test_the_map_counts_who_has_no_location_as_the_heading_does(book, client):
    unplaced = tuple(replace(PROVIDERS[5], provider=f"U{each}") for each in range(33))
    book.waits = (*PROVIDERS[:1], *unplaced)
    page = soup(client.post("/", TYPED))
    assert "1 provider, and 33 more whose distance is not known" in words(page)
    assert "33 without a known location are not on the map" in words(page.select_one("#map"))


def test_an_empty_comparison_says_what_to_try(book, client):
    fields = {"need": "eyes", "place": "YO1", "within": "10", "sector": "independent"}
    page = soup(client.post("/", fields))
    assert "No providers" in words(page)
    assert "Search farther away" in words(page)
    assert page.select_one("details[open]")
    assert not page.select(".app-compare")


def download(client, **changes) -> tuple[list[dict[str, str]], object]:
    found = client.post("/", TYPED | changes)
    response = resend(client, found, "Download as CSV")
    return list(csv.DictReader(response.content.decode().splitlines())), response


def test_the_file_has_the_providers_of_the_page_in_its_order(book, client):
    lines, response = download(client, within="50")
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="waits-C_110-2025-09.csv"'
    assert list(lines[0]) == list(COLUMNS)
    assert [line["provider_name"] for line in lines] == rows(
        client.post("/", TYPED | {"within": "50"})
    )


def test_the_file_has_the_figures_of_the_page_unrounded(book, client):
    lines, _ = download(client)
    by_code = {line["provider"]: line for line in lines}
    for waits in PROVIDERS:
        if waits.provider in by_code:
            line = by_code[waits.provider]
            for name in ("admitted", "nonadmitted", "waiting"):
                assert written(line, name) == expected(getattr(waits, name))
            assert line["month"] == str(waits.month)
            assert line["waiting_count_year_ago"] == (
                "" if waits.size_year_ago is None else str(waits.size_year_ago)
            )
    assert by_code["NT03"]["distance_miles"] == ""
    assert by_code["R02"]["distance_miles"] == "22.1"


def test_a_distance_to_a_town_is_told_apart_everywhere(book, client):
    book.waits = (
        replace(PROVIDERS[1], location_is_approximate=True),
        PROVIDERS[0],
        PROVIDERS[5],  # not placed at all
    )
    lines, _ = download(client)
    told = {
        line["provider"]: (line["distance_miles"], line["distance_is_approximate"])
        for line in lines
    }
    assert told == {"R02": ("22", "yes"), "R01": ("0.2", "no"), "NT03": ("", "")}
    page = soup(client.post("/", TYPED))
    assert "about 22 miles, from its town" in words(page.select_one(".app-compare"))
    assert len(page.select(".app-map > svg .app-mark--approximate")) == 1
    assert "Only the town known" in words(page.select_one(".app-map__key"))
    book.waits = PROVIDERS[:2]
    assert "Only the town known" not in words(soup(client.post("/", TYPED)))


def test_the_texts_say_what_distances_are_measured_to(book, client):
    for page in (client.post("/", TYPED), client.get("/about-the-data/")):
        said = words(soup(page))
        assert "to one published address of" in said
        assert "postcode district of its town" in said


def written(line: dict[str, str], name: str) -> list[str]:
    columns = ("count", "median_weeks", "p80_weeks", "p92_weeks", "shortest_week", "longest_week")
    return [line[f"{name}_{column}"] for column in columns]


def expected(spread: Spread) -> list[str]:
    quantiles = [
        "104+" if each.is_open else "" if each.weeks is None else repr(each.weeks)
        for each in (spread.median, spread.p80, spread.p92)
    ]
    if spread == NOBODY:
        return ["0", *quantiles, "", ""]
    shortest, longest = spread.range_weeks
    return [
        str(spread.count),
        *quantiles,
        str(shortest),
        "104+" if longest is None else str(longest),
    ]
