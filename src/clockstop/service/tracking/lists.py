"""A person's list: the rows they see, cut as they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.tracking.cohorts import Tally, horizon_on, tally
from clockstop.service.tracking.filters import Filter, condition
from clockstop.service.tracking.models import Handling, ListEntry
from clockstop.service.tracking.querysets import ListEntryQuerySet
from clockstop.service.tracking.worklists import WORKLISTS, any_overdue_review


@dataclass(frozen=True, slots=True)
class OwnList:
    """What an actor asks of the list on a day."""

    actor: Actor
    asked: Filter
    today: date

    @property
    def is_own(self) -> bool:
        """Whether the patients are those of the actor's own provider."""
        return self.actor.role in PROVIDING

    @property
    def rows(self) -> ListEntryQuerySet:
        """The rows that the filter means, in no order yet."""
        return self._cut(self.asked)

    def tally(self) -> Tally:
        """The rows counted, however long they have waited; overdue reviews with the plain list."""
        rows = self._cut(self.asked.whom)
        with_reviews = self.is_own and self.asked.whom.is_plain
        return tally(
            rows, self.today, horizon_on(self.today, self.asked.by), with_reviews=with_reviews
        )

    def overdue_reviews(self, counted: Tally) -> int:
        """How many waits of the whole list have a priority review that is overdue."""
        if counted.overdue_reviews is not None:
            return counted.overdue_reviews
        every = ListEntry.objects.visible_to(self.actor)
        return every.filter(any_overdue_review(self.today)).count() if self.is_own else 0

    def _cut(self, asked: Filter) -> ListEntryQuerySet:
        held = Handling.objects.visible_to(self.actor)
        rows = ListEntry.objects.visible_to(self.actor).filter(condition(asked, self.today, held))
        if asked.worklist:
            rows = rows.filter(WORKLISTS[asked.worklist].rows(self.actor, self.today))
        return rows
