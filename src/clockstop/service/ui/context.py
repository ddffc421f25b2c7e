"""What the page shell needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Marks of the NHS (off unless set), of the demo, and the nonce of this response's scripts."""
    return {
        "made_up_people": settings.CLOCKSTOP_PERSONAS,
        "nhs_logo": settings.CLOCKSTOP_NHS_LOGO,
        "frutiger": settings.CLOCKSTOP_FRUTIGER,
        "cspNonce": str(getattr(request, "csp_nonce", "")),
    }
