"""The menu at the head of every page: which pages it has for whom, as the site's table says."""

from csv import DictReader
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from clockstop.service.accounts.actor import Actor

_EVERYBODY, _VISITOR, _FIGURES = "everybody", "visitor", "figures"


@dataclass(frozen=True, slots=True)
class Item:
    """A page by its name and words, the roles that see it, and those that begin there."""

    page: str
    words: str
    shown_to: frozenset[str]
    home_of: frozenset[str]


@cache
def items() -> tuple[Item, ...]:
    """The table of the site: a row for each page, in the order of the menu."""
    with settings.CLOCKSTOP_MENU.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Item(
                row["page"],
                row["words"],
                frozenset(row["for"].split()),
                frozenset(row["home_of"].split()),
            )
            for row in DictReader(rows)
        )


def menu_of(actor: Actor | None) -> list[tuple[str, str]]:
    """Names and words of the pages for somebody; for a visitor if nobody is signed in."""
    wanted = {_EVERYBODY, actor.role.value if actor else _VISITOR}
    return [(each.page, each.words) for each in items() if each.shown_to & wanted]


def home_of(actor: Actor) -> str:
    """The name of the page that somebody begins at after signing in."""
    return next((each.page for each in items() if actor.role in each.home_of), _FIGURES)
