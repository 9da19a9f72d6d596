"""Whether a camera speaks RTSP at all, asked before its stream is opened.

Only so many streams are opened at once, and who takes a connection and says nothing would keep that turn from others
until its timeout. So each is asked for its OPTIONS first, as often at once as there are cameras.
"""

import re
import socket
import time
from urllib.parse import urlsplit

from ingest.sources.source import SourceError

LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,6})", re.IGNORECASE | re.MULTILINE)
END = re.compile(rb"\r?\n\r?\n")
LONGEST = 64 * 2**10  # bytes of an answer


def first_word(camera: socket.socket, url: str, timeout_s: float) -> bytes:
    """Return what a camera answers when it is asked for its OPTIONS, whole, whatever it is.

    SourceError where nothing whole comes in time. OSError where the connection breaks.
    """
    parts = urlsplit(url)
    asked = parts._replace(scheme="rtsp", netloc=parts.netloc.rpartition("@")[2]).geturl()
    until_s = time.monotonic() + timeout_s
    camera.sendall(f"OPTIONS {asked} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
    said = b""
    while not _is_whole(said):
        camera.settimeout(max(0.001, until_s - time.monotonic()))
        try:
            part = camera.recv(4096)
        except TimeoutError:
            raise SourceError("no_answer", seconds=timeout_s) from None
        if not part or len(said) > LONGEST:
            raise SourceError("no_video")
        said += part
    return said


def _is_whole(said: bytes) -> bool:
    end = END.search(said)
    length = LENGTH.search(said, 0, end.end()) if end else None
    return end is not None and len(said) - end.end() >= (int(length[1]) if length else 0)
