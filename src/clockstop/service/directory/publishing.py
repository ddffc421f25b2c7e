"""What stands against publishing a service, withdrawing it or adding a clinic. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from clockstop.service.directory.choices import Bookable, Priority
from clockstop.service.directory.policies import Reason
from clockstop.service.directory.specialties import clinic_types_of

LONGEST_REASON = 500
MOST_SLOTS, SHORTEST, LONGEST = 40, 5, 240  # minutes
_NAME = 100


def against_publishing(content: Mapping[str, Any]) -> tuple[Reason, ...]:
    """All problems of a draft, each at the field that it is about."""
    return (
        *_about_what(content),
        *_about_requests(content),
        *_about_whom(content),
        *_about_referrers(content),
        *_about_rating(content),
    )


def _about_what(content: Mapping[str, Any]) -> Iterator[Reason]:
    if not content["name"].strip():
        yield Reason("name", "Enter the name of the service")
    elif len(content["name"]) > _NAME:
        yield Reason("name", f"The name must be {_NAME} characters or fewer")
    if not content["site_code"]:
        yield Reason("site_code", "Choose where patients are seen")
    known = {each.code for each in clinic_types_of(content["treatment_function"])}
    if set(content["clinic_types"]) - known:
        yield Reason("clinic_types", "A clinic type is not one of the treatment function")
    if known and not content["clinic_types"]:
        yield Reason("clinic_types", "Choose at least one clinic type")
    if content["opens"] and content["closes"] and content["closes"] < content["opens"]:
        yield Reason("closes", "The last day must not be before the first")


def _about_requests(content: Mapping[str, Any]) -> Iterator[Reason]:
    takes = [content[f"takes_{kind}"] for kind in ("appointments", "triage", "advice")]
    if not any(takes):
        yield Reason("requests", "Choose what referrers may send: appointments, triage or advice")
    if content["takes_appointments"] and content["takes_triage"]:
        yield Reason("requests", "A service takes appointments or triage, never both")
    if content["bookable"] == Bookable.DIRECTLY and not content["takes_appointments"]:
        yield Reason("bookable", "Only a service that takes appointments can be directly bookable")
    if content["advice_convertible"] and not content["takes_advice"]:
        yield Reason("takes_advice", "Only advice can be made a referral: say that you give advice")
    if content["takes_appointments"] and not content["media"]:
        yield Reason("seen", "Choose how patients are seen")


def _about_whom(content: Mapping[str, Any]) -> Iterator[Reason]:
    least, most = content["min_age_months"], content["max_age_months"]
    if least is not None and most is not None and most < least:
        yield Reason("max_age_months", "The oldest age must not be below the youngest")
    if not any(content[each.value] for each in Priority):
        yield Reason("priorities", "Choose at least one priority")
    if not content["conditions_treated"].strip():
        yield Reason("conditions_treated", "Say which conditions are treated")


def _about_referrers(content: Mapping[str, Any]) -> Iterator[Reason]:
    if not (content["professional_phone"] or content["professional_email"]):
        yield Reason("professional_phone", "Give a telephone number or an email for referrers")
    if not (content["patient_phone"] or content["patient_email"]):
        yield Reason("patient_phone", "Give a telephone number or an email for patients")
    ids = [user_id for user_id, _ in content["clinicians"]]
    if len(set(ids)) < len(ids):
        yield Reason("clinicians", "A named clinician stands there twice")


def _about_rating(content: Mapping[str, Any]) -> Iterator[Reason]:
    rating, on, source = (
        content.get(name) for name in ("quality_rating", "rated_on", "rating_source")
    )
    if rating and not on:
        yield Reason("rated_on", "Say on which day the rating was published")
    if rating and not (source or "").strip():
        yield Reason("rating_source", "Say where the rating was published")
    if not rating and (on or source):
        yield Reason("quality_rating", "Choose the rating, or leave its day and source empty")


def against_withdrawing(reason: str) -> tuple[Reason, ...]:
    """All problems of withdrawing a service for a reason."""
    if not reason.strip():
        return (Reason("reason", "Say why the service is withdrawn"),)
    if len(reason) > LONGEST_REASON:
        return (Reason("reason", f"The reason must be {LONGEST_REASON} characters or fewer"),)
    return ()


def against_session(
    times: Collection[tuple[datetime, datetime]],
    held: Collection[tuple[datetime, datetime]],
    now: datetime,
    *,
    publishes_slots: bool,
    closes: date | None = None,
) -> tuple[Reason, ...]:
    """All problems of adding slots at these times, where the schedule has those ``held``."""
    problems = []
    if not publishes_slots:
        problems.append(Reason("day", "Only a published, directly bookable service has slots"))
    if min(starts for starts, _ in times) <= now:
        problems.append(Reason("day", "The clinic must begin in the future"))
    if closes and max(ends for _, ends in times).date() > closes:
        problems.append(Reason("day", "The service is closed on that day"))
    if any(starts < end and start < ends for starts, ends in times for start, end in held):
        problems.append(Reason("begins", "There are slots at that time already"))
    return tuple(problems)
