"""One camera by ONVIF: who it is, its profiles and streams, its clock, turning it, and what its own analytics tell."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from ingest.onvif.errors import OnvifError
from ingest.onvif.soap import TDS, TEV, TPTZ, TRT, TT, WSA, WSNT, Endpoint, name
from ingest.onvif.values import Device, Node, Notice, Position, PresetTold, Profile, Range, Status
from layers.hosts import authority

MOST = 256  # profiles, presets, messages at once: more than any camera has
LONGEST = 200  # of a word that a camera tells
LARGEST = 1e6  # of a number: no angle and no share is near it
PULL_S = 20.0  # a pull waits so long for a message, and a camera that is gone is noticed a little later
_DEGREES = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/SphericalPositionSpaceDegrees"
_GENERIC = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"
_ZOOM = "http://www.onvif.org/ver10/tptz/ZoomSpaces/PositionGenericSpace"
_PULLED = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest"


@dataclass(slots=True)
class Camera:
    """A camera that has been met: `open` asks it who it is and where its services are."""

    endpoint: Endpoint
    services: dict[str, str] = field(default_factory=dict)  # by namespace, at the camera's own host
    skew_s: float | None = None  # of its clock, ahead of ours

    async def open(self) -> "Camera":
        """Compare the clocks, for a digest is of its moment, and ask for the services; raises OnvifError."""
        await self._compare_clocks()
        asked = "<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>"
        told = await self._device(asked)
        for local, space in (("Media", TRT), ("PTZ", TPTZ), ("Events", TEV)):
            found = told.find(f".//{name(TT, local)}/{name(TT, 'XAddr')}")
            if found is not None and found.text:
                self.services[space] = self.endpoint.led_to(found.text.strip())
        return self

    async def device(self) -> Device:
        """Return who made it."""
        told = await self._device("<tds:GetDeviceInformation/>")
        words = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber")
        maker, model, firmware, serial = (_text(told.find(name(TDS, word))) for word in words)
        return Device(maker=maker, model=model, firmware=firmware, serial=serial)

    async def profiles(self) -> list[Profile]:
        """Return the media profiles, the largest picture first."""
        told = await self._ask(TRT, "<trt:GetProfiles/>")
        found = [_profile(one) for one in list(told.iter(name(TRT, "Profiles")))[:MOST]]
        return sorted(found, key=lambda one: -one.width_px * one.height_px)

    async def stream_url(self, profile: str) -> str:
        """Return the RTSP address of a profile's stream, at the camera's own host, without any password."""
        setup = "<tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
        token = f"<trt:ProfileToken>{escape(profile)}</trt:ProfileToken>"
        asked = f"<trt:GetStreamUri><trt:StreamSetup>{setup}</trt:StreamSetup>{token}</trt:GetStreamUri>"
        told = _text((await self._ask(TRT, asked)).find(f".//{name(TT, 'Uri')}"))
        try:
            parts = urlsplit(told)
            port = parts.port or 554
        except ValueError:
            raise OnvifError("garbled", "The camera tells an address of a stream that is none.") from None
        if parts.scheme not in ("rtsp", "rtsps"):
            raise OnvifError("garbled", "The camera tells an address of a stream that is not RTSP.")
        return parts._replace(netloc=authority(urlsplit(self.endpoint.url).hostname or "", port)).geturl()

    # ── turning ──

    async def node(self) -> Node | None:
        """Return what it can do by absolute moves, None where it cannot."""
        told = await self._ask(TPTZ, "<tptz:GetNodes/>")
        spaces = list(told.iter(name(TT, "AbsolutePanTiltPositionSpace")))
        found = {_text(one.find(name(TT, "URI"))): one for one in spaces}
        zooms = (_range(one, "XRange") for one in told.iter(name(TT, "AbsoluteZoomPositionSpace")))
        zoom = next(zooms, None)
        for space in (_DEGREES, _GENERIC):
            if space in found:
                pan, tilt = (_range(found[space], axis) for axis in ("XRange", "YRange"))
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
        words = [_text(one) for one in told.findall(f".//{name(TT, 'MoveStatus')}/*")]
        moving = None if not words or "UNKNOWN" in words else "MOVING" in words
        return Status(position=_position(told.find(f".//{name(TT, 'Position')}")), moving=moving)

    # ── what its own analytics tell ──

    async def subscribe(self) -> str:
        """Open a pull point and return its address; it ends by itself after a minute without a pull."""
        lasts = "<tev:InitialTerminationTime>PT60S</tev:InitialTerminationTime>"
        told = await self._ask(TEV, f"<tev:CreatePullPointSubscription>{lasts}</tev:CreatePullPointSubscription>")
        return self.endpoint.led_to(_text(told.find(f".//{name(WSA, 'Address')}")))

    async def pull(self, point: str, wait_s: float = PULL_S) -> list[Notice]:
        """Wait for messages and return them; each pull keeps the pull point for another minute."""
        limit = f"<tev:Timeout>PT{max(1, round(wait_s))}S</tev:Timeout><tev:MessageLimit>{MOST}</tev:MessageLimit>"
        to = f"<wsa:Action>{_PULLED}</wsa:Action><wsa:To>{escape(point)}</wsa:To>"
        asked = f"<tev:PullMessages>{limit}</tev:PullMessages>"
        told = await self.endpoint.call(point, asked, header=to, answer_s=wait_s + 5)
        return list(_notices(told))[:MOST]

    async def unsubscribe(self, point: str) -> None:
        """Close a pull point."""
        await self.endpoint.call(point, "<wsnt:Unsubscribe/>")

    # ── how it is asked ──

    async def _compare_clocks(self) -> None:
        told = await self._device("<tds:GetSystemDateAndTime/>")
        utc = told.find(f".//{name(TT, 'UTCDateTime')}")
        moment = None if utc is None else _moment(utc)
        if moment is not None:
            self.endpoint.ahead = moment - datetime.now(UTC)
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


def _text(found: Element | None) -> str:
    return "" if found is None else (found.text or "").strip()[:LONGEST]


def _number(told: str | None) -> float:
    """Return a finite number; OnvifError where it is none."""
    try:
        number = float((told or "").strip()[:30])
    except ValueError:
        number = math.nan
    if not abs(number) < LARGEST:
        raise OnvifError("garbled", "The camera tells a number that is none.")
    return number


def _moment(utc: Element) -> datetime | None:
    words = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    try:
        year, month, day, hour, minute, second = (int(_text(utc.find(f".//{name(TT, word)}"))) for word in words)
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if abs(moment - datetime.now(UTC)) < timedelta(days=36_525) else None


def _profile(told: Element) -> Profile:
    size = [_text(told.find(f".//{name(TT, 'Resolution')}/{name(TT, axis)}")) for axis in ("Width", "Height")]
    width_px, height_px = (int(one) if one.isascii() and one.isdigit() and len(one) < 6 else 0 for one in size)
    return Profile(
        token=(told.get("token") or "")[:LONGEST],
        name=_text(told.find(name(TT, "Name"))),
        width_px=width_px,
        height_px=height_px,
        turns=told.find(name(TT, "PTZConfiguration")) is not None,
    )


def _preset(told: Element) -> PresetTold:
    token = (told.get("token") or "")[:LONGEST]
    position = _position(told.find(name(TT, "PTZPosition")))
    return PresetTold(token=token, name=_text(told.find(name(TT, "Name"))) or token, position=position)


def _position(told: Element | None) -> Position | None:
    turned = None if told is None else told.find(name(TT, "PanTilt"))
    if told is None or turned is None:
        return None
    zoom = told.find(name(TT, "Zoom"))
    pan, tilt = _number(turned.get("x")), _number(turned.get("y"))
    return Position(pan=pan, tilt=tilt, zoom=0.0 if zoom is None else _number(zoom.get("x")))


def _range(told: Element, axis: str) -> Range:
    ends = [_text(told.find(f"{name(TT, axis)}/{name(TT, end)}")) for end in ("Min", "Max")]
    low, high = map(_number, ends)
    if not low < high:
        raise OnvifError("garbled", "The camera tells an axis that goes nowhere.")
    return Range(low=low, high=high)


def _vector(to: Position, space: str | None = None) -> str:
    of = "" if space is None else f" space={quoteattr(space)}"
    zoom = "" if space is None else f" space={quoteattr(_ZOOM)}"
    return f'<tt:PanTilt x="{to.pan:.6f}" y="{to.tilt:.6f}"{of}/><tt:Zoom x="{to.zoom:.6f}"{zoom}/>'


def _notices(told: Element) -> Iterator[Notice]:
    for one in told.iter(name(WSNT, "NotificationMessage")):
        message = one.find(f".//{name(TT, 'Message')}")
        topic = _topic(_text(one.find(name(WSNT, "Topic"))))
        if message is None or not topic:
            continue
        items = {item.get("Name", ""): item.get("Value", "")[:LONGEST] for item in message.iter(name(TT, "SimpleItem"))}
        at, operation = message.get("UtcTime"), message.get("PropertyOperation")
        yield Notice(topic=topic, at=at, items=dict(list(items.items())[:50]), operation=operation)


def _topic(told: str) -> str:
    """Return the topic in one spelling: whatever prefix the camera chose for ONVIF's namespace, it is `tns1` here."""
    plain = "/".join(step.partition(":")[2] or step for step in told.split("/"))
    return f"tns1:{plain}" if plain else ""
