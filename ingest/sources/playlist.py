"""HLS playlists (RFC 8216), as far as cameras need them; pure. They are hostile input like all that streams in."""

import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.sources.source import SourceError

ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
LEAST_HEIGHT_PX = 360  # what rules see enough in; among the variants the cheapest with so much is taken
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of the stream: where it lies, its number, what must be read before it, and whether it begins anew."""

    url: str
    number: int
    head_url: str | None
    begins_anew: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """The segments there are now, so many seconds each at most, and whether no more will come."""

    segments: tuple[Segment, ...]
    target_s: float
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """A playlist of playlists; the one to be read."""

    url: str


def parsed(text: str) -> Playlist | Variants:
    """Return what a playlist says, addresses as they stand in it. SourceError where it is none or not readable here."""
    lines = [line.strip() for line in text.splitlines()[:MOST_LINES] if line.strip()]
    if not lines or lines[0].lstrip("\ufeff") != "#EXTM3U":
        raise SourceError("no_playlist")
    if any(line.startswith("#EXT-X-STREAM-INF:") for line in lines):
        return Variants(url=_chosen(lines))
    return _playlist(lines)


def _playlist(lines: list[str]) -> Playlist:
    number, head, anew = _number(lines), None, False
    segments: list[Segment] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "#EXT-X-KEY" and _attributes(value).get("METHOD", "NONE") != "NONE":
            raise SourceError("list_encrypted")
        if name == "#EXT-X-BYTERANGE" or (name == "#EXT-X-MAP" and "BYTERANGE" in _attributes(value)):
            raise SourceError("list_pieces")
        head = _attributes(value).get("URI") if name == "#EXT-X-MAP" else head
        anew = anew or name == "#EXT-X-DISCONTINUITY"
        if not line.startswith("#"):
            segments.append(Segment(url=line, number=number + len(segments), head_url=head, begins_anew=anew))
            anew = False
    return Playlist(segments=tuple(segments), target_s=_target_s(lines), ended="#EXT-X-ENDLIST" in lines)


def _told(lines: list[str], name: str, default: float) -> float:
    value = next((line.partition(":")[2] for line in lines if line.startswith(name + ":")), "")
    return float(value) if re.fullmatch(r"\d{1,18}(\.\d+)?", value) else default


def _number(lines: list[str]) -> int:
    return int(_told(lines, "#EXT-X-MEDIA-SEQUENCE", 0))


def _target_s(lines: list[str]) -> float:
    return min(max(_told(lines, "#EXT-X-TARGETDURATION", 6), 0.5), 60.0)


def _attributes(text: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in ATTRIBUTE.findall(text)}


def _chosen(lines: list[str]) -> str:
    found: list[tuple[bool, int, str]] = []
    for line, after in pairwise(lines):
        if line.startswith("#EXT-X-STREAM-INF:") and not after.startswith("#"):
            told = _attributes(line)
            height, rate = told.get("RESOLUTION", "").partition("x")[2], told.get("BANDWIDTH", "")
            small = height.isdecimal() and int(height[:6]) < LEAST_HEIGHT_PX
            found.append((small, int(rate[:12]) if rate.isdecimal() else 0, after))
    if not found:
        raise SourceError("list_empty")
    return min(found)[2]
