"""Sign-in by the organisation's own provider: OpenID Connect, code flow with PKCE, state and nonce (Core 1.0, 3.1).

Whatever the provider does wrong, or does not do in time, is one fault; what it was stands in the audit alone.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from geo_server.access.provider import Provider
from layers.hosts import is_safe

PATIENCE_S = 5.0  # for all that one step asks of the provider
PENDING_S, PENDING_KEPT = 600.0, 1_000
LARGEST_ANSWER_BYTES = 500_000
LEEWAY_S = 60  # between the provider's clock and ours
# Signatures that only the provider can make: no "none", and none by a secret that we share with it.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
SCOPE = "openid profile"


class ProviderFault(Exception):
    """The provider is down, slow, refuses or lies; `why` names it for the audit."""

    def __init__(self, why: str) -> None:
        """Keep what was wrong, in a word."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider vouches for: its name for the person, the person's own, and the groups."""

    issuer: str
    subject: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A sign-in that went out to the provider and has not come back."""

    until: float
    binder_sha256: bytes
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(slots=True)
class Relying:
    """Our side of the protocol. What is under way is kept in this process's memory: after a restart one begins anew."""

    provider: Provider
    clock: Callable[[], float] = time.monotonic
    _pending: dict[str, Pending] = field(default_factory=dict)

    async def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Return where to send the browser, and what binds its return to it; raises ProviderFault."""
        async with _asking() as client:
            asked = (await _discover(client, self.provider))["authorization_endpoint"]
        state, nonce, verifier, binder = (secrets.token_urlsafe(32) for _ in range(4))
        self._clear_away()
        self._pending[state] = Pending(
            until=self.clock() + PENDING_S,
            binder_sha256=_sha256(binder),
            nonce=nonce,
            verifier=verifier,
            redirect_uri=redirect_uri,
        )
        told = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{asked}{'&' if urlsplit(asked).query else '?'}{urlencode(told)}", binder

    async def finish(self, returned: Mapping[str, str], binder: str) -> Identity:
        """Return whom the provider vouches for, once; raises ProviderFault."""
        pending = self._pending.pop(returned.get("state", ""), None)
        if pending is None or pending.until < self.clock():
            raise ProviderFault("unknown_state")
        if not hmac.compare_digest(pending.binder_sha256, _sha256(binder)):
            raise ProviderFault("another_browser")
        if returned.get("iss", self.provider.issuer) != self.provider.issuer:  # RFC 9207
            raise ProviderFault("wrong_issuer")
        if "error" in returned or not returned.get("code"):
            raise ProviderFault("refused_there")
        async with _asking() as client:
            return await self._identify(client, returned["code"], pending)

    async def _identify(self, client: httpx.AsyncClient, code: str, pending: Pending) -> Identity:
        told = await _discover(client, self.provider)
        tokens = await self._redeem(client, told, code, pending)
        keys = await _answer(client, "GET", told["jwks_uri"])
        claims = _checked(tokens, keys, self.provider, pending.nonce)
        if self.provider.groups_claim not in claims and "userinfo_endpoint" in told:
            claims = await _with_userinfo(client, told["userinfo_endpoint"], tokens, claims)
        return _identity(self.provider, claims)

    async def _redeem(
        self, client: httpx.AsyncClient, told: Mapping[str, Any], code: str, pending: Pending
    ) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": pending.redirect_uri}
        form |= {"code_verifier": pending.verifier}
        who = self.provider.client_id, self.provider.client_secret.get_secret_value()
        if "client_secret_basic" in told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            return await _answer(client, "POST", told["token_endpoint"], data=form, auth=httpx.BasicAuth(*who))
        form |= {"client_id": who[0], "client_secret": who[1]}
        return await _answer(client, "POST", told["token_endpoint"], data=form)

    def _clear_away(self) -> None:
        while self._pending:  # the first went out first and ends first
            oldest = next(iter(self._pending))
            if len(self._pending) < PENDING_KEPT and self._pending[oldest].until > self.clock():
                return
            del self._pending[oldest]


# ── asking ──


class _asking:
    """Ask the provider within `PATIENCE_S` for the whole block; all that can go wrong comes out as ProviderFault."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(timeout=PATIENCE_S, follow_redirects=False)
        self._in_time = asyncio.timeout(PATIENCE_S)

    async def __aenter__(self) -> httpx.AsyncClient:
        await self._in_time.__aenter__()
        return await self._client.__aenter__()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        await self._client.__aexit__(kind, error, trace)
        try:
            await self._in_time.__aexit__(kind, error, trace)
        except TimeoutError as slow:
            raise ProviderFault("slow") from slow
        if isinstance(error, httpx.TimeoutException):
            raise ProviderFault("slow") from error
        if isinstance(error, (httpx.HTTPError, httpx.InvalidURL, OSError)):
            raise ProviderFault("down") from error


async def _answer(
    client: httpx.AsyncClient, method: str, url: str, *, bearer: str | None = None, **asked: Any
) -> dict[str, Any]:
    """Return a JSON object that the provider answers with; raises ProviderFault."""
    headers = {"Accept": "application/json"} | ({} if bearer is None else {"Authorization": f"Bearer {bearer}"})
    body = b""
    async with client.stream(method, url, headers=headers, **asked) as answer:
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > LARGEST_ANSWER_BYTES:
                raise ProviderFault("too_large")
        if answer.status_code != 200:
            raise ProviderFault(f"answered_{answer.status_code}")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderFault("unreadable") from error
    if not isinstance(told, dict):
        raise ProviderFault("unreadable")
    return told


async def _discover(client: httpx.AsyncClient, provider: Provider) -> dict[str, Any]:
    """Return the provider's own description, read anew each time: its keys and addresses change (Discovery 1.0, 4)."""
    told = await _answer(client, "GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise ProviderFault("wrong_issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        if not is_safe(told.get(name)) and (name in told or name != "userinfo_endpoint"):
            raise ProviderFault("unsafe_address")
    return told


# ── checking ──


def _checked(tokens: Mapping[str, Any], keys: Mapping[str, Any], provider: Provider, nonce: str) -> dict[str, Any]:
    """Return the claims of the ID token once all of Core 1.0, 3.1.3.7 holds; raises ProviderFault."""
    try:
        token = jwt.decode(str(tokens.get("id_token", "")), KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        wanted = {"iss": provider.issuer, "aud": provider.client_id}
        rules = {claim: {"essential": True, "value": value} for claim, value in wanted.items()}
        told = {"nonce": nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
        CodeIDToken(token.claims, token.header, rules, told).validate(leeway=LEEWAY_S)
    except (JoseError, AuthlibBaseError) as error:
        words = (getattr(error, name, "") for name in ("error", "claim"))
        raise ProviderFault(" ".join(str(word) for word in words if word) or type(error).__name__) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # shapes that neither library expects
        raise ProviderFault("unreadable_token") from error
    return dict(token.claims)


async def _with_userinfo(
    client: httpx.AsyncClient, url: str, tokens: Mapping[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """Add what the provider tells only there; it must speak of the same person (Core 1.0, 5.3.2)."""
    told = await _answer(client, "GET", url, bearer=str(tokens.get("access_token", "")))
    if told.get("sub") != claims["sub"]:
        raise ProviderFault("another_subject")
    return told | claims


def _identity(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    subject, groups = claims.get("sub"), claims.get(provider.groups_claim, [])
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\0" in subject:
        raise ProviderFault("no_subject")
    if not isinstance(groups, list):
        raise ProviderFault("unreadable_groups")
    names = (claims.get(claim) for claim in ("preferred_username", "email", "name"))
    name = next((name for name in names if isinstance(name, str) and 0 < len(name.strip()) <= 64), subject[:64])
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        name=name.strip().replace("\0", ""),
        groups=tuple(group for group in groups if isinstance(group, str)),
    )


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
