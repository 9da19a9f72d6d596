"""The two media services: Media2, which alone tells of H.265, and the older Media, where a camera has no other."""

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from ingest.onvif.errors import OnvifError
from ingest.onvif.reading import LONGEST, text_of
from ingest.onvif.soap import TR2, TRT, TT, name
from ingest.onvif.values import Profile
from layers.hosts import authority

PORTS = {"rtsp": 554, "rtsps": 322}
NO_PICTURES = ("JPEG",)  # a stream of single pictures is neither recorded nor watched as it comes
ASKED = {
    TRT: "<trt:GetProfiles/>",
    TR2: "<tr2:GetProfiles><tr2:Type>VideoEncoder</tr2:Type><tr2:Type>PTZ</tr2:Type></tr2:GetProfiles>",
}


def profiles_in(told: Element, media: str, most: int) -> list[Profile]:
    """Return the profiles of an answer, the largest picture first."""
    found = [_profile(one, media) for one in list(told.iter(name(media, "Profiles")))[:most]]
    return sorted(found, key=lambda one: -one.width_px * one.height_px)


def streaming(profiles: list[Profile]) -> list[Profile]:
    """Return those that have a picture, and of these the ones that are video, where there are any."""
    pictured = [one for one in profiles if one.width_px and one.height_px]
    return [one for one in pictured if one.encoding not in NO_PICTURES] or pictured or profiles


def asked_stream(profile: str, media: str) -> str:
    """Return the question for the address of a profile's stream, by RTSP."""
    if media == TR2:
        token = f"<tr2:ProfileToken>{escape(profile)}</tr2:ProfileToken>"
        return f"<tr2:GetStreamUri><tr2:Protocol>RTSP</tr2:Protocol>{token}</tr2:GetStreamUri>"
    setup = "<tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
    token = f"<trt:ProfileToken>{escape(profile)}</trt:ProfileToken>"
    return f"<trt:GetStreamUri><trt:StreamSetup>{setup}</trt:StreamSetup>{token}</trt:GetStreamUri>"


def stream_in(told: Element, media: str, host: str) -> str:
    """Return the RTSP address of an answer, at the camera's own host, without any password."""
    address = text_of(told.find(f".//{name(*((TR2, 'Uri') if media == TR2 else (TT, 'Uri')))}"))
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise OnvifError("garbled", "The camera tells an address of a stream that is none.") from None
    if parts.scheme not in PORTS or not address.isprintable():
        raise OnvifError("garbled", "The camera tells an address of a stream that is not RTSP.")
    return parts._replace(netloc=authority(host, port)).geturl()


def _profile(told: Element, media: str) -> Profile:
    of, turns = (
        (
            f"{name(TR2, 'Configurations')}/{name(TR2, 'VideoEncoder')}",
            f"{name(TR2, 'Configurations')}/{name(TR2, 'PTZ')}",
        )
        if media == TR2
        else (name(TT, "VideoEncoderConfiguration"), name(TT, "PTZConfiguration"))
    )
    encoder, own = told.find(of), TR2 if media == TR2 else TT
    size = [_size(encoder, axis) for axis in ("Width", "Height")]
    return Profile(
        token=(told.get("token") or "")[:LONGEST],
        name=text_of(told.find(name(own, "Name"))),
        width_px=size[0],
        height_px=size[1],
        turns=told.find(turns) is not None,
        encoding="" if encoder is None else text_of(encoder.find(name(TT, "Encoding"))).upper(),
    )


def _size(encoder: Element | None, axis: str) -> int:
    told = "" if encoder is None else text_of(encoder.find(f"{name(TT, 'Resolution')}/{name(TT, axis)}"))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0
