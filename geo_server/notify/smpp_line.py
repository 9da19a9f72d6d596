"""One bound connection to a short-message centre (SMPP 3.4), in a thread of its own, because the library waits."""

import asyncio
import queue
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import structlog
from smpplib import consts, smpp
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LineLost
from smpplib.exceptions import PDUError

from geo_server.notify.sms_text import Parts

log = structlog.get_logger()

CONNECT_S = 5.0
LOOK_S = 0.1  # between two looks for what the centre says by itself
ENQUIRE_S = 30.0
AGAIN_S = 30.0  # after a loss, so that receipts still come


class Refused(Exception):
    """The centre does not let us in, or did not take a part; `status` is its command_status."""

    def __init__(self, status: int, *, at_bind: bool = False) -> None:
        """Keep the status."""
        self.status, self.at_bind = status, at_bind
        super().__init__(f"status {status:#x}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Where the centre is, and who we are to it."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str


@dataclass(slots=True)
class _Asked:
    to: str
    parts: Parts
    future: "Future[tuple[str, ...]]" = field(default_factory=Future)
    awaited: dict[int, str] = field(default_factory=dict)  # by the sequence number of each part: the centre's number


class Line:
    """Binds at the first message, stays bound for the receipts, and binds again after a loss."""

    def __init__(self, centre: Centre, on_receipt: Callable[[str, bool], None]) -> None:
        """Know the centre; `on_receipt` is called in the line's own thread with a part's number and its fate."""
        self._centre, self._on_receipt = centre, on_receipt
        self._asked: queue.SimpleQueue[_Asked] = queue.SimpleQueue()
        self._waiting: dict[int, _Asked] = {}
        self._client: Any = None
        self._thread: threading.Thread | None = None
        self._closing, self._dropped = threading.Event(), threading.Event()
        self._enquired_at = self._lost_at = float("-inf")

    async def submit(self, to: str, parts: Parts, *, timeout_s: float) -> tuple[str, ...]:
        """Return the centre's numbers of the parts; raises Refused, OSError, LineLost or TimeoutError."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)
            self._thread.start()
        asked = _Asked(to, parts)
        self._asked.put(asked)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asked.future), timeout_s)
        except TimeoutError:
            self._dropped.set()  # a centre that stays silent is left, and asked anew
            raise

    async def close(self) -> None:
        """Unbind and end the thread."""
        self._closing.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, CONNECT_S + 1)

    def _run(self) -> None:
        while not self._closing.is_set():
            asked = self._next()
            if asked is not None and not asked.future.set_running_or_notify_cancel():
                continue
            try:
                self._turn(asked)
            except Exception as error:  # noqa: BLE001 - a thread that died of the unforeseen would hold every message
                self._lose(error, asked)
        self._leave()

    def _next(self) -> _Asked | None:
        try:
            return self._asked.get(timeout=LOOK_S)
        except queue.Empty:
            return None

    def _turn(self, asked: _Asked | None) -> None:
        now = time.monotonic()
        if self._dropped.is_set():
            self._dropped.clear()
            raise LineLost("dropped")
        if self._client is None and (asked is not None or 0 < self._lost_at <= now - AGAIN_S):
            self._client = self._bound()
            self._lost_at, self._enquired_at = float("-inf"), now
        if self._client is None:
            return
        if asked is not None:
            self._submit(asked)
        if now - self._enquired_at >= ENQUIRE_S:
            self._enquired_at = now
            self._client.send_pdu(smpp.make_pdu("enquire_link", client=self._client))
        self._client.poll(auto_send_enquire_link=False)

    def _bound(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            client = Client(
                self._centre.host,
                self._centre.port,
                timeout=CONNECT_S,
                logger_name="smpp",
                allow_unknown_opt_params=True,
            )
        client.set_message_sent_handler(self._taken)
        client.set_message_received_handler(self._heard)
        client.set_error_pdu_handler(lambda pdu: None)  # `_taken` hears of it as well
        try:
            client.connect()
            client.bind_transceiver(system_id=self._centre.system_id, password=self._centre.password)
        except PDUError as error:
            _shut(client)
            raise Refused(int(error.args[1]) if len(error.args) > 1 else 0, at_bind=True) from None
        except Exception:
            _shut(client)
            raise
        return client

    def _submit(self, asked: _Asked) -> None:
        for part in asked.parts.parts:
            made = smpp.make_pdu("submit_sm", client=self._client, **self._told(asked, part))
            asked.awaited[made.sequence] = ""
            self._waiting[made.sequence] = asked
            self._client.send_pdu(made)

    def _told(self, asked: _Asked, part: bytes) -> dict[str, Any]:
        sender = self._centre.sender
        named = consts.SMPP_TON_ALNUM if not sender.lstrip("+").isdigit() else consts.SMPP_TON_UNK
        return {
            "source_addr_ton": consts.SMPP_TON_INTL if sender.startswith("+") else named,
            "source_addr": sender.lstrip("+"),
            "dest_addr_ton": consts.SMPP_TON_INTL,
            "dest_addr_npi": consts.SMPP_NPI_ISDN,
            "destination_addr": asked.to.lstrip("+"),
            "short_message": part,
            "data_coding": asked.parts.coding,
            "esm_class": consts.SMPP_GSMFEAT_UDHI if asked.parts.joined else consts.SMPP_MSGMODE_DEFAULT,
            "registered_delivery": True,
        }

    def _taken(self, pdu: Any, **_: object) -> None:
        asked = self._waiting.pop(pdu.sequence, None)
        if asked is None or asked.future.done():
            return
        if pdu.is_error():
            asked.future.set_exception(Refused(int(pdu.status)))
            return
        asked.awaited[pdu.sequence] = _text(pdu.message_id)
        if all(asked.awaited.values()):
            asked.future.set_result(tuple(asked.awaited.values()))

    def _heard(self, pdu: Any, **_: object) -> None:
        told = receipt_of(_text(pdu.receipted_message_id), _text(pdu.short_message))
        if told is not None:
            self._on_receipt(*told)

    def _lose(self, error: Exception, asked: _Asked | None) -> None:
        _shut(self._client)
        self._client, self._lost_at = None, time.monotonic()
        lost = {id(one): one for one in (*self._waiting.values(), *([asked] if asked else []))}
        self._waiting.clear()
        for one in lost.values():
            if not one.future.done():
                one.future.set_exception(error)
        log.warning("smpp_lost", error=type(error).__name__)

    def _leave(self) -> None:
        if self._client is not None:
            try:
                self._client.unbind()
            except Exception as error:  # noqa: BLE001 - whatever it says to our farewell, we go
                log.info("smpp_left", error=type(error).__name__)
        self._lose_quietly()

    def _lose_quietly(self) -> None:
        _shut(self._client)
        self._client = None
        for one in self._waiting.values():
            one.future.cancel()


def receipt_of(number: str, text: str) -> tuple[str, bool] | None:
    """Return a part's number and whether it arrived, None where it is no receipt, or one of a message still on its way.

    The number stands in the optional field, or in the text as SMPP 3.4's appendix B writes it: `id:… stat:DELIVRD …`.
    """
    said = {
        name.lower(): value for name, colon, value in (word.partition(":") for word in text.split()) if colon == ":"
    }
    number, state = number or said.get("id", ""), said.get("stat", "").upper()
    if not number or state not in ("DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "REJECTD"):
        return None
    return number, state == "DELIVRD"


def _text(octets: bytes | None) -> str:
    return (octets or b"").rstrip(b"\0").decode("latin-1")


def _shut(client: Any) -> None:
    if client is not None:
        client.state = consts.SMPP_CLIENT_STATE_OPEN  # it is left as it is, and no warning is written of that
        client.disconnect()
