"""Whether two records may be of one person. Pure; it only ever asks somebody to look."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_ALIKE = 3  # letters of a given name that count as similar: Kate and Katherine do not, Kath does


@dataclass(frozen=True, slots=True)
class Details:
    """What two records are held against each other by."""

    nhs_number: str
    given_name: str
    family_name: str
    birth_date: date
    postcode: str


def reasons(one: Details, other: Details) -> tuple[str, ...]:
    """Why two records look like one person's; none where they do not.

    A slip in the number needs the same day of birth or family name beside it: numbers a digit
    apart are given to different people all the time. Otherwise the day of birth and the family
    name must be the same, and the given name or the place alike.
    """
    same_birth = one.birth_date == other.birth_date
    same_family = _plain(one.family_name) == _plain(other.family_name)
    slip = _slip(one.nhs_number, other.nhs_number)
    found = [slip] if slip and (same_birth or same_family) else []
    if same_birth and same_family:
        found += _beside_birth_and_family(one, other)
    return tuple(found)


def _beside_birth_and_family(one: Details, other: Details) -> list[str]:
    names = _plain(one.given_name), _plain(other.given_name)
    found = []
    if names[0][:_ALIKE] == names[1][:_ALIKE]:
        found.append("Same day of birth and family name, similar given name")
    places = _plain(one.postcode), _plain(other.postcode)
    if places[0] and places[0] == places[1]:
        found.append("Same day of birth, family name and postcode")
    return found


def _slip(one: str, other: str) -> str:
    """The slip that makes one number of another: a wrong digit, or two that changed places.

    The last digit checks the others, so that it goes along with a slip in them. A record without a
    number has no slip in it.
    """
    if not one or not other:
        return ""
    apart = [at for at, (a, b) in enumerate(zip(one[:-1], other[:-1], strict=True)) if a != b]
    if len(apart) == 1:
        return "NHS numbers that differ in one digit"
    swapped = any(
        apart == [left, right] and (one[left], one[right]) == (other[right], other[left])
        for left, right in pairwise(range(len(one) - 1))
    )
    return "NHS numbers in which two digits changed places" if swapped else ""


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
