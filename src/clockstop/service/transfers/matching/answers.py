"""What was said to a request before: who said no and why, which dates, how near was too far."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from clockstop.core.codes.decline_reasons import (
    DATES_DO_NOT_SUIT,
    TOO_FAR,
    Decliner,
    decline_reasons,
    reasons_of,
)
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.models import AidRequest, AidStep, Match, Offer
from clockstop.service.transfers.policies import LEAVINGS
from clockstop.service.transfers.states import OfferState
from clockstop.service.ui.figures import day as day_in_words

# By what was done: who said no to whom.
_SAID = {
    "refused": "{name} refused on {day}",
    "failed": "The clinical check of {name} failed on {day}",
    "declined": "The patient declined {name} on {day}",
    "left": "The hub left {name} on {day}",
}
Noes = Mapping[str, str]  # by provider, in words


@dataclass(frozen=True, slots=True)
class No:
    """Somebody's no to one provider: what was done, the reason in words, and what was added."""

    provider: str
    done: str
    at: datetime
    reason: str
    comment: str

    def words(self, name: str, *, with_comment: bool) -> str:
        """Who said no to whom, when and why."""
        said = _SAID[self.done].format(name=name, day=day_in_words(timezone.localdate(self.at)))
        more = f" ({self.comment})" if with_comment and self.comment else ""
        return f"{said}: {self.reason[:1].lower()}{self.reason[1:]}{more}"


@dataclass(slots=True)
class Answers:
    """The latest no to each provider; capacities whose dates do not suit; miles too far."""

    noes: dict[str, No] = field(default_factory=dict)
    not_then: set[str] = field(default_factory=set)
    too_far: float = math.inf


NOBODY_ANSWERED = Answers()


def answers_of(request: AidRequest) -> Answers:
    """Those to one request."""
    found = answers_to(AidRequest.objects.filter(pk=request.pk))
    return found.get(request.pk, NOBODY_ANSWERED)


def in_words(answers: Mapping[Any, Answers], *, with_comments: bool) -> Mapping[str, Noes]:
    """By request and provider, why it is not proposed again. Comments are the hub's alone."""
    names = name_of({provider for each in answers.values() for provider in each.noes})
    return {
        str(request): {
            provider: no.words(names[provider], with_comment=with_comments)
            for provider, no in each.noes.items()
        }
        for request, each in answers.items()
    }


def answers_to(requests: Any) -> Mapping[Any, Answers]:
    """By the key of each request: of a request that nobody answered there is nothing in it.

    Who declines for the dates alone declines that capacity, while its window has the day that was
    offered; for any other reason the provider.
    """
    found: dict[Any, Answers] = defaultdict(Answers)
    keys = requests.values("pk")
    for request, no in sorted(_noes(keys), key=lambda pair: pair[1].at):
        found[request].noes[no.provider] = no
    declined = _declined(keys)
    of_dates = declined.filter(
        reason=DATES_DO_NOT_SUIT,
        capacity__first_date__lte=F("day"),
        capacity__last_date__gte=F("day"),
    )
    for request, capacity in of_dates.values_list("request", "capacity"):
        found[request].not_then.add(str(capacity))
    far = declined.filter(reason=TOO_FAR).exclude(miles=None)
    for request, miles in far.values_list("request", "miles"):
        found[request].too_far = min(found[request].too_far, miles)
    return found


def _declined(keys: Any) -> Any:
    """Places that were offered to the patients of some requests, and that they did not want."""
    return Offer.objects.filter(
        request__in=keys, state=OfferState.RELEASED, reason__in=reasons_of(Decliner.PATIENT)
    )


def _noes(keys: Any) -> Iterator[tuple[Any, No]]:
    """Of providers that refused or whose check failed, of patients, and of the hub."""
    told = ("request", "organisation_code", "at", "reason", "comment")
    refused = Q(action__startswith="refuse") | Q(action="fail_check")
    steps = AidStep.objects.filter(refused, request__in=keys)
    for action, request, provider, at, reason, comment in steps.values_list("action", *told):
        done = "failed" if action == "fail_check" else "refused"
        yield request, No(provider, done, at, _words(reason), comment)
    comments = _comments(keys)
    declined = _declined(keys).exclude(reason=DATES_DO_NOT_SUIT)
    for request, provider, at, reason in declined.values_list(
        "request", "organisation_code", "changed_at", "reason"
    ):
        comment = next((each for when, each in comments[request] if when >= at), "")
        yield request, No(provider, "declined", at, _words(reason), comment)
    left = Match.objects.filter(request__in=keys, decision="left")
    for request, provider, at, reason, comment in left.values_list(
        "request", "capacity__organisation_code", "decided_at", "reason", "comment"
    ):
        if at is not None:
            yield request, No(provider, "left", at, LEAVINGS[reason], comment)


def _comments(keys: Any) -> Mapping[Any, list[tuple[datetime, str]]]:
    """What patients added when they declined, by request, in the order in which they did."""
    found: dict[Any, list[tuple[datetime, str]]] = defaultdict(list)
    steps = AidStep.objects.filter(action__startswith="decline", request__in=keys).order_by("at")
    for request, at, comment in steps.values_list("request", "at", "comment"):
        found[request].append((at, comment))
    return found


def _words(reason: str) -> str:
    return decline_reasons()[reason].words
