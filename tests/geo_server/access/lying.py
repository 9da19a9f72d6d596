"""An OpenID provider in the test's own hand: honest unless it is told to lie, about one thing at a time."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "qyran-test", "a-secret-that-only-both-of-us-know"
Claims = dict[str, Any]


@dataclass(slots=True)
class Lying:
    """What it says; a test changes one thing of it."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    address: str = ""
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # code → nonce and challenge
    said: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[["Lying", Claims], str] = lambda self, claims: jwt.encode(
        {"alg": "RS256", "kid": "1"}, claims, self.key
    )
    described: Callable[[Claims], Claims] = lambda told: told
    answered: tuple[int, bytes] | None = None  # at the token endpoint, in place of a token
    hangs: threading.Event | None = None
    userinfo: Claims | None = None
    asked: list[str] = field(default_factory=list)

    def remember(self, address: str) -> dict[str, str]:
        """Take in what a browser was sent here with, and return what it is sent back with."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = told["nonce"], told["code_challenge"]
        return {"code": code, "state": told["state"]}

    def description(self) -> Claims:
        paths = {"authorization_endpoint": "in", "token_endpoint": "token", "jwks_uri": "keys"}
        told = {"issuer": self.address, **{name: f"{self.address}/{path}" for name, path in paths.items()}}
        told |= {} if self.userinfo is None else {"userinfo_endpoint": f"{self.address}/userinfo"}
        return self.described(told)

    def token(self, form: dict[str, list[str]]) -> tuple[int, bytes]:
        """Check the code's verifier as RFC 7636 says, then vouch."""
        verifier = form.get("code_verifier", [""])[0]
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        nonce, challenge = self.codes.get(form.get("code", [""])[0], ("", ""))
        if made != challenge:
            return 400, b'{"error": "invalid_grant"}'
        if self.answered is not None:
            return self.answered
        now = int(time.time())
        claims: Claims = {"iss": self.address, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 300}
        claims |= {"nonce": nonce, "preferred_username": "aigul", "groups": ["dispatchers"]}
        told = {"access_token": "access", "token_type": "Bearer", "id_token": self.sign(self, self.said(claims))}
        return 200, json.dumps(told).encode()


@contextmanager
def lying() -> Iterator[Lying]:
    """Run the provider on a free port."""
    provider = Lying()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            told = {
                "/.well-known/openid-configuration": provider.description(),
                "/keys": {"keys": [provider.key.as_dict(private=False)]},
                "/userinfo": provider.userinfo,
            }
            self._say(200, json.dumps(told[self.path]).encode())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if provider.hangs is not None:
                provider.hangs.wait(30)
            self._say(*provider.token(parse_qs(body)))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        if provider.hangs is not None:
            provider.hangs.set()
        server.shutdown()
        server.server_close()


# ── the lies ──


def claims(**changed: Any) -> Callable[[Lying], None]:
    """Say something else in the token; None leaves the claim out."""

    def lie(provider: Lying) -> None:
        provider.said = lambda told: {k: v for k, v in {**told, **changed}.items() if v is not None}

    return lie


def times(**after_s: float) -> Callable[[Lying], None]:
    """Say times that lie so many seconds from now."""

    def lie(provider: Lying) -> None:
        provider.said = lambda told: told | {name: int(time.time() + s) for name, s in after_s.items()}

    return lie


def signed(how: Callable[[Lying, Claims], str]) -> Callable[[Lying], None]:
    """Sign the token in another way."""

    def lie(provider: Lying) -> None:
        provider.sign = how

    return lie


def answered(status: int, body: bytes) -> Callable[[Lying], None]:
    """Answer something else where the token is asked for."""

    def lie(provider: Lying) -> None:
        provider.answered = (status, body)

    return lie


def described(**changed: Any) -> Callable[[Lying], None]:
    """Describe itself otherwise."""

    def lie(provider: Lying) -> None:
        provider.described = lambda told: told | changed

    return lie


def unsigned(_: Lying, told: Claims) -> str:
    """Return a token by `alg: none`."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(told)}."


def _part(told: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


def by_our_secret(_: Lying, told: Claims) -> str:
    """Sign by what both sides know."""
    return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(SECRET), algorithms=["HS256"])


def by_public_key(provider: Lying, told: Claims) -> str:
    """Sign by HMAC with the text of the public key, as if that were a secret."""
    made = f"{_part({'alg': 'HS256', 'kid': '1'})}.{_part(told)}"  # by hand: no library does this to one
    mac = hmac.digest(provider.key.as_pem(private=False), made.encode(), "sha256")
    return f"{made}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def by_another_key(_: Lying, told: Claims) -> str:
    """Sign by a key that it does not publish."""
    return jwt.encode({"alg": "RS256", "kid": "1"}, told, RSAKey.generate_key(2048, {"kid": "1"}))


def by_elliptic_key(_: Lying, told: Claims) -> str:
    """Sign by a key of another kind under the published name."""
    return jwt.encode({"alg": "ES256", "kid": "1"}, told, ECKey.generate_key("P-256", {"kid": "1"}))
