"""The chain of a camera's recordings: each closed file's hash takes in the one before, so that none can be left out."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from layers.evidence import chain_text

FIRST = bytes(32)  # what stands before the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What of a closed file goes into the chain; times in UTC, `previous` the chain's hash before it."""

    code: str  # of the camera
    path: str
    begins_at: datetime
    ends_at: datetime
    size: int  # bytes
    sha256: bytes
    number: int
    previous: bytes = FIRST

    @property
    def text(self) -> bytes:
        """Return the line that is hashed; an export repeats it, so that whoever verifies needs no store."""
        return chain_text(self.told)

    @property
    def told(self) -> dict[str, int | str]:
        """Return what the line is made of, as an export tells it."""
        begins_at, ends_at = (
            at.astimezone(UTC).isoformat(timespec="microseconds") for at in (self.begins_at, self.ends_at)
        )
        return {
            "number": self.number,
            "camera": self.code,
            "path": self.path,
            "begins_at": begins_at,
            "ends_at": ends_at,
            "bytes": self.size,
            "sha256": self.sha256.hex(),
            "previous_sha256": self.previous.hex(),
        }

    @property
    def chained(self) -> bytes:
        """Return the chain's hash with this file in it."""
        return hashlib.sha256(self.text).digest()


def broken(links: list[Link], told: list[bytes]) -> int | None:
    """Return the number of the first link whose told hash is not its own or does not follow; None where all hold."""
    previous = links[0].previous if links else FIRST
    for link, chained in zip(links, told, strict=True):
        if link.previous != previous or link.chained != chained:
            return link.number
        previous = chained
    return None
