"""The NHS App API as this site is known to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clockstop.service.accounts.providers import given_under

PREFIX = "CLOCKSTOP_NHS_APP_"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppService:
    """Where the API and its tokens are, and who asks.

    ``application`` is the key of our application there, ``key`` its private key in PEM, ``key_id``
    the name of that key and ``organisation`` the ODS code in whose name patients are told.
    """

    url: str
    token_url: str
    application: str
    key: str = field(repr=False)
    key_id: str
    organisation: str


def app_service(environment: Mapping[str, str]) -> AppService | None:
    """The API as the environment (CLOCKSTOP_NHS_APP_…) says; None where it says nothing."""
    given = given_under(
        PREFIX,
        environment,
        needed=("URL", "TOKEN_URL", "APPLICATION", "KEY_FILE", "KEY_ID", "ORGANISATION"),
    )
    if not given:
        return None
    return AppService(
        url=given["URL"].rstrip("/"),
        token_url=given["TOKEN_URL"],
        application=given["APPLICATION"],
        key=Path(given["KEY_FILE"]).read_text(encoding="ascii"),
        key_id=given["KEY_ID"],
        organisation=given["ORGANISATION"],
    )
