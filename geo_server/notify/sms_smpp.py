"""Short messages by a centre that speaks SMPP 3.4; its receipts tell which of them arrived."""

import asyncio
from functools import cached_property

from smpplib.exceptions import ConnectionError as LineLost

from geo_server.notify.channel import Later, Message, Never, Outcome, Receipt, Sent
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.smpp_line import Centre, Line, Refused
from geo_server.notify.sms_text import parts_of
from layers.values import Title

PATIENT_S = 15.0
FOR_GOOD = {0x01: "too_long", 0x0A: "sender_refused", 0x0B: "address_refused", 0x33: "address_refused"}


class SmsSmpp:
    """Holds one line to the centre that was set."""

    name = "sms_smpp"
    title = Title(kk="SMS (SMPP)", ru="SMS (SMPP)", en="SMS (SMPP)")
    at_once = 8

    def __init__(
        self, told: ChannelSettings, receipts: "asyncio.Queue[Receipt]", *, patient_s: float = PATIENT_S
    ) -> None:
        """Know the centre, and where its receipts go."""
        self._told, self._receipts, self._patient_s = told, receipts, patient_s
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def configured(self) -> bool:
        """Say whether a centre is set."""
        return self._told.smpp_host is not None

    @property
    def patience_s(self) -> float:
        """Return after how many seconds a message counts as not sent."""
        return self._patient_s + 5

    async def send(self, message: Message) -> Outcome:
        """Send each part of a message; it is sent once the centre has taken all of them."""
        self._loop = asyncio.get_running_loop()
        fitted = parts_of(message.short, self._told.sms_parts)
        try:
            numbers = await self._line.submit(message.address, fitted, timeout_s=self._patient_s)
        except Refused as refused:
            if refused.at_bind:
                return Later(code="login_refused")
            code = FOR_GOOD.get(refused.status)
            return Later(code=f"status_{refused.status:#x}") if code is None else Never(code=code)
        except (LineLost, OSError) as error:  # TimeoutError is an OSError
            return Later(code="timeout" if isinstance(error, TimeoutError) else "unreachable")
        return Sent(awaits=numbers, parts=len(fitted.parts), cut=fitted.cut)

    async def close(self) -> None:
        """Unbind."""
        if "_line" in self.__dict__:
            await self._line.close()

    @cached_property
    def _line(self) -> Line:
        told = self._told
        centre = Centre(
            host=told.smpp_host or "",
            port=told.smpp_port,
            system_id=told.smpp_system_id,
            password=told.smpp_password.get_secret_value(),
            sender=told.sms_sender,
        )
        return Line(centre, self._heard)

    def _heard(self, number: str, arrived: bool) -> None:
        if self._loop is not None and not self._loop.is_closed():
            receipt = Receipt(channel=self.name, reference=number, arrived=arrived)
            self._loop.call_soon_threadsafe(self._receipts.put_nowait, receipt)
