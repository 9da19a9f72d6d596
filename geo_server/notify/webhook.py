"""A program of somebody else's is told by HTTP; it knows us by HMAC-SHA256 over `timestamp.body`."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import httpx
import orjson

from geo_server.notify import keys, outside
from geo_server.notify.channel import Later, Message, Never, Outcome, Sent
from geo_server.notify.outside import Allowed, Answer, NotAllowed
from layers.values import Title

PATIENT_S = 10.0
MOST_LETTERS = 20_000
_TRY_AGAIN = (408, 425, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The secrets that receivers check our signature by: one each, derived, so that the store holds none."""

    home: Path

    def of(self, contact_id: int, secret_round: int) -> str:
        """Return a contact's secret of that round; raises OSError."""
        master = keys.kept(self.home / "keys" / "webhook.key", lambda: secrets.token_bytes(32))
        return hmac.new(master, f"contact:{contact_id}:{secret_round}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return what `X-Qyran-Signature` says: the receiver computes the same, and compares the time with its clock."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Posts to the contacts' own addresses, on the hosts that are allowed."""

    title: ClassVar[Title] = Title(kk="Вебхук", ru="Вебхук", en="Webhook")
    allowed: Allowed
    secrets: Secrets
    name: str = "webhook"
    at_once: int = 8
    patience_s: float = PATIENT_S + 10

    @property
    def configured(self) -> bool:
        """Say whether any host is allowed."""
        return bool(self.allowed.hosts)

    async def send(self, message: Message) -> Outcome:
        """Post one message, signed; a redirect is not followed, for who signed up is who is told."""
        body = as_json(message)
        at = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "X-Qyran-Notice": message.key,
            "X-Qyran-Timestamp": str(at),
            "X-Qyran-Signature": signature(self.secrets.of(message.to_id, message.secret_round), at, body),
        }
        try:
            answer = await outside.post(message.address, body, headers, self.allowed, timeout_s=PATIENT_S)
        except NotAllowed as refused:
            return Never(code=refused.code)
        except (httpx.HTTPError, OSError) as error:
            return Later(code=f"unreachable_{type(error).__name__}")
        return _told(answer) or Sent(cut=len(message.body) > MOST_LETTERS)

    async def close(self) -> None:
        """Keep nothing open."""


def as_json(message: Message) -> bytes:
    """Return a message as programs read it."""
    told = {
        "id": message.key,
        "kind": message.kind,
        "priority": message.priority,
        "incident": {"number": message.number, "category": message.category},
        "language": message.language,
        "subject": message.subject,
        "text": message.body[:MOST_LETTERS],
        "queued_at": message.queued_at,
    }
    return orjson.dumps(told)


def _told(answer: Answer) -> Outcome | None:
    """Return what an answer means where it is not a yes: a redirect or 4xx is for good, all else is tried again."""
    if 200 <= answer.status < 300:
        return None
    code = f"answered_{answer.status}"
    if 300 <= answer.status < 500 and answer.status not in _TRY_AGAIN:
        return Never(code=code)
    return Later(code=code, after_s=answer.retry_after_s)
