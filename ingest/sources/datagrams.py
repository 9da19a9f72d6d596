"""MPEG-TS that is sent to a port of this machine, or to a group it joins: datagrams of whoever may be a camera."""

import io
import socket
import struct
from ipaddress import ip_address
from urllib.parse import urlsplit

from ingest.sources.networks import Networks
from ingest.sources.source import SourceError

BUFFER_BYTES = 4 * 2**20  # what the kernel keeps while a frame is decoded: 8 s of 4 Mbit/s
LARGEST = 65_536


def port_of(url: str) -> tuple[str, int]:
    """Return the group, empty for none, and the port of `udp://:5004` or `udp://239.1.2.3:5004`; else SourceError."""
    try:
        parts = urlsplit(url)
        group, port = (parts.hostname or "").lstrip("@"), parts.port or 0
        fits = parts.scheme == "udp" and port >= 1024 and (not group or ip_address(group).is_multicast)
    except ValueError:
        fits = False
    if not fits or ":" in group:
        raise SourceError("bad_drone_address")
    return group, port


class Datagrams(io.RawIOBase):
    """What arrives at a port, as a file that only goes forward; what others send is not looked at."""

    def __init__(self, url: str, networks: Networks, timeout_s: float) -> None:
        """Listen. SourceError where the port is taken."""
        self._networks, self._timeout_s = networks, timeout_s
        group, port = port_of(url)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(timeout_s)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        try:
            self._socket.bind((group, port))
            if group:
                member = struct.pack("4s4s", socket.inet_aton(group), bytes(4))
                self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        except OSError as error:
            self._socket.close()
            raise SourceError("port_taken", port=port, error=str(error.strerror)) from None

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next datagram of a camera. SourceError where none comes in time."""
        while True:
            try:
                data, (address, _) = self._socket.recvfrom(LARGEST if size < 0 else size)
            except TimeoutError:
                raise SourceError("drone_silent", seconds=self._timeout_s) from None
            if data and self._networks.allow(ip_address(address)):
                return data

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
        super().close()
