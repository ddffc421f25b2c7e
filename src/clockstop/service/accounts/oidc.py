"""Talking to a sign-in service: send somebody there, and believe nothing on their return unproven.

Authlib does the protocol. What it leaves open is closed here: which algorithms a token may be
signed with is ours to say, never the service's; issuer, audience and nonce must be there; the
userinfo must be of the same subject.
"""

import time
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from django.http import HttpRequest, HttpResponse
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, import_key
from requests import RequestException, Timeout

from clockstop.service.accounts.claims import Told
from clockstop.service.accounts.providers import Provider
from clockstop.service.accounts.refusals import RefusedError, Why

LEEWAY = 60  # seconds that clocks may differ by
ASSERTION_LIVES = 120  # seconds
PATIENCE = 10.0  # seconds for each answer of the service
_WAITS = 4  # of two answers, each for the connection and for what is said
KEPT = 3600  # seconds after which the service's description and keys are read again
_CLAIMS = {"iss": Why.ISSUER, "aud": Why.AUDIENCE, "azp": Why.AUDIENCE, "nonce": Why.NONCE}


class _Assertion(PrivateKeyJWT):  # type: ignore[misc]
    """Says who this site is, for two minutes and for one use."""

    def sign(self, auth: Any, token_endpoint: str) -> Any:
        return private_key_jwt_sign(
            auth.client_secret,
            client_id=auth.client_id,
            token_endpoint=token_endpoint,
            alg=self.alg,
            header=dict(self.headers),
            expires_in=ASSERTION_LIVES,
        )


class _Client(DjangoOAuth2App):  # type: ignore[misc]
    """This site as a client of one service."""

    def __init__(self, provider: Provider, patience: float) -> None:
        self.provider = provider
        header = {"typ": "JWT"} | ({"kid": provider.key_id} if provider.key_id else {})
        super().__init__(
            DjangoIntegration(provider.way.value),
            provider.way.value,
            client_id=provider.client_id,
            client_secret=import_key(provider.key, _kind(provider.algorithm)),
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_auth_methods=[_Assertion(headers=header, alg=provider.algorithm)],
            client_kwargs={
                "scope": provider.scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": PrivateKeyJWT.name,
                "default_timeout": patience,
            },
        )

    def load_server_metadata(self) -> Any:
        if time.time() - self.server_metadata.get("_loaded_at", 0) > KEPT:
            self.server_metadata.clear()
        found = super().load_server_metadata()
        if found.get("issuer") != self.provider.issuer:
            self.server_metadata.clear()
            raise RefusedError(Why.ISSUER)
        found["id_token_signing_alg_values_supported"] = list(self.provider.accepted)
        return found


def send(request: HttpRequest, provider: Provider, back_to: str) -> HttpResponse:
    """Send the browser to the service. Raises RefusedError where the service does not answer."""
    try:
        response: HttpResponse = _client(provider).authorize_redirect(
            request, back_to, **provider.asked
        )
    except (RequestException, ValueError, RuntimeError) as error:
        raise RefusedError(Why.UNREACHABLE) from error
    return response


def receive(request: HttpRequest, provider: Provider) -> Told:
    """What the service says of somebody who comes back from it. Raises RefusedError."""
    client = _client(provider)
    try:
        token = client.authorize_access_token(
            request, leeway=LEEWAY, claims_options=_options(provider)
        )
        signed = token.get("userinfo")
        if not signed:
            raise RefusedError(Why.ANSWER)
        userinfo = client.userinfo(token=token)
    except MismatchingStateError as error:
        raise RefusedError(Why.STATE) from error
    except (AuthlibBaseError, JoseError) as error:
        raise RefusedError(_why(error)) from error
    except RequestException as error:
        raise RefusedError(Why.UNREACHABLE) from error
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise RefusedError(Why.ANSWER) from error
    if not signed["sub"] or userinfo.get("sub") != signed["sub"]:
        raise RefusedError(Why.SUBJECT)
    return Told(signed, userinfo)


def verified(token: str, provider: Provider, audiences: Collection[str], *, within: float) -> Told:
    """What a signed token says that somebody else brings, as an app does for whoever uses it.

    ``audiences`` are the clients that it may have been made for, ``within`` the seconds that the
    service has for all its answers. Raises RefusedError.
    """
    try:
        keys = KeySet.import_key_set(_client(provider, within / _WAITS).fetch_jwk_set())
        signed = jwt.decode(token, keys, algorithms=list(provider.accepted)).claims
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "values": list(audiences)},
            exp={"essential": True},
            sub={"essential": True},
        )
        registry.validate(signed)
    except Timeout as error:
        raise RefusedError(Why.LATE) from error
    except RequestException as error:
        raise RefusedError(Why.UNREACHABLE) from error
    except JoseError as error:
        raise RefusedError(_why(error)) from error
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise RefusedError(Why.ANSWER) from error
    return Told(signed, {})


@lru_cache
def _client(provider: Provider, patience: float = PATIENCE) -> _Client:
    return _Client(provider, patience)


def _options(provider: Provider) -> dict[str, dict[str, object]]:
    """The claims that must be in a token and their values, beside the nonce of the session."""
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }


def _why(error: AuthlibBaseError | JoseError) -> Why:
    if isinstance(error, ExpiredTokenError):
        return Why.EXPIRED
    if isinstance(error, ClaimError):
        return _CLAIMS.get(error.claim, Why.ANSWER)
    if isinstance(error, JoseError):
        return Why.SIGNATURE
    return Why.CANCELLED if error.error == "access_denied" else Why.ANSWER


def _kind(algorithm: str) -> Any:
    return "EC" if algorithm.startswith("ES") else "RSA"
