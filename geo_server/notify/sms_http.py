"""Short messages by a gateway that takes JSON over HTTP; it tells of no receipt, so `sent` is the last it says."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
import orjson

from geo_server.notify import outside
from geo_server.notify.channel import Later, Message, Never, Outcome, Sent
from geo_server.notify.outside import Allowed, Answer
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.sms_text import parts_of
from layers.values import Title

PATIENT_S = 15.0
_TRY_AGAIN = (408, 425, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsHttp:
    """Posts `{to, from, text, id}` with a bearer token to the address that was set."""

    title: ClassVar[Title] = Title(kk="SMS (HTTP шлюзі)", ru="SMS (шлюз HTTP)", en="SMS (HTTP gateway)")
    told: ChannelSettings
    name: str = "sms_http"
    at_once: int = 4
    patience_s: float = PATIENT_S + 10

    @property
    def configured(self) -> bool:
        """Say whether a gateway is set."""
        return self.told.sms_http_url is not None

    async def send(self, message: Message) -> Outcome:
        """Post one message."""
        url = self.told.sms_http_url or ""
        fitted = parts_of(message.short, self.told.sms_parts)
        told = {"to": message.address, "from": self.told.sms_sender, "text": fitted.text, "id": message.key}
        try:
            answer = await outside.post(url, orjson.dumps(told), self._headers(), self._allowed, timeout_s=PATIENT_S)
        except (httpx.HTTPError, OSError) as error:
            return Later(code=f"unreachable_{type(error).__name__}")
        return _told(answer) or Sent(parts=len(fitted.parts), cut=fitted.cut)

    @property
    def _allowed(self) -> Allowed:
        """Return the gateway's own host: it was set by hand, wherever it stands."""
        host = urlsplit(self.told.sms_http_url or "").hostname or ""
        return Allowed(hosts=(host,), local=(host,))

    def _headers(self) -> dict[str, str]:
        token = self.told.sms_http_token.get_secret_value()
        return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def close(self) -> None:
        """Keep nothing open."""


def _told(answer: Answer) -> Outcome | None:
    """Return what an answer means where it is not a yes: 4xx is for good, all else is tried again."""
    if 200 <= answer.status < 300:
        return None
    code = f"answered_{answer.status}"
    if answer.status in (401, 403):
        return Later(code="login_refused")
    if 400 <= answer.status < 500 and answer.status not in _TRY_AGAIN:
        return Never(code=code)
    return Later(code=code, after_s=answer.retry_after_s)
