"""A copy of every checkpoint outside the store, one JSON line each: it shows where the store's own tail was cut."""

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo_server.audit.schema import Checkpoint, stamp

_TAIL_BYTES = 4096  # a line has some 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a line says: the checkpoint's number and hash; number 0 where the line cannot be read."""

    line: int
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Heads:
    """The file, `audit/heads.jsonl` of a home; only ever added to, each time down to the disk."""

    file: Path

    def last(self) -> Head | None:
        """Return the last whole line; None where there is no file or no line in it."""
        try:
            with self.file.open("rb") as lines:
                lines.seek(max(0, lines.seek(0, os.SEEK_END) - _TAIL_BYTES))
                tail = lines.read()
        except FileNotFoundError:
            return None
        whole = tail[: tail.rfind(b"\n") + 1].splitlines()
        return _head(0, whole[-1] if whole else b"") if tail else None

    def append(self, checkpoints: Sequence[Checkpoint], *, after: Head | None) -> None:
        """Add lines where the last one is still `after`; else another process of this home has added them."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.file.open("ab") as out:
            fcntl.flock(out, fcntl.LOCK_EX)  # until it is closed
            if self.last() != after:
                return
            self._drop_half_a_line()
            out.write(b"".join(_line(one) for one in checkpoints))
            out.flush()
            os.fsync(out.fileno())

    def read(self, until: int) -> Iterator[Head]:
        """Return every line of the first `until` bytes; the last without its end is one that was being written."""
        with self.file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                until -= len(line)
                if until < 0 or not line.endswith(b"\n"):
                    return
                yield _head(number, line)

    def size(self) -> int | None:
        """Return the size now, bytes; None where there is no file."""
        return self.file.stat().st_size if self.file.exists() else None

    def _drop_half_a_line(self) -> None:
        with self.file.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            start = max(0, size - _TAIL_BYTES)
            file.seek(start)
            end = file.read().rfind(b"\n") + 1
            if end or not start:  # else it is no half line but something strange, which stays for `verify` to find
                file.truncate(start + end)


def _line(one: Checkpoint) -> bytes:
    told = {
        "seq": one.seq,
        "at": stamp(one.at),
        "epoch": one.epoch,
        "from_xid": one.from_xid,
        "to_xid": one.to_xid,
        "leaves": one.leaves,
        "root": one.root.hex(),
        "before": one.before.hex(),
        "hash": one.hash.hex(),
        "signature": base64.b64encode(one.signature).decode(),
        "key_id": one.key_id,
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _head(number: int, line: bytes) -> Head:
    try:
        told = json.loads(line)
        return Head(line=number, seq=int(told["seq"]), hash=str(told["hash"]))
    except (ValueError, KeyError, TypeError):
        return Head(line=number, seq=0, hash="")
