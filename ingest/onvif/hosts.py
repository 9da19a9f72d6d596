"""Where a camera's ONVIF may live: its address is hostile input, resolved and checked anew at every connection."""

import socket
from ipaddress import ip_address

from ingest.onvif.errors import OnvifError
from ingest.settings import settings_for


def check_host(host: str) -> str:
    """Return the IP address to connect to, the very one that was checked; this machine only in the demo.

    OnvifError where the name has none, or where no camera may live there.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OnvifError("unknown_host", f"{host} is not known: the name has no address.") from None
    for one in (str(each[4][0]).partition("%")[0] for each in found):
        if _may_be(one):
            return one
    raise OnvifError("forbidden_host", f"No camera may live at {host}.")


def _may_be(told: str) -> bool:
    address = ip_address(told)
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return settings_for(None).demo
    return not (address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved)
