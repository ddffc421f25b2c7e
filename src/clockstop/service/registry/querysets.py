"""Finding organisations: views start from here."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower, Replace

_APOSTROPHES = re.compile("['\u2019]")
_WORD = re.compile(r"[^\W_]+")


class OrganisationQuerySet(models.QuerySet[Any]):
    """Organisations, by what they are called and whether they are at work."""

    def at_work(self, day: date) -> OrganisationQuerySet:
        """Those open on the day, so far as the files say, and not dormant."""
        return self.filter(
            Q(opened=None) | Q(opened__lte=day), Q(closed=None) | Q(closed__gte=day), dormant=False
        )

    def called(self, words: str) -> OrganisationQuerySet:
        """Those of that code, or with every word in the name; the likeliest to be meant first.

        Apostrophes are left out on both sides: "St Marys" finds St Mary's.
        """
        parts = _WORD.findall(_APOSTROPHES.sub("", words.lower()))
        if not parts:
            return self.none()
        plain = Replace(Replace(F("name"), Value("'"), Value("")), Value("\u2019"), Value(""))
        in_name = Q(*(Q(plain_name__contains=part) for part in parts))
        has_code = Q(code=words.strip().upper())
        named: OrganisationQuerySet = self.alias(plain_name=Lower(plain))
        found = named.filter(has_code | in_name)
        return found.order_by(
            Case(When(has_code, then=0), default=1),
            Case(When(closed=None, then=0), default=1),
            Case(When(kind="practice", then=1), default=0),
            "name",
            "code",
        )
