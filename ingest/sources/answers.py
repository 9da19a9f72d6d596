"""What a camera answers over RTSP before media flows: a redirect is caught, other ways out are closed; pure.

FFmpeg follows a redirect wherever it leads while it opens a stream, and never after it has asked to PLAY.
"""

import re

REDIRECT = re.compile(rb"RTSP/\S*\s+\+?0*3\d\d(?!\d)", re.IGNORECASE)
LOCATION = re.compile(rb"^[ \t]*Location:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
SOURCE = re.compile(rb";[ \t]*(source|destination)=[^;,\r\n]*", re.IGNORECASE)  # where FFmpeg would send packets of UDP
PORT = re.compile(rb"server_port=\d+(-\d+)?", re.IGNORECASE)
TRANSPORT = b"transport:"
WINDOW = 8192  # bytes; FFmpeg's own lines are half as long at most
LONGEST = 64 * 2**10  # bytes of a redirect


class Answers:
    """The camera's words, as they come."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._tail = self._rest = self._redirect = b""
        self.flows = False  # media, from here on: nothing is looked at any longer

    @property
    def leads_to(self) -> str | None:
        """Return where a redirect leads, empty where it does not say; None where there is none."""
        if not self._redirect:
            return None
        found = LOCATION.search(self._redirect)
        return found[1].decode("latin-1") if found else ""

    @property
    def done(self) -> bool:
        """Say whether a redirect has been heard to its end."""
        said = self._redirect
        return bool(said) and (b"\n\r\n" in said or b"\n\n" in said or len(said) > LONGEST)

    def asked(self, data: bytes) -> None:
        """Note what FFmpeg asks for: from PLAY on nothing leads elsewhere."""
        self.flows = self.flows or data.startswith(b"PLAY ")

    def passed(self, data: bytes) -> bytes:
        """Return what of it FFmpeg may hear."""
        data, self._rest = self._rest + data, b""
        if self.flows:
            return data
        if self._redirect:
            self._redirect += data
            return b""
        return self._searched(data)

    def _searched(self, data: bytes) -> bytes:
        window = self._tail + data
        if found := REDIRECT.search(window):
            self._redirect = window[found.start() :]
            return b""
        whole, newline, last = data.rpartition(b"\n")
        begins = bool(newline) or not self._tail or self._tail.endswith(b"\n")
        if last and begins and _may_be_transport(last):
            self._rest, data = last, whole + newline
        self._tail = (self._tail + data)[-WINDOW:]
        return b"\n".join(map(_tamed, data.split(b"\n")))


def _may_be_transport(line: bytes) -> bool:
    line = line.lower()
    return len(line) < WINDOW and (line.startswith(TRANSPORT) or TRANSPORT.startswith(line))


def _tamed(line: bytes) -> bytes:
    """Return a line that sends no packet anywhere: port 9 discards (RFC 863)."""
    if not line.lower().startswith(TRANSPORT):
        return line
    return PORT.sub(b"server_port=9-9", SOURCE.sub(b"", line))
