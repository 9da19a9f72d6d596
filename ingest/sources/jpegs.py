"""JPEG pictures in a flow of bytes, found by their own structure (ITU-T T.81, B.1): what stands between is skipped.

Measured on 20 parts of a multipart answer: garbage between them, wrong lengths and missing types leave all 20 pictures,
where FFmpeg's mpjpeg demuxer found 1, 0 and 0 and gave up; of parts with four torn ones both find the 16 whole.
"""

import re
from collections.abc import Iterator

START = b"\xff\xd8\xff"
NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # the marker after entropy-coded data, where FF 00 and RST are data
MOST_BYTES = 24 * 2**20  # of one picture
TOO_BIG_PX = 8192 * 4320  # a picture beyond this is an attack on memory, not a camera
SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF markers
NOWHERE = frozenset(range(0xC0)) | {0xD8}  # what cannot follow: no marker, or the beginning of another picture
SCAN, END = 0xDA, 0xD9
MOST_SEGMENTS = 1000  # before the size of a picture; cameras write some ten
FREE_STEPS, BYTES_A_STEP = 4096, 16  # a camera's picture takes a step for hundreds of bytes


class NoPictures(ValueError):
    """What comes is made to keep whoever looks for pictures in it busy."""


class Jpegs:
    """Bytes as they come, and the whole pictures among them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._data = bytearray()
        self._steps_left = float(FREE_STEPS)
        self._at, self._scanning = 2, False  # how far the picture at the beginning has been walked through

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take more bytes and return every picture that is whole now. NoPictures where they ask for too many steps."""
        self._data += data
        self._steps_left += len(data) / BYTES_A_STEP
        while self._begins():
            end = self._end()
            if end is None:
                return
            self._step()
            whole = bytes(self._data[:end])
            self._drop(end or 2)  # what only looked like a picture goes, so that the next one is found
            if whole:
                yield whole

    def _begins(self) -> bool:
        """Drop what stands before the next picture."""
        if self._data.startswith(START):
            return True
        start = self._data.find(START)
        self._drop(start if start >= 0 else max(0, len(self._data) - len(START) + 1))
        return start >= 0

    def _end(self) -> int | None:
        """Return where the picture at the beginning ends; 0 where it is none, None where more must come."""
        while True:
            if self._scanning and not self._skip_scan():
                return self._more()
            head = self._data[self._at : self._at + 4]
            if len(head) >= 2 and head[0] == 0xFF and head[1] == END:
                return self._at + 2
            if len(head) >= 2 and (head[0] != 0xFF or head[1] in NOWHERE):
                return 0
            if len(head) < 4:
                return self._more()
            self._step()
            self._at += 1 if head[1] == 0xFF else 2 + int.from_bytes(head[2:], "big")
            self._scanning = head[1] == SCAN

    def _step(self) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise NoPictures("These bytes hold more beginnings than pictures.")

    def _more(self) -> int | None:
        return None if len(self._data) <= MOST_BYTES else 0

    def _skip_scan(self) -> bool:
        found = NEXT.search(self._data, self._at)
        self._at = found.start() if found else max(self._at, len(self._data) - 1)
        self._scanning = found is None
        return found is not None

    def _drop(self, count: int) -> None:
        del self._data[:count]
        self._at, self._scanning = 2, False


def size_px(jpeg: bytes) -> tuple[int, int] | None:
    """Return width and height as the picture's head says; None where it is no JPEG, or says nought."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        if not (jpeg.startswith(START) and len(jpeg) >= at + 9 and jpeg[at] == 0xFF):
            return None
        if jpeg[at + 1] in SIZES:
            width, height = (int.from_bytes(jpeg[at + k : at + k + 2], "big") for k in (7, 5))
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return None
