"""Cameras over RTSP, by TCP or UDP: reconnected by themselves, each time to an address that has just been checked."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from urllib.parse import urlsplit

from av.container import InputContainer

from ingest.sources.addresses import is_address
from ingest.sources.following import follow
from ingest.sources.networks import Networks
from ingest.sources.opening import CODECS, opened
from ingest.sources.reaching import Redirected
from ingest.sources.relay import relayed
from ingest.sources.source import Reading, Source, SourceError, SourceSettings

SCHEMES = frozenset({"rtsp", "rtsps"})
MOST_HOPS = 3


def rtsp(settings: SourceSettings) -> Source:
    """Make the reader of `rtsp://` or `rtsps://`. SourceError for any other address."""
    check(settings)
    return Reading(settings, partial(read_rtsp, then=follow))


def check(settings: SourceSettings) -> None:
    """Raise SourceError where the address is none of RTSP's."""
    if not is_address(settings.url, SCHEMES):
        raise SourceError("bad_address", form="rtsp://host/name")


def read_rtsp(reading: Reading, *, then: Callable[[Reading, InputContainer], None]) -> None:
    """Open the stream, wherever it leads within what is allowed, and follow it by `then`."""
    options = {"codec_whitelist": CODECS}
    options["max_delay"] = "500000"  # microseconds that UDP's packets may come out of order
    options["fpsprobesize"] = "0"  # its frame rate is not asked for: open in 0.2 s, not after twenty frames
    with connected(reading.settings, options) as container:
        then(reading, container)


@contextmanager
def connected(settings: SourceSettings, options: dict[str, str]) -> Iterator[InputContainer]:
    """Open the camera's stream for as long as the block lasts, wherever its address leads, each hop of it checked.

    SourceError says in one sentence why that cannot be.
    """
    url, networks = settings.url, settings.networks
    for _ in range(MOST_HOPS):
        stack = ExitStack()
        try:
            with stack:
                container = stack.enter_context(_at(settings, url, networks, options))
                stack = stack.pop_all()
        except Redirected as elsewhere:
            url, networks = hop(url, elsewhere.url), elsewhere.networks
            continue
        with stack:
            yield container
        return
    raise SourceError("endless")


@contextmanager
def _at(settings: SourceSettings, url: str, networks: Networks, options: dict[str, str]) -> Iterator[InputContainer]:
    asked = {**options, "rtsp_transport": settings.transport}
    with (
        relayed(url, networks, settings.timeout_s, prompt=settings.prompt) as near,
        opened(
            near,
            protocols="rtsp,rtp,tcp,udp",
            timeout_s=settings.timeout_s,
            options=asked,
            who=settings.url,
        ) as container,
    ):
        yield container


def hop(url: str, to: str) -> str:
    """Return the address a camera leads to; the password goes no further than its own host, and nothing leaves TLS."""
    if not is_address(to, SCHEMES):
        raise SourceError("bad_hop")
    here, there = urlsplit(url), urlsplit(to)
    if here.scheme == "rtsps" and there.scheme == "rtsp":
        raise SourceError("away_from_tls")
    login, at, _ = here.netloc.rpartition("@")
    place = there.netloc.rpartition("@")[2]
    return there._replace(netloc=login + at + place if here.hostname == there.hostname else place).geturl()
