"""The templates of messages, as dated data, and how one is filled. Pure but for the file."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

# All that a message may say of anybody: nothing that tells what somebody waits for.
FIELDS = frozenset({"day", "time", "provider", "phone", "code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One version of a template: from ``starts`` until the next version's day."""

    id: str
    version: int
    starts: date
    purpose: str
    subject: str
    short: str
    letter: str
    easy: str

    def asks(self) -> frozenset[str]:
        """The fields that fill it."""
        texts = (self.short, self.letter, self.easy, self.subject)
        return frozenset[str]().union(*map(_asked, texts))


@dataclass(frozen=True, slots=True)
class Written:
    """A message in full: ``body`` has its paragraphs, with a blank line between them."""

    subject: str
    body: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.body.split("\n\n"))


def on(day: date) -> Mapping[str, Template]:
    """The templates that hold on a day, by id: of each the latest version that has begun."""
    begun = [each for each in all_templates() if each.starts <= day]
    return {each.id: each for each in sorted(begun, key=lambda each: each.version)}


def version_of(template: str, version: int) -> Template:
    """One version. Raises KeyError where there is none such."""
    held = {(each.id, each.version): each for each in all_templates()}
    return held[template, version]


def write(
    template: Template, payload: Mapping[str, str], *, is_letter: bool, is_easy: bool = False
) -> Written:
    """Fill a template. Raises KeyError where a field is missing."""
    text = template.easy if is_easy else template.letter if is_letter else template.short
    return Written(template.subject.format(**payload), text.strip().format(**payload))


@cache
def all_templates() -> tuple[Template, ...]:
    """Every version of every template."""
    text = files(__package__).joinpath("templates.toml").read_text(encoding="utf-8")
    return tuple(Template(**each) for each in tomllib.loads(text)["template"])


def _asked(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
