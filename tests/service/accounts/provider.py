"""A sign-in service for tests: it trusts as little as a real one, and lies where a test says so."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID, ALGORITHM = "clockstop-test", "RS512"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLIENT_KEY = RSAKey.generate_key(2048)
MAX_LIFE = 300  # seconds that an assertion may live


class Provider:
    """Who signs in (``claims``, ``userinfo``) and what of it is a lie (``tamper``, ``sign``)."""

    def __init__(self) -> None:
        self.url = ""
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": ALGORITHM})
        self.claims: dict[str, object] = {}
        self.userinfo: dict[str, object] = {}
        self.tamper: dict[str, object] = {}
        self.sign: Callable[[dict], str] = self.signed
        self.asked: dict[str, str] = {}
        self.assertions: list[dict] = []
        self.refused: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._used: set[str] = set()

    def authorise(self, location: str) -> str:
        """Somebody signs in here; the address that their browser is sent back to."""
        self.asked = {
            name: values[0] for name, values in parse_qs(urlsplit(location).query).items()
        }
        assert location.startswith(f"{self.url}/authorize?")
        assert self.asked["client_id"] == CLIENT_ID
        assert self.asked["response_type"] == "code"
        assert self.asked["code_challenge_method"] == "S256"
        code = token_urlsafe(16)
        self._codes[code] = self.asked
        return _local(self.asked["redirect_uri"], code=code, state=self.asked["state"])

    def decline(self, location: str) -> str:
        """Somebody turns back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        return _local(asked["redirect_uri"], error="access_denied", state=asked["state"])

    def signed(self, claims: dict, **header: object) -> str:
        return jwt.encode(
            {"alg": ALGORITHM, "kid": "one"} | header, claims, self.key, algorithms=[ALGORITHM]
        )

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, object]:
        if path == "/.well-known/openid-configuration":
            return 200, self._description()
        if path == "/jwks":
            return 200, KeySet([self.key]).as_dict()
        if path == "/token":
            return self._token(form)
        if path == "/userinfo" and bearer == "Bearer let-me-in":
            return 200, {"sub": self.claims["sub"]} | self.userinfo
        return 404, {"error": "not_found"}

    def _description(self) -> dict[str, object]:
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", ALGORITHM],
            **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in places.items()},
        }

    def _token(self, form: dict[str, str]) -> tuple[int, object]:
        wrong = self._wrong_assertion(form) or self._wrong_code(form)
        if wrong:
            self.refused.append(wrong)
            return 400, {"error": wrong}
        asked = self._codes.pop(form["code"])
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            **self.claims,
            **self.tamper,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        token = {"access_token": "let-me-in", "token_type": "Bearer", "expires_in": 600}
        return 200, token | {"id_token": self.sign(kept)}

    def _wrong_assertion(self, form: dict[str, str]) -> str:
        if form.get("client_assertion_type") != ASSERTION or "client_secret" in form:
            return "invalid_client"
        registry = JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
        public = RSAKey.import_key(CLIENT_KEY.as_dict(private=False))
        said = jwt.decode(form["client_assertion"], public, registry=registry).claims
        self.assertions.append(said)
        now = time.time()
        is_right = (
            said["iss"] == said["sub"] == CLIENT_ID
            and said["aud"] == f"{self.url}/token"
            and now - 60 < said["exp"] <= now + MAX_LIFE
            and said["jti"] not in self._used
        )
        self._used.add(said["jti"])
        return "" if is_right else "invalid_client"

    def _wrong_code(self, form: dict[str, str]) -> str:
        asked = self._codes.get(form.get("code", ""))
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return "invalid_grant"
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        proven = urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        return "" if proven else "invalid_grant"


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """The service, answering on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            bearer = self.headers.get("Authorization", "")
            status, said = provider.answer(self.path, form, bearer)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _local(redirect_uri: str, **query: str) -> str:
    return f"{urlsplit(redirect_uri).path}?{urlencode(query)}"
