"""Waking a phone by its browser's push service (RFC 8030); what it is told is sealed for that browser alone."""

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import orjson

from geo_server.notify import outside
from geo_server.notify.channel import Message
from geo_server.notify.outside import Allowed, NotAllowed
from geo_server.notify.schema import Subscription
from geo_server.notify.sealed_push import ROOM_BYTES, Sender, seal

PATIENT_S = 10.0
LONGEST_S = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of one push: taken, gone (the phone has unsubscribed), or neither, with a code."""

    taken: bool = False
    gone: bool = False
    code: str | None = None
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPush:
    """Sends to the push services that are allowed."""

    sender: Sender
    allowed: Allowed

    async def push(self, message: Message, to: Subscription) -> Pushed:
        """Push one message to one phone."""
        try:
            body = seal(_told(message), p256dh=to.p256dh, auth=to.auth)
            headers = self._headers(message, to.endpoint)
            answer = await outside.post(to.endpoint, body, headers, self.allowed, timeout_s=PATIENT_S)
        except NotAllowed as refused:
            return Pushed(code=refused.code)
        except ValueError:
            return Pushed(gone=True, code="bad_subscription")
        except (httpx.HTTPError, OSError) as error:
            return Pushed(code=f"unreachable_{type(error).__name__}")
        if answer.status in (200, 201, 202, 204):
            return Pushed(taken=True)
        gone = answer.status in (404, 410)
        code = "subscription_gone" if gone else f"answered_{answer.status}"
        return Pushed(gone=gone, code=code, after_s=answer.retry_after_s)

    def _headers(self, message: Message, endpoint: str) -> dict[str, str]:
        left_s = (message.expires_at - datetime.now(UTC)).total_seconds()
        return {
            "Authorization": self.sender.authorization(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(min(max(left_s, 0), LONGEST_S))),
            "Urgency": "high" if message.priority <= 2 else "normal",
            "Topic": message.key,  # sent twice, it replaces itself on the phone
        }


def _told(message: Message) -> bytes:
    told = {"notice_id": message.notice_id, "kind": message.kind, "subject": message.subject, "body": message.short}
    room = ROOM_BYTES - len(orjson.dumps({**told, "body": ""}))
    body = message.short.encode()[: room // 2].decode(errors="ignore")  # half: quotes and breaks take two bytes
    return orjson.dumps({**told, "body": body})
