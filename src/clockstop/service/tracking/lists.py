"""A person's list: the rows they see, cut as they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.tracking.cohorts import Horizon, Tally, horizon_on, tally
from clockstop.service.tracking.filters import Filter, condition
from clockstop.service.tracking.models import Handling, ListEntry
from clockstop.service.tracking.querysets import ListEntryQuerySet
from clockstop.service.tracking.tallies import kept
from clockstop.service.tracking.worklists import WORKLISTS


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
        """The rows counted, however long they have waited."""
        return self._counted(self.asked.whom, horizon_on(self.today, self.asked.by))

    def overdue_reviews(self) -> int:
        """How many waits of the whole list have a priority review that is overdue."""
        plain = self._counted(Filter(), horizon_on(self.today))
        return plain.overdue_reviews if self.is_own else 0

    def _counted(self, whom: Filter, horizon: Horizon) -> Tally:
        """From what is kept, unless it depends on more than the rows of the list."""

        def count() -> Tally:
            return tally(self._cut(whom), self.today, horizon)

        looks_beyond = whom.worklist and WORKLISTS[whom.worklist].looks_beyond
        if whom.owner or whom.late or looks_beyond:
            return count()
        return kept(self.actor, (self.today, whom.query, horizon), count)

    def _cut(self, asked: Filter) -> ListEntryQuerySet:
        held = Handling.objects.visible_to(self.actor)
        rows: ListEntryQuerySet = ListEntry.objects.visible_to(self.actor)
        rows = rows.filter(condition(asked, self.today, held))
        if asked.worklist:
            rows = rows.filter(WORKLISTS[asked.worklist].rows(self.actor, self.today))
        return rows
