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
        raise UnknownHost(f"{host} is not known: the name has no address.") from None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    allowed = next((one for one in addresses if networks.allow(ip_address(one))), None)
    if allowed is None:
        raise SourceError(f"No camera may live at {host}: the address is not one that is allowed.")
    return allowed


def connect(host: str, port: int, networks: Networks, timeout_s: float) -> socket.socket:
    """Connect to a host that cameras may live at; SourceError in one sentence where that cannot be."""
    address = resolved(host, networks)
    try:
        return socket.create_connection((address, port), timeout_s)
    except TimeoutError:
        raise SourceError(f"The camera did not answer within {timeout_s:g} s.") from None
    except ConnectionRefusedError:
        raise SourceError(f"{host}:{port} refuses the connection.") from None
    except OSError as error:
        raise SourceError(f"{host}:{port} cannot be reached: {error.strerror or type(error).__name__}.") from None


def is_address(url: str, schemes: frozenset[str]) -> bool:
    """Say whether that is an address with a host, of one of the schemes, and nothing hidden in it."""
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:  # a port that is none, half an IPv6 address
        return False
