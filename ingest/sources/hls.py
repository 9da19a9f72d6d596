"""Cameras that publish HLS: the playlist and its segments are fetched by us, so that each address is checked.

FFmpeg's own HLS reader would follow a playlist anywhere; it is given the bytes of segments and nothing to follow.
"""

import io
import time
from collections.abc import Iterator
from typing import Any

from ingest.sources.addresses import is_address
from ingest.sources.following import follow
from ingest.sources.http import SCHEMES, answered, beyond, body, hop
from ingest.sources.networks import Networks
from ingest.sources.opening import CODECS, QUICKLY, opened
from ingest.sources.pace import Pace
from ingest.sources.playlist import Playlist, Segment, parsed
from ingest.sources.source import Reading, Source, SourceError, SourceSettings

MOST_LIST_BYTES, MOST_SEGMENT_BYTES = 2**20, 64 * 2**20
MOST_VARIANTS = 3  # playlists that lead to playlists
BEHIND = 2  # segments before the newest that a live stream is joined at


def hls(settings: SourceSettings) -> Source:
    """Make the reader of a playlist at `http://` or `https://`. SourceError for any other address."""
    if not is_address(settings.url, SCHEMES):
        raise SourceError("bad_address", form="http://host/name")
    return Reading(settings, _read)


def _read(reading: Reading) -> None:
    coming = _Coming(reading)
    while (first := coming.next()) is not None and not reading.stopping.is_set():
        joined = _Joined(coming, first)
        kind = "mp4" if first.head_url else "mpegts"
        options = {"codec_whitelist": CODECS, **QUICKLY}
        timeout_s = reading.settings.timeout_s + 3 * coming.target_s
        asked: dict[str, Any] = {"timeout_s": timeout_s, "options": options, "kind": kind}
        with opened(joined, protocols="", who=reading.settings.url, **asked) as container:
            follow(reading, container, paced=Pace(reading.stopping).wait)


class _Coming:
    """The segments of a playlist in their order, as they are published."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._url = reading.settings.url
        self._networks = reading.settings.networks  # that the playlist may lead into
        self._number: int | None = None  # of the last segment given
        self._waiting: list[Segment] = []
        self._ended = False
        self.target_s = 6.0

    def next(self) -> Segment | None:
        """Return the next segment, waiting for it; None where no more come."""
        began, timeout_s = time.monotonic(), self._reading.settings.timeout_s
        while not self._waiting and not self._ended:
            self._look()
            if time.monotonic() - began > timeout_s + 3 * self.target_s:
                raise SourceError("list_ended")
            if not self._waiting and self._reading.stopping.wait(self.target_s / 2):
                return None
        return self._waiting.pop(0) if self._waiting else None

    def put_back(self, segment: Segment) -> None:
        """Let that one be the next again."""
        self._waiting.insert(0, segment)

    def fetch(self, url: str) -> bytes:
        """Fetch what lies at an address of the playlist."""
        return self._fetched(hop(self._url, url), MOST_SEGMENT_BYTES)[0]

    def _fetched(self, url: str, most_bytes: int) -> tuple[bytes, Networks]:
        timeout_s = self._reading.settings.timeout_s
        with answered(url, self._networks, timeout_s) as response:
            networks = beyond(response, self._networks)
            return body(response, most_bytes=most_bytes, most_s=timeout_s + 2 * self.target_s), networks

    def _look(self) -> None:
        found = self._playlist()
        self.target_s, self._ended = found.target_s, found.ended
        last = found.segments[-1].number if found.segments else 0
        if self._number is None or last < self._number:  # the first look, or the camera has begun anew
            self._waiting = list(found.segments if found.ended else found.segments[-BEHIND:])
        else:
            self._waiting = [one for one in found.segments if one.number > self._number]
        self._number = last if found.segments else self._number

    def _playlist(self) -> Playlist:
        for _ in range(MOST_VARIANTS):
            text, self._networks = self._fetched(self._url, MOST_LIST_BYTES)
            found = parsed(text.decode("utf-8", "replace"))
            if isinstance(found, Playlist):
                return found
            self._url = hop(self._url, found.url)
        raise SourceError("list_endless")


class _Joined(io.RawIOBase):
    """The bytes of segments that belong together, one after the other, as a file that only goes forward."""

    def __init__(self, coming: _Coming, first: Segment) -> None:
        self._pieces = self._read(coming, first)
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
        taken, self._piece = self._piece[:size], self._piece[size:]
        return bytes(taken)

    def _read(self, coming: _Coming, segment: Segment | None) -> Iterator[bytes]:
        head_url = segment.head_url if segment else None
        if head_url:
            yield coming.fetch(head_url)
        while segment is not None:
            yield coming.fetch(segment.url)
            segment = coming.next()
            if segment is not None and (segment.begins_anew or segment.head_url != head_url):
                return coming.put_back(segment)
