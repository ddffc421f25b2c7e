"""Whether anything that names or describes somebody got into the audit, whoever wrote it there."""

from clockstop.service.accounts.models import Person
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.models import Merge, PathwayEvent, Patient

SHORTEST = 4  # a shorter word may stand in a hash by chance
COLUMNS = [field.attname for field in Entry._meta.fields]


def personal_in_the_audit() -> list[str]:
    """Each entry that holds a name, an NHS number, an address, a birthday or a reason, and which."""
    entries = list(Entry.objects.values_list(*COLUMNS))
    if not entries:
        return []
    words = sorted(_words())
    texts = ["\n".join(map(str, entry)) for entry in entries]
    return [f"{word!r} in {text}" for text in texts for word in words if word in text]


def _words() -> set[str]:
    named = Patient.objects.values_list(
        *("nhs_number", "given_name", "family_name", "address", "postcode", "birth_date")
    )
    people = Person.objects.values_list("name", "nhs_number")
    reasons = [*PathwayEvent.objects.values_list("reason"), *Merge.objects.values_list("reason")]
    words = {str(word).strip() for row in (*named, *people, *reasons) for word in row}
    return {word for word in words if len(word) >= SHORTEST}
