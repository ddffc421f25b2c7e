"""Capacity as people read it: what it is of, when, how much is left, and whom it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from clockstop.core.codes import diagnostic_test
from clockstop.service.pathways.presenters.wording import sentence, specialty
from clockstop.service.transfers import policies, states
from clockstop.service.transfers.models import Capacity
from clockstop.service.ui.figures import day as in_words


@dataclass(frozen=True, slots=True)
class Posted:
    """Capacity in words."""

    pk: UUID
    what: str
    team: str
    site: str
    places: int
    taken: int
    left: int
    window: str
    until: str
    takes: str
    price: str
    state: str
    is_posted: bool


def posted(capacities: Iterable[Capacity]) -> list[Posted]:
    """Capacity, with whom it takes in one sentence."""
    return [_posted(each) for each in capacities]


def _posted(row: Capacity) -> Posted:
    named = [diagnostic_test(each).name for each in row.diagnostic_tests]
    return Posted(
        row.pk,
        specialty(row.treatment_function) if row.treatment_function else ", ".join(named),
        row.team,
        row.site_name or row.site,
        row.places,
        row.taken,
        row.left,
        f"{in_words(row.first_date)} to {in_words(row.last_date)}",
        in_words(row.expires_on),
        _takes(row),
        _price(row),
        states.capacities().labels[row.state],
        row.state == "POSTED",
    )


def _takes(row: Capacity) -> str:
    """Whom a capacity takes, in words."""
    limits = [
        f"age {row.min_age or 0} to {row.max_age or 'any'}" if row.min_age or row.max_age else "",
        f"BMI to {row.max_bmi}" if row.max_bmi else "",
        f"ASA to {row.max_asa}" if row.max_asa else "",
        f"not with {', '.join(row.excluded_comorbidities)}" if row.excluded_comorbidities else "",
        f"at most {row.longest_stay} nights" if row.longest_stay is not None else "",
        f"procedures {', '.join(row.procedures)}" if row.procedures else "",
    ]
    found = [each for each in limits if each]
    return sentence(", ".join(found)) if found else "No limits"


def _price(row: Capacity) -> str:
    basis = policies.PRICE_BASES.get(row.price_basis, row.price_basis)
    return basis if row.price is None else f"{basis}, £{row.price / 100:,.2f}"
