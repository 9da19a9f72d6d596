"""WS-Discovery: who on this network calls itself an ONVIF camera. What answers is believed in nothing but its path."""

import asyncio
import time
import uuid
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from ingest.onvif.soap import DEEPEST, SOAP
from ingest.xml_tree import tree
from layers.hosts import authority

GROUP = ("239.255.255.250", 3702)  # WS-Discovery 1.1, 2.4
MOST, LONGEST = 256, 64 * 2**10
_WSD, _ADDRESSING = (
    "http://schemas.xmlsoap.org/ws/2005/04/discovery",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
)
_PROBE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{soap}" xmlns:a="{addressing}" xmlns:d="{wsd}" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:MessageID>urn:uuid:{id}</a:MessageID>'
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>'
    '<a:Action s:mustUnderstand="1">{wsd}/Probe</a:Action></s:Header>'
    "<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A camera that answered: the address of its device service, and what it calls itself."""

    url: str
    name: str
    hardware: str


async def discover(seconds: float = 3.0, to: tuple[str, int] = GROUP) -> list[Found]:
    """Ask the network and return who answers within so many seconds, each once; raises OSError where there is none."""
    answers: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue(MOST)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(answers), local_addr=("0.0.0.0", 0))
    try:
        transport.sendto(_probe(), to)
        return await _gather(answers, seconds)
    finally:
        transport.close()


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, answers: asyncio.Queue[tuple[bytes, str]]) -> None:
        self.answers = answers

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self.answers.full():
            self.answers.put_nowait((data, addr[0]))


def _probe() -> bytes:
    return _PROBE.format(soap=SOAP, addressing=_ADDRESSING, wsd=_WSD, id=uuid.uuid4()).encode()


async def _gather(answers: asyncio.Queue[tuple[bytes, str]], seconds: float) -> list[Found]:
    found: dict[str, Found] = {}
    until = time.monotonic() + seconds
    while len(found) < MOST and (left := until - time.monotonic()) > 0:
        try:
            data, sender = await asyncio.wait_for(answers.get(), left)
        except TimeoutError:
            break
        for one in matches(data, sender):
            found.setdefault(one.url, one)
    return list(found.values())


def matches(data: bytes, sender: str) -> list[Found]:
    """Return the cameras of one answer; what cannot be read, or names another host than its sender, names none."""
    try:
        root = tree(data, longest=LONGEST, deepest=DEEPEST)
    except ValueError:
        return []
    found = []
    for match in list(root.iter(f"{{{_WSD}}}ProbeMatch"))[:MOST]:
        urls = ((match.findtext(f"{{{_WSD}}}XAddrs") or "").split())[:8]
        scopes = (match.findtext(f"{{{_WSD}}}Scopes") or "").split()[:64]
        url = next((own for own in (_own(url, sender) for url in urls) if own), None)
        if url is not None:
            found.append(Found(url=url, name=_scope(scopes, "name"), hardware=_scope(scopes, "hardware")))
    return found


def _own(url: str, sender: str) -> str | None:
    """Return the address with its sender's host: whoever answers speaks for itself alone."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not url.isprintable():
        return None
    return urlunsplit(parts._replace(netloc=authority(sender, port)))


def _scope(scopes: list[str], word: str) -> str:
    head = f"onvif://www.onvif.org/{word}/"
    told = next((one[len(head) :] for one in scopes if one.startswith(head)), "")
    return "".join(letter for letter in unquote(told) if letter.isprintable())[:80]
