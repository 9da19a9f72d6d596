"""SOAP 1.2 to one camera: digest of its password, bounded answers, no redirects, and no XML that could do harm.

A client of our own, not one of WSDLs: what is asked of a camera is a dozen operations (decision 31).
"""

import asyncio
import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import httpx

from ingest.onvif import pinning
from ingest.onvif.errors import OnvifError
from ingest.onvif.hosts import check_host
from ingest.xml_tree import tree
from layers.hosts import authority

MOST_BYTES, DEEPEST = 2**20, 40
ANSWER_S, CONNECT_S = 8.0, 4.0
SOAP = "http://www.w3.org/2003/05/soap-envelope"
TDS, TRT = "http://www.onvif.org/ver10/device/wsdl", "http://www.onvif.org/ver10/media/wsdl"
TR2 = "http://www.onvif.org/ver20/media/wsdl"
TPTZ, TEV = "http://www.onvif.org/ver20/ptz/wsdl", "http://www.onvif.org/ver10/events/wsdl"
TT, WSNT = "http://www.onvif.org/ver10/schema", "http://docs.oasis-open.org/wsn/b-2"
WSA = "http://www.w3.org/2005/08/addressing"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
_PORTS = {"http": 80, "https": 443}
_NAMES = {"s": SOAP, "tds": TDS, "trt": TRT, "tr2": TR2, "tptz": TPTZ, "tev": TEV, "tt": TT, "wsnt": WSNT, "wsa": WSA}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMES.items())


def name(space: str, local: str) -> str:
    """Return a name as the tree has it."""
    return f"{{{space}}}{local}"


@dataclass(slots=True, kw_only=True)
class Endpoint:
    """One camera: where its device service is, who we are there, and how far its clock is from ours.

    `resolve` names the IP address of a host, or refuses it. `pin` is the fingerprint of its certificate where that is
    known, `seen` the one that it showed last.
    """

    url: str
    user: str | None = None
    password: str = ""
    ahead: timedelta = timedelta(0)
    resolve: Callable[[str], str] = check_host
    pin: str | None = None
    seen: str | None = None

    @classmethod
    def of(cls, url: str, resolve: Callable[[str], str] = check_host, pin: str | None = None) -> "Endpoint":
        """Read `http://name:password@host/onvif/device_service`; OnvifError where that is no such address."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise OnvifError("bad_address", "An ONVIF address is http://host/path or https://host/path.") from None
        if not host or not url.isprintable():
            raise OnvifError("bad_address", "An ONVIF address is http://host/path or https://host/path.")
        plain = urlunsplit(parts._replace(netloc=authority(host, port), path=parts.path or "/onvif/device_service"))
        user = None if parts.username is None else unquote(parts.username)
        return cls(url=plain, user=user, password=unquote(parts.password or ""), resolve=resolve, pin=pin)

    def led_to(self, url: str) -> str:
        """Return the address of another service that the camera tells: its path alone is believed, never its host."""
        try:
            parts, own = urlsplit(url), urlsplit(self.url)
        except ValueError:
            raise OnvifError("garbled", "The camera tells an address that is none.") from None
        if not url.isprintable():
            raise OnvifError("garbled", "The camera tells an address that is none.")
        return urlunsplit(own._replace(path=parts.path, query=parts.query))

    async def call(
        self, url: str, body: str, *, header: str = "", answer_s: float = ANSWER_S, signed: bool = True
    ) -> Element:
        """Ask, and return the first element of the answer's body.

        OnvifError: silent, unauthorized, refused, garbled, forbidden_host, certificate_changed.
        """
        envelope = _envelope(body, header + (self._security() if signed else ""))
        try:
            async with asyncio.timeout(answer_s):
                status, read = await self._post(url, envelope.encode())
        except (TimeoutError, httpx.TimeoutException):
            raise OnvifError("silent", f"The camera did not answer within {answer_s:g} s.") from None
        except (httpx.HTTPError, OSError) as error:
            raise OnvifError("silent", f"The camera cannot be reached ({type(error).__name__}).") from None
        except (httpx.InvalidURL, ValueError):
            raise OnvifError("garbled", "The camera tells an address that is none.") from None
        return _first(status, read)

    async def _post(self, url: str, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        place = await asyncio.to_thread(self.resolve, host)
        at = urlunsplit(parts._replace(netloc=authority(place, parts.port or _PORTS[parts.scheme])))
        headers = {"Host": parts.netloc, "Content-Type": "application/soap+xml; charset=utf-8"}
        async with (
            httpx.AsyncClient(
                trust_env=False,
                follow_redirects=False,
                verify=pinning.context(self.pin, self._meet),
                timeout=CONNECT_S,
                auth=self._digest(),
            ) as client,
            client.stream("POST", at, content=body, headers=headers, extensions={"sni_hostname": host}) as answer,
        ):
            return answer.status_code, await _bounded(answer)

    def _meet(self, seen: str) -> None:
        self.seen = seen

    def _digest(self) -> httpx.DigestAuth | None:
        """Answer a camera that asks for HTTP's own digest beside WS-Security's."""
        return None if self.user is None else httpx.DigestAuth(self.user, self.password)

    def _security(self) -> str:
        """Return WS-Security's UsernameToken with a digest (ONVIF Core, 5.9.1): the password itself never travels."""
        if self.user is None:
            return ""
        nonce, created = os.urandom(16), f"{datetime.now(UTC) + self.ahead:%Y-%m-%dT%H:%M:%SZ}"
        digest = hashlib.sha1(nonce + created.encode() + self.password.encode()).digest()
        return (
            f'<wsse:Security s:mustUnderstand="true" xmlns:wsse="{_WSSE}-wssecurity-secext-1.0.xsd" '
            f'xmlns:wsu="{_WSSE}-wssecurity-utility-1.0.xsd"><wsse:UsernameToken>'
            f"<wsse:Username>{escape(self.user)}</wsse:Username>"
            f'<wsse:Password Type="{_WSSE}-username-token-profile-1.0#PasswordDigest">{_base64(digest)}</wsse:Password>'
            f'<wsse:Nonce EncodingType="{_WSSE}-soap-message-security-1.0#Base64Binary">{_base64(nonce)}</wsse:Nonce>'
            f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
        )


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _envelope(body: str, header: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {_DECLARED}>'
        f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )


async def _bounded(answer: httpx.Response) -> bytes:
    """Return the whole body; one that says it is packed is not unpacked, for a few bytes may become any number."""
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise OnvifError("garbled", "The camera packs its answer.")
    read = b""
    async for part in answer.aiter_raw():
        read += part
        if len(read) > MOST_BYTES:
            raise OnvifError("garbled", "The camera's answer is longer than any such answer.")
    return read


def _first(status: int, read: bytes) -> Element:
    if status == 401:
        raise OnvifError("unauthorized", "The camera does not take this name and password.")
    if 300 <= status < 400:
        raise OnvifError("refused", "The camera leads elsewhere, and is not followed.")
    try:
        body = tree(read, longest=MOST_BYTES, deepest=DEEPEST).find(name(SOAP, "Body"))
    except ValueError as error:
        raise OnvifError("garbled", f"The camera's answer is {error}.") from None
    first = None if body is None else next(iter(body), None)
    if first is None:
        raise OnvifError("garbled", f"The camera answers {status} without a word of SOAP.")
    if first.tag == name(SOAP, "Fault"):
        raise _fault(first)
    return first


def _fault(fault: Element) -> OnvifError:
    codes = " ".join(one.text or "" for one in fault.iter(name(SOAP, "Value")))
    if "NotAuthorized" in codes or "FailedAuthentication" in codes:
        return OnvifError("unauthorized", "The camera does not take this name and password.")
    why = next((one.text for one in fault.iter(name(SOAP, "Text")) if one.text), None) or "without a reason"
    return OnvifError("refused", f"The camera refuses: {why.strip()[:200]}.")
