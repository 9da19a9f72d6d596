"""The frozen values of the audit, and the one text of an entry over which its leaf is taken."""

import hashlib
import json
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from geo_server.audit.merkle import leaf_hash
from layers.values import Role, Title

Outcome = Literal["done", "refused"]
_SEEN = struct.Struct(">q4s")
_write_down = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_STRANGE = re.compile("[\0\ud800-\udfff]")

# What the leaf covers, in this order. The id, the epoch and the transaction are the store's to give, when the leaf is
# made already: the seal binds them.
COVERED = (
    "at",
    "account_id",
    "who",
    "role",
    "area_id",
    "operation",
    "outcome",
    "code",
    "layer",
    "object_id",
    "purpose",
    "origin",
    "details",
    "commitments",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One look or act to write down: who, as what, for which area, what, about which object, why, from where.

    `area_id` is the actor's area, None where nobody had come in yet; `code` is a refusal's; `personal` holds values
    of persons (a phone, a name that was typed), which are kept apart and can be erased.
    """

    operation: str
    who: str
    outcome: Outcome = "done"
    code: str | None = None
    account_id: int | None = None
    role: Role | None = None
    area_id: int | None = None
    layer: str | None = None
    object_id: int | None = None
    purpose: Mapping[str, Any] | None = None
    origin: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry as a search answers it; personal values are not in it."""

    id: int
    at: datetime
    who: str
    role: str | None
    area_id: int | None
    area_name: Title | None
    operation: str
    outcome: Outcome
    code: str | None
    layer: str | None
    object_id: int | None
    purpose: Mapping[str, Any] | None
    origin: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a search asks for: times UTC, `since` included and `until` not; `after` is the id of the page before."""

    since: datetime | None = None
    until: datetime | None = None
    who: str | None = None
    operation: str | None = None
    layer: str | None = None
    object_id: int | None = None
    outcome: Outcome | None = None
    after: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what was asked as the audit keeps it."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: plain(value) for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A row as the seal takes it: its place in the store, and the hash of all the rest."""

    id: int
    xid: int
    leaf: bytes

    @property
    def hash(self) -> bytes:
        """Return what the Merkle tree takes in: an entry moved to another id or transaction has another."""
        return leaf_hash(struct.pack(">qq", self.id, self.xid) + self.leaf)

    @property
    def seen(self) -> bytes:
        """Return what the witness keeps of it."""
        return _SEEN.pack(self.id, self.hash[:4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What was sealed: the entries of one epoch's transactions `from_xid` ≤ xid < `to_xid`, and the one before it."""

    seq: int
    at: datetime
    epoch: int
    from_xid: int
    to_xid: int
    leaves: int
    root: bytes
    before: bytes
    signature: bytes = b""
    key_id: str = ""
    witness: bytes = b""

    @property
    def sealed(self) -> dict[int, bytes]:
        """Return the ids that were sealed, each with the beginning of its hash; empty where the witness is bent."""
        whole = len(self.witness) - len(self.witness) % _SEEN.size
        return dict(_SEEN.iter_unpack(self.witness[:whole]))

    @property
    def text(self) -> bytes:
        """Return what is signed."""
        parts = (self.seq, stamp(self.at), self.epoch, self.from_xid, self.to_xid, self.leaves)
        return "|".join([*map(str, parts), self.root.hex(), self.before.hex()]).encode()

    @property
    def hash(self) -> bytes:
        """Return what the next checkpoint names as `before`."""
        return hashlib.sha256(self.text).digest()


def stamp(at: datetime) -> str:
    """Return a time as the audit writes it everywhere: UTC, to the microsecond."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(value: Any) -> Any:
    """Return a value as the store's JSON gives it back unchanged, so that its text can be made again.

    A float that is a whole number becomes that number (1e16 comes back from the store as one), NaN and infinities
    null; what the store cannot keep in a text (NUL, half a character) becomes U+FFFD; the rest its text.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return None if not math.isfinite(value) else int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return storable(str(value))


def storable(text: str) -> str:
    """Return the text with U+FFFD for what PostgreSQL does not keep: an act is not lost to a strange letter."""
    return _STRANGE.sub("\ufffd", text)


def canonical(row: Mapping[str, Any]) -> bytes:
    """Return the one text of a row of plain values: what the leaf covers as a JSON array, keys sorted, UTF-8."""
    return _write_down.encode([stamp(row["at"]), *map(row.__getitem__, COVERED[1:])]).encode()


def leaf_of(row: Mapping[str, Any]) -> bytes:
    """Return the hash of an entry's text; the zero before it keeps leaves and nodes apart (RFC 6962, 2.1)."""
    return leaf_hash(canonical(row))


def commitment(salt: bytes, value: str) -> str:
    """Return, in hex, what stays of a personal value: without its salt of 32 bytes nobody can guess it."""
    return hashlib.sha256(salt + value.encode()).hexdigest()
