"""Where the door for video is: the one other address that the windows may reach."""

import re
from urllib.parse import urlsplit

from layers.hosts import LOOPBACK, authority

ANYWHERE = ("0.0.0.0", "::")  # a door that listens on every address of its machine has none of its own
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


def as_asked(address: str, host_header: str) -> str:
    """Return the door's address as whoever asked this server by `host_header` reaches it.

    Loopback has three names, and a machine that listens everywhere has any: the one asked by is kept, so that the
    browser counts both doors as one site.
    """
    parts = urlsplit(address)
    asked = host_header.rpartition(":")[0] if re.search(r":\d+$", host_header) else host_header
    known = parts.hostname in ANYWHERE or (parts.hostname in LOOPBACK and asked.strip("[]") in LOOPBACK)
    host = asked.strip("[]") if known and _HOST.fullmatch(asked) else parts.hostname or ""
    return f"{parts.scheme}://{authority(host, parts.port or 0)}"


def as_socket(address: str) -> str:
    """Return an http address as a websocket's."""
    return "ws" + address.removeprefix("http")
