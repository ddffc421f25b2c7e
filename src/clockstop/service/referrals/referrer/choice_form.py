"""The conversation about choice, and what goes with the referral."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from clockstop.core.rtt.events import Service
from clockstop.service.directory.choices import Priority, Requirement
from clockstop.service.referrals.attachments import MEGABYTES, MOST, File
from clockstop.service.referrals.choice import (
    INFORMATION,
    WHY_FEW,
    WHY_NOT_OFFERED,
    WISHES,
    Channel,
    Conversation,
    excluded_because,
)
from clockstop.service.referrals.policies import Entry, asks_why_so_few
from clockstop.service.referrals.referrer.words import cases_without_the_right
from clockstop.service.ui.day_field import DayField

CHANNELS = {
    Channel.SURGERY.value: "In the surgery",
    Channel.TELEPHONE.value: "By telephone",
    Channel.VIDEO.value: "By video",
    Channel.MESSAGE.value: "By message",
}
_YES, _NO = "yes", "no"
_LONGEST = 20_000


class ChoiceForm(forms.Form):
    """Nothing about the choice has to be answered but one thing: why fewer than five providers.

    And that only where the right to choose holds (rule E5). ``entries`` are the services that were
    chosen, ``kinds`` what they are by the rules of the clock, ``clinicians`` those for whom a
    secretary may act; none for a clinician.
    """

    acting_for = forms.CharField(required=False)
    offered = forms.ChoiceField(required=False, choices=[(_YES, "Yes"), (_NO, "No")])
    not_offered_because = forms.ChoiceField(required=False, choices=list(WHY_NOT_OFFERED.items()))
    information = forms.MultipleChoiceField(required=False, choices=list(INFORMATION.items()))
    wishes = forms.MultipleChoiceField(required=False, choices=list(WISHES.items()))
    few_because = forms.ChoiceField(required=False, choices=list(WHY_FEW.items()))
    excluded = forms.CharField(required=False)
    channel = forms.ChoiceField(required=False, choices=list(CHANNELS.items()))
    condition = forms.CharField(required=False, max_length=100)
    clinical_information = forms.CharField(required=False, max_length=_LONGEST)
    requirements = forms.MultipleChoiceField(required=False, choices=Requirement.choices)
    supplied_start = DayField(called="Start of the wait", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        entries: Sequence[Entry],
        kinds: Sequence[Service],
        priority: Priority,
        today: date,
        clinicians: Mapping[str, str],
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
    ) -> None:
        super().__init__(data)
        self._entries, self._kinds, self._priority = entries, kinds, priority
        self._today, self._clinicians = today, clinicians
        self.sent = files.getlist("files") if files else []

    def in_scope(self, stated: str = "") -> bool:
        """Whether the right to choose holds, unless the referrer states a case."""
        found = excluded_because(self._priority, self._kinds, stated, self._today)
        return found is None

    def asks_why_so_few(self, stated: str = "") -> bool:
        """Whether the reason for fewer than five providers is asked for."""
        in_scope = self.in_scope(stated)
        return asks_why_so_few(self._entries, in_scope=in_scope, today=self._today)

    def clean_excluded(self) -> str:
        stated: str = self.cleaned_data["excluded"]
        if stated and stated not in cases_without_the_right(self._today):
            raise forms.ValidationError("Choose a case of the list")
        return stated

    def clean_acting_for(self) -> str:
        chosen: str = self.cleaned_data["acting_for"]
        if self._clinicians and chosen not in self._clinicians:
            raise forms.ValidationError("Choose the clinician for whom you refer")
        return chosen if self._clinicians else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.asks_why_so_few(data.get("excluded", "")) and not data.get("few_because"):
            self.add_error("few_because", "Choose why there are fewer than five providers")
        if len(self.sent) > MOST:
            self.add_error(None, f"Send up to {MOST} files")
        return data

    def conversation_of(self, shown: int | None) -> Conversation:
        """What was said of the choice; ``shown`` is how many services the menu had."""
        data = self.cleaned_data
        asked = self.asks_why_so_few(data["excluded"])
        was_offered = data["offered"]
        return Conversation(
            offered={_YES: True, _NO: False}.get(was_offered),
            not_offered_because=data["not_offered_because"] if was_offered == _NO else "",
            wishes=tuple(data["wishes"]),
            information=tuple(data["information"]),
            few_because=data["few_because"] if asked else "",
            excluded=data["excluded"],
            channel=data["channel"],
            shown=shown,
        )

    @property
    def clinician(self) -> UUID | None:
        """For whom a secretary acts."""
        chosen = self.cleaned_data["acting_for"]
        return UUID(chosen) if chosen else None

    @property
    def letters(self) -> list[File]:
        """The files that were sent along."""
        return read(self.sent)


def read(sent: Sequence[UploadedFile[bytes]]) -> list[File]:
    """Files as they were sent; of one that is too large no more than shows that it is."""
    most = MEGABYTES * 1024 * 1024 + 1
    return [File(each.name or "file", each.read(most)) for each in sent[: MOST + 1]]
