"""A camera's address is hostile input: it is checked at every connection, and what was checked is connected to."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from ingest.sources.networks import Networks
from ingest.sources.source import SourceError


class UnknownHost(SourceError):
    """The name has no address."""


def resolved(host: str, networks: Networks) -> str:
    """Resolve a host and return the address to connect to, which is the one that was checked.

    SourceError where there is none, or no camera may live there.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnknownHost("unknown_host", host=host) from None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    allowed = next((one for one in addresses if networks.allow(ip_address(one))), None)
    if allowed is None:
        raise SourceError("forbidden_host", host=host)
    return allowed


def connect(host: str, port: int, networks: Networks, timeout_s: float) -> socket.socket:
    """Connect to a host that cameras may live at; SourceError in one sentence where that cannot be."""
    address = resolved(host, networks)
    try:
        return socket.create_connection((address, port), timeout_s)
    except TimeoutError:
        raise SourceError("no_answer", seconds=timeout_s) from None
    except ConnectionRefusedError:
        raise SourceError("refused", host=f"{host}:{port}") from None
    except OSError as error:
        raise unreachable(host, port, error) from None


def unreachable(host: str, port: int, error: OSError) -> SourceError:
    """Return the sentence for a connection that cannot be made, or breaks at once."""
    return SourceError("unreachable", host=f"{host}:{port}", error=error.strerror or type(error).__name__)


def is_address(url: str, schemes: frozenset[str]) -> bool:
    """Say whether that is an address with a host, of one of the schemes, and nothing hidden in it."""
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:  # a port that is none, half an IPv6 address
        return False
