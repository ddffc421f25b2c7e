"""Why a patient's request does not go on, as staff and patients choose it.

No list of these was found in public: they are a design.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clockstop.core.state_tables import Refusal

# What staff choose, and what the patient is told of it.
UNSUITABLE: Mapping[str, tuple[str, str]] = {
    "risk": ("Clinical risk: other illness or anaesthetic", "moving would not be safe for you"),
    "begun": ("Treatment has begun here", "your treatment has begun here"),
    "team": ("Needs this team or its equipment", "you need the team that knows you"),
    "shared": ("Part of care that is joined up here", "it is part of other care you have here"),
    "urgent": ("To be treated here soon", "your hospital will treat you soon itself"),
    "travel": ("Cannot travel, and no help would be enough", "the journey would be too hard"),
    "support": ("Has nobody at home afterwards", "you need more help at home than we can arrange"),
    "other": ("Another reason", "it would not be right for you"),
}
WITHDRAWN: Mapping[str, str] = {
    "stay": "I want to stay with my hospital",
    "travel": "It is too hard to travel",
    "treated": "I have been treated, or have a date",
    "private": "I am paying for it myself",
    "other": "Another reason",
}
NONE_FOUND: Mapping[str, str] = {
    "capacity": "Nobody has room",
    "distance": "Nobody within the distance that the patient chose",
    "criteria": "Nobody can take the patient's condition",
    "time": "Nobody offered in time",
}


def against(code: str, allowed: Mapping[str, object], comment: str = "") -> Iterable[Refusal]:
    """What stands against a reason; ``other`` needs words."""
    if code not in allowed:
        yield Refusal("REASON_IS_REQUIRED", "Choose a reason", "reason")
    elif code == "other" and not comment.strip():
        yield Refusal("COMMENT_IS_REQUIRED", "Say in a few words what it is", "comment")
