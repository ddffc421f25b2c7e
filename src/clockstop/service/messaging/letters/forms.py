"""In which form a patient's letters are set, by what is known of their needs. Pure."""

from __future__ import annotations

from clockstop.service.messaging.letters.blocks import PLAIN

LARGE, EASY = "Large print", "Easy read"
# Large print: 16 to 18 points and more, easy read: 14 and more (UK Association for Accessible
# Formats; Department of Health, Making written information easier to understand).
POINTS = {"": PLAIN, LARGE: 18, EASY: 18}


def form_for(*, large_print: bool, easy_read: bool) -> str:
    """The form in words; easy read is large enough for most who ask for large print."""
    return EASY if easy_read else LARGE if large_print else ""
