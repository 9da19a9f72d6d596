"""One camera by ONVIF: who it is, its profiles and streams, its clock, turning it, and what its own analytics tell."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import escape, quoteattr

from ingest.onvif import media
from ingest.onvif.errors import OnvifError
from ingest.onvif.reading import LONGEST, lasts_s, moment, notices, position, span, text_of
from ingest.onvif.soap import ANSWER_S, TDS, TEV, TPTZ, TR2, TRT, TT, WSA, Endpoint, name
from ingest.onvif.values import Device, Node, Notice, Position, PresetTold, Profile, PullPoint, Status

MOST = 256  # profiles, presets, messages at once: more than any camera has
LONGEST_ECHO = 4096  # of what a camera wants to hear again with each pull
PULL_S = 20.0  # a pull waits so long for a message, and a camera that is gone is noticed a little later
LASTS_S, RENEWED_S = 60, 45  # of a pull point; what lasts for less is renewed before the next pull
_DEGREES = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/SphericalPositionSpaceDegrees"
_GENERIC = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"
_ZOOM = "http://www.onvif.org/ver10/tptz/ZoomSpaces/PositionGenericSpace"
_PULLED = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest"
_MANAGED = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager"


@dataclass(slots=True)
class Camera:
    """A camera that has been met: `open` asks it who it is and where its services are."""

    endpoint: Endpoint
    services: dict[str, str] = field(default_factory=dict)  # by namespace, at the camera's own host
    skew_s: float | None = None  # of its clock, ahead of ours

    async def open(self) -> "Camera":
        """Compare the clocks, for a digest is of its moment, and ask for the services; raises OnvifError."""
        await self._compare_clocks()
        try:
            told = await self._device(
                "<tds:GetServices><tds:IncludeCapability>false</tds:IncludeCapability></tds:GetServices>"
            )
            for one in list(told.iter(name(TDS, "Service")))[:MOST]:
                self._lives(text_of(one.find(name(TDS, "Namespace"))), one.find(name(TDS, "XAddr")))
        except OnvifError as error:
            if error.code not in ("refused", "garbled"):
                raise
        if not {TRT, TR2} & set(self.services):
            await self._ask_capabilities()
        return self

    async def _ask_capabilities(self) -> None:
        """Ask as older cameras are asked, which know no other question."""
        told = await self._device("<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>")
        for local, space in (("Media", TRT), ("PTZ", TPTZ), ("Events", TEV)):
            self._lives(space, told.find(f".//{name(TT, local)}/{name(TT, 'XAddr')}"))

    def _lives(self, space: str, address: Element | None) -> None:
        if space in (TRT, TR2, TPTZ, TEV) and text_of(address):
            self.services[space] = self.endpoint.led_to(text_of(address))

    async def device(self) -> Device:
        """Return who made it."""
        told = await self._device("<tds:GetDeviceInformation/>")
        words = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber")
        maker, model, firmware, serial = (text_of(told.find(name(TDS, word))) for word in words)
        return Device(maker=maker, model=model, firmware=firmware, serial=serial)

    async def profiles(self) -> list[Profile]:
        """Return the media profiles, the largest picture first; from Media2 where the camera answers there."""
        if TR2 in self.services:
            try:
                return media.profiles_in(await self._ask(TR2, media.ASKED[TR2]), TR2, MOST)
            except OnvifError as error:
                if error.code != "refused" or TRT not in self.services:
                    raise
                del self.services[TR2]
        return media.profiles_in(await self._ask(TRT, media.ASKED[TRT]), TRT, MOST)

    async def stream_url(self, profile: str) -> str:
        """Return the RTSP address of a profile's stream, at the camera's own host, without any password."""
        of = TR2 if TR2 in self.services else TRT
        told = await self._ask(of, media.asked_stream(profile, of))
        return media.stream_in(told, of, urlsplit(self.endpoint.url).hostname or "")

    # ── turning ──

    async def node(self) -> Node | None:
        """Return what it can do by absolute moves, None where it cannot."""
        told = await self._ask(TPTZ, "<tptz:GetNodes/>")
        spaces = list(told.iter(name(TT, "AbsolutePanTiltPositionSpace")))
        found = {text_of(one.find(name(TT, "URI"))): one for one in spaces}
        zooms = (span(one, "XRange") for one in told.iter(name(TT, "AbsoluteZoomPositionSpace")))
        zoom = next(zooms, None)
        for space in (_DEGREES, _GENERIC):
            if space in found:
                pan, tilt = (span(found[space], axis) for axis in ("XRange", "YRange"))
                kind = "degrees" if space == _DEGREES else "generic"
                return Node(space=space, spaces=kind, pan=pan, tilt=tilt, zoom=zoom)  # type: ignore[arg-type]
        return None

    async def presets(self, profile: str) -> list[PresetTold]:
        """Return the views it knows."""
        told = await self._ptz("GetPresets", profile)
        return [_preset(one) for one in list(told.iter(name(TPTZ, "Preset")))[:MOST] if one.get("token")]

    async def goto_preset(self, profile: str, token: str) -> None:
        """Return to a view it knows."""
        await self._ptz("GotoPreset", profile, f"<tptz:PresetToken>{escape(token)}</tptz:PresetToken>")

    async def move_to(self, profile: str, to: Position, space: str | None = None) -> None:
        """Turn to a position."""
        await self._ptz("AbsoluteMove", profile, f"<tptz:Position>{_vector(to, space)}</tptz:Position>")

    async def move_by(self, profile: str, by: Position) -> None:
        """Turn by so much."""
        await self._ptz("RelativeMove", profile, f"<tptz:Translation>{_vector(by)}</tptz:Translation>")

    async def move(self, profile: str, speed: Position, seconds: float) -> None:
        """Move at these speeds, from -1 to 1, for so long at most."""
        timeout = f"<tptz:Timeout>PT{max(1, round(seconds))}S</tptz:Timeout>"
        await self._ptz("ContinuousMove", profile, f"<tptz:Velocity>{_vector(speed)}</tptz:Velocity>{timeout}")

    async def stop(self, profile: str) -> None:
        """Stand still."""
        await self._ptz("Stop", profile, "<tptz:PanTilt>true</tptz:PanTilt><tptz:Zoom>true</tptz:Zoom>")

    async def status(self, profile: str) -> Status:
        """Return where it is turned, and whether it moves."""
        told = await self._ptz("GetStatus", profile)
        words = [text_of(one) for one in told.findall(f".//{name(TT, 'MoveStatus')}/*")]
        moving = None if not words or "UNKNOWN" in words else "MOVING" in words
        return Status(position=position(told.find(f".//{name(TT, 'Position')}")), moving=moving)

    # ── what its own analytics tell ──

    async def subscribe(self) -> PullPoint:
        """Open a pull point; it ends by itself after a minute in which it is neither pulled from nor renewed."""
        lasts = f"<tev:InitialTerminationTime>PT{LASTS_S}S</tev:InitialTerminationTime>"
        told = await self._ask(TEV, f"<tev:CreatePullPointSubscription>{lasts}</tev:CreatePullPointSubscription>")
        at = self.endpoint.led_to(text_of(told.find(f".//{name(WSA, 'Address')}")))
        return PullPoint(address=at, headers=_echoed(told.find(f".//{name(WSA, 'ReferenceParameters')}")))

    async def pull(self, point: PullPoint, wait_s: float = PULL_S) -> list[Notice]:
        """Wait for messages and return them; where a pull alone does not keep the pull point, renew it."""
        if point.due and point.renews:
            await self._renew(point)
        limit = f"<tev:Timeout>PT{max(1, round(wait_s))}S</tev:Timeout><tev:MessageLimit>{MOST}</tev:MessageLimit>"
        asked = f"<tev:PullMessages>{limit}</tev:PullMessages>"
        told = await self._at(point, _PULLED, asked, answer_s=wait_s + 5)
        left_s = lasts_s(told)
        point.due = left_s is not None and left_s < RENEWED_S
        return list(notices(told))[:MOST]

    async def unsubscribe(self, point: PullPoint) -> None:
        """Close a pull point."""
        await self._at(point, f"{_MANAGED}/UnsubscribeRequest", "<wsnt:Unsubscribe/>")

    async def _renew(self, point: PullPoint) -> None:
        asked = f"<wsnt:Renew><wsnt:TerminationTime>PT{LASTS_S}S</wsnt:TerminationTime></wsnt:Renew>"
        try:
            await self._at(point, f"{_MANAGED}/RenewRequest", asked)
        except OnvifError as error:
            if error.code != "refused":
                raise
            point.renews = False  # it cannot: once it ends it is opened anew

    async def _at(self, point: PullPoint, action: str, body: str, answer_s: float = ANSWER_S) -> Element:
        to = f"<wsa:Action>{action}</wsa:Action><wsa:To>{escape(point.address)}</wsa:To>{point.headers}"
        return await self.endpoint.call(point.address, body, header=to, answer_s=answer_s)

    # ── how it is asked ──

    async def _compare_clocks(self) -> None:
        asked = "<tds:GetSystemDateAndTime/>"
        try:
            told = await self.endpoint.call(self.endpoint.url, asked, signed=False)
        except OnvifError as error:
            if error.code != "unauthorized":
                raise
            told = await self._device(asked)  # some want to know who asks even for the time
        utc = told.find(f".//{name(TT, 'UTCDateTime')}")
        theirs = None if utc is None else moment(utc)
        if theirs is not None:
            self.endpoint.ahead = theirs - datetime.now(UTC)
            self.skew_s = round(self.endpoint.ahead.total_seconds(), 1)

    async def _device(self, body: str) -> Element:
        return await self.endpoint.call(self.endpoint.url, body)

    async def _ask(self, space: str, body: str) -> Element:
        if space not in self.services:
            raise OnvifError("unsupported", "The camera has no such service.")
        return await self.endpoint.call(self.services[space], body)

    async def _ptz(self, what: str, profile: str, body: str = "") -> Element:
        token = f"<tptz:ProfileToken>{escape(profile)}</tptz:ProfileToken>"
        return await self._ask(TPTZ, f"<tptz:{what}>{token}{body}</tptz:{what}>")


def _preset(told: Element) -> PresetTold:
    token = (told.get("token") or "")[:LONGEST]
    at = position(told.find(name(TT, "PTZPosition")))
    return PresetTold(token=token, name=text_of(told.find(name(TT, "Name"))) or token, position=at)


def _vector(to: Position, space: str | None = None) -> str:
    of = "" if space is None else f" space={quoteattr(space)}"
    zoom = "" if space is None else f" space={quoteattr(_ZOOM)}"
    return f'<tt:PanTilt x="{to.pan:.6f}" y="{to.tilt:.6f}"{of}/><tt:Zoom x="{to.zoom:.6f}"{zoom}/>'


def _echoed(reference: Element | None) -> str:
    """Return what a camera wants to hear again with every pull, to tell its pull points apart (WS-Addressing, 2.2)."""
    told = [] if reference is None else list(reference)
    for one in told:
        one.set(name(WSA, "IsReferenceParameter"), "true")
    said = "".join(tostring(one, encoding="unicode") for one in told)
    return said if len(said) <= LONGEST_ECHO else ""
