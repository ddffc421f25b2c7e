"""Every paragraph of the guidance: worked above, or why there is nothing to work."""

from collections import Counter

from tests.core.rtt.specs import ALL, PATIENTS, SERVICES

TITLE = "The guidance, paragraph by paragraph"
PARAGRAPHS = (
    *("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "3.2.1", "3.2.2", "3.3", "3.4"),
    *("3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.4.5", "4.1", "4.2", "4.3", "4.3.1", "4.3.2"),
    *("4.3.2.1", "4.3.2.2", "4.3.2.3", "4.3.2.4", "4.4", "4.4.1"),
    *("4.4.1.1", "4.4.1.2", "4.4.1.3", "4.4.1.4", "4.4.2", "4.4.2.1", "4.4.2.2"),
    *("5.1", "5.2", "5.2.1", "6.1", "7.1", "7.2", "7.3", "8.1", "8.2", "8.3", "9.1"),
    *("10.1.1.1", "10.1.1.2", "10.1.1.3", "10.1.2", "10.1.3", "10.1.4", "10.1.5", "10.1.6"),
    *("10.1.7", "10.1.8", "10.1.9.1", "10.1.9.2", "10.1.10", "10.2.1", "10.3"),
    *("11.1", "11.2", "11.3", "12.1", "12.2", "13"),
    *("Annex A", "Annex B", "Annex C", "Annex D", "Annex E"),
)
NOTHING_TO_WORK = {
    "1.2": "on equality; no rule for a clock",
    "2.1": "the principles; worked rule by rule",
    "2.2": "the rules themselves; worked under §3 and §4",
    "3.1": "introduces §3",
    "3.2.1": "the start date; worked under §3.2",
    "3.4": "the list of rule 3; worked under §3.4.1 to §3.4.5",
    "4.1": "introduces §4",
    "4.2": "what systems must capture; worked under §4.3 and §4.4",
    "4.3": "the list of rule 4; worked under §4.3.2",
    "4.3.1": "defines first definitive treatment, a matter of clinical judgement",
    "4.3.2": "a heading",
    "4.4": "the list of rule 5; worked under §4.4.1 and §4.4.2",
    "4.4.1": "a heading",
    "4.4.2": "says what §4.4.2.1 and §4.4.2.2 work out",
    "10.1.2": "how returns are sent; nothing about one pathway",
    "10.1.3": "deadlines in working days; an answer names the month, not the day",
    "10.2.1": "who answers for the quality of the data",
    "10.3": "how a board suspends its returns",
    "12.1": "good practice",
    "12.2": "where to read more",
    "Annex A": "what the guidance replaced",
    "Annex B": "checks of whole returns, not of one pathway",
}


def worked() -> Counter[str]:
    """How many situations each paragraph has."""
    specs = (spec.paragraph for module in ALL for spec in module.SPECS)
    services = (paragraph for paragraph, *_ in SERVICES)
    return Counter([*specs, *(patient.paragraph for patient in PATIENTS), *services])
