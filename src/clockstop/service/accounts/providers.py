"""The national services that say who somebody is, as this site is known to them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
NHS_LOGIN_VECTORS = ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")  # what NHS login assumes without `vtr`
CIS2_SCOPE = "openid profile nhsperson nationalrbacaccess"
NHS_LOGIN_SCOPE = "openid profile profile_extended"


class Way(StrEnum):
    """How somebody signs in."""

    STAFF = "staff"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What both services share: OpenID Connect, with a signed assertion instead of a secret.

    ``key`` is the private key of this site in PEM, ``algorithm`` how it signs and ``key_id`` its
    name in the key set that the service reads. ``accepted`` are the algorithms that the service's
    own tokens may be signed with.
    """

    issuer: str
    client_id: str
    key: str = field(repr=False)
    key_id: str = ""
    algorithm: str
    accepted: tuple[str, ...]
    scope: str

    @property
    def way(self) -> Way:
        raise NotImplementedError

    @property
    def asked(self) -> dict[str, str]:
        """What the request for signing in says beside the standard parameters."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffService(Provider):
    """CIS2, the Care Identity Service.

    ``levels`` are the claims of the signed token that must be at least so high. The names of the
    claims and their values are as several public clients of CIS2 use them, and each can be set:
    check them against the service's own documentation when you connect.
    """

    levels: tuple[tuple[str, int], ...]
    acr_values: str = "AAL2_OR_AAL3_ANY"
    organisations_claim: str = "nhsid_nrbac_roles"
    only_its_organisations: bool = True

    @property
    def way(self) -> Way:
        return Way.STAFF

    @property
    def asked(self) -> dict[str, str]:
        return {"acr_values": self.acr_values} if self.acr_values else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientService(Provider):
    """NHS login. ``vectors``: any one will do, and of one each part is needed."""

    vectors: tuple[str, ...] = NHS_LOGIN_VECTORS
    proofing: str = "P9"

    @property
    def way(self) -> Way:
        return Way.PATIENT

    @property
    def asked(self) -> dict[str, str]:
        return {"vtr": json.dumps(self.vectors, separators=(",", ":"))}


def staff_service(environment: Mapping[str, str]) -> StaffService | None:
    """CIS2 as the environment (CLOCKSTOP_STAFF_SIGN_IN_…) says; None where it says nothing."""
    given = given_under("CLOCKSTOP_STAFF_SIGN_IN_", environment)
    if not given:
        return None
    levels = {
        "authentication_assurance_level": int(given.get("AUTHENTICATION_LEVEL", "2")),
        "id_assurance_level": int(given.get("IDENTITY_LEVEL", "3")),
    }
    return StaffService(
        **_shared(given, accepted="RS256", scope=CIS2_SCOPE),
        levels=tuple(levels.items()),
        acr_values=given.get("ACR_VALUES", "AAL2_OR_AAL3_ANY"),
        organisations_claim=given.get("ORGANISATIONS_CLAIM", "nhsid_nrbac_roles"),
        only_its_organisations=given.get("ANY_ORGANISATION", "") != "1",
    )


def patient_service(environment: Mapping[str, str]) -> PatientService | None:
    """NHS login as the environment (CLOCKSTOP_PATIENT_SIGN_IN_…) says; None without."""
    given = given_under("CLOCKSTOP_PATIENT_SIGN_IN_", environment)
    if not given:
        return None
    return PatientService(
        **_shared(given, accepted="RS512", scope=NHS_LOGIN_SCOPE),
        vectors=tuple(given.get("VECTORS", " ".join(NHS_LOGIN_VECTORS)).split()),
    )


def given_under(
    prefix: str,
    environment: Mapping[str, str],
    needed: Sequence[str] = ("ISSUER", "CLIENT_ID", "KEY_FILE"),
) -> dict[str, str]:
    """What is set under a prefix. Raises ValueError where only a part of what is needed is."""
    given = {
        name.removeprefix(prefix): value
        for name, value in environment.items()
        if name.startswith(prefix) and value
    }
    lacking = [name for name in needed if name not in given]
    if given and lacking:
        raise ValueError(f"set {', '.join(prefix + name for name in lacking)} too, or none")
    return given


def _shared(given: Mapping[str, str], *, accepted: str, scope: str) -> dict[str, Any]:
    """The fields of every service, with what it accepts and is asked for unless that is set."""
    return {
        "issuer": given["ISSUER"],
        "client_id": given["CLIENT_ID"],
        "key": Path(given["KEY_FILE"]).read_text(encoding="ascii"),
        "key_id": given.get("KEY_ID", ""),
        "algorithm": _algorithm(given.get("ALGORITHM", "RS512")),
        "accepted": tuple(map(_algorithm, given.get("ACCEPTED", accepted).split())),
        "scope": given.get("SCOPE", scope),
    }


def _algorithm(name: str) -> str:
    if name not in ALGORITHMS:
        raise ValueError(f"{name} is no algorithm for a signature here: {', '.join(ALGORITHMS)}")
    return name
