"""The comparison's form: words, a place and a few choices in; a search out."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from clockstop.core.codes.functions import find_functions, treatment_functions
from clockstop.core.geography.postcodes import PlaceError
from clockstop.core.types import Sector, TreatmentFunction
from clockstop.service.compare.book import Place, Places
from clockstop.service.compare.search import DEFAULT_RADIUS, RADII, Search, Sort, default_sort

ANYWHERE = "any"
WITHIN = [*((str(miles), f"{miles} miles") for miles in RADII), (ANYWHERE, "Anywhere")]
SECTORS = [
    ("", "All providers"),
    (Sector.NHS_TRUST.value, "NHS trusts"),
    (Sector.INDEPENDENT.value, "Independent providers"),
    (Sector.COMMUNITY.value, "Community interest and GP companies"),
]
SORTS = [
    (Sort.ADMITTED.value, "Shortest wait: people admitted"),
    (Sort.NONADMITTED.value, "Shortest wait: people not admitted"),
    (Sort.WAITING.value, "Shortest wait so far: people still waiting"),
    (Sort.DISTANCE.value, "Nearest"),
    (Sort.SIZE.value, "Shortest list"),
    (Sort.NAME.value, "Name"),
]
_FUNCTIONS = {function.code: function for function in treatment_functions()}
_CANCER = frozenset(
    {"cancer", "cancers", "tumour", "tumours", "leukaemia", "lymphoma", "melanoma", "myeloma"}
)
_ROUTE_TO_CANCER = frozenset({"suspected", "possible", "urgent", "referral"})
_NEED_MISSING = "Enter what you need to be seen or treated for"


class CompareForm(forms.Form):
    """Valid when it leads to a search or to a choice between specialties (``choices``)."""

    need = forms.CharField(required=False, max_length=100)
    function = forms.CharField(required=False)
    place = forms.CharField(required=False, max_length=20)
    within = forms.ChoiceField(required=False, choices=WITHIN)
    sector = forms.ChoiceField(required=False, choices=SECTORS)
    sort = forms.ChoiceField(required=False, choices=SORTS)
    choosing = forms.BooleanField(required=False)  # the question "which one" has been put

    def __init__(self, data: Any, *, places: Places) -> None:
        super().__init__(data)
        self._places = places
        self.choices: tuple[TreatmentFunction, ...] = ()
        self.is_cancer = False  # what these waits leave out is said before who treats it
        self.found: TreatmentFunction | None = None

    def clean_place(self) -> Place | None:
        text = self.cleaned_data["place"]
        try:
            return self._places.find(text) if text else None
        except PlaceError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        self._find_function()
        return self.cleaned_data

    def _find_function(self) -> None:
        """A chosen specialty wins over the words typed; one clear match needs no choosing."""
        if chosen := self.cleaned_data.get("function"):
            self.found = _FUNCTIONS.get(chosen)
            if self.found is None:
                self._offer_all("Choose a specialty from the list")
            return
        need = self.cleaned_data.get("need", "")
        if not need:
            if "need" in self.cleaned_data:
                self.add_error("need", _NEED_MISSING)
            return
        if _is_cancer(need):
            self.is_cancer = True
            self.choices = _who_treats_cancer(need)
            return
        matches = find_functions(need)
        if not matches:
            self._offer_all("No specialty fits those words. Try others, or choose from the list")
        elif len(meant := _meant(matches, need)) == 1:
            self.found = meant[0]
        else:
            self.choices = matches
            if self.cleaned_data["choosing"]:
                self.add_error("function", "Choose a specialty")

    def _offer_all(self, message: str) -> None:
        """The error stands at the words: that field is always there, with the list below it."""
        self.add_error("need", message)
        self.choices = treatment_functions()

    @property
    def search(self) -> Search | None:
        """The search, None while the specialty is not settled. Call after ``is_valid``."""
        if not (self.is_valid() and self.found):
            return None
        data = self.cleaned_data
        place = data["place"]
        return Search(
            function=self.found,
            sort=_sort(data["sort"], place, self.found),
            place=place,
            radius=_radius(data["within"]),
            sector=Sector(data["sector"]) if data["sector"] else None,
        )


def _is_cancer(need: str) -> bool:
    return any(word in _CANCER for word in _words(need))


def _who_treats_cancer(need: str) -> tuple[TreatmentFunction, ...]:
    """Those who treat the kind that is named, else those who treat any."""
    kind = " ".join(word for word in _words(need) if word not in _ROUTE_TO_CANCER)
    return find_functions(kind) or find_functions("cancer")


def _words(need: str) -> list[str]:
    return re.findall(r"[^\W_]+", need.casefold())


def _meant(matches: Sequence[TreatmentFunction], need: str) -> Sequence[TreatmentFunction]:
    """Those that the words name exactly, if any, else all that they fit."""
    words = need.strip().casefold()
    return [each for each in matches if words in _names(each)] or matches


def _names(function: TreatmentFunction) -> set[str]:
    names = (function.name, short_name(function), function.official_name, *function.synonyms)
    return {name.casefold() for name in names}


def short_name(function: TreatmentFunction) -> str:
    """The plain name without its explanation in brackets."""
    return function.name.partition(" (")[0]


def _sort(chosen: str, place: Place | None, function: TreatmentFunction) -> Sort:
    if not chosen or (chosen == Sort.DISTANCE and not place):
        return default_sort(function)
    return Sort(chosen)


def _radius(chosen: str) -> int | None:
    if chosen == ANYWHERE:
        return None
    return int(chosen) if chosen else DEFAULT_RADIUS
