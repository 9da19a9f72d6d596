"""Every question about sources and their keys."""

import hashlib
import hmac
import secrets

from sqlalchemy import insert, select, update

from layers.database import Session
from layers.sources.schema import Source, SourceKind
from layers.sources.table import source


def digest(key: str) -> bytes:
    """Return what the store keeps of a key. A key has 256 random bits, so one plain round of SHA-256 is enough."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


async def by_key(session: Session, key_sha256: bytes) -> Source | None:
    """Return the source that key belongs to, disabled ones too."""
    row = (await session.execute(select(source).where(source.c.key_sha256 == key_sha256))).one_or_none()
    if row is None or not hmac.compare_digest(bytes(row.key_sha256), key_sha256):
        return None
    return Source(id=row.id, name=row.name, kind=row.kind, area_id=row.area_id, enabled=row.enabled)


async def create(session: Session, *, name: str, kind: SourceKind, area_id: int) -> str:
    """Add a source and return its new key, which is told this once; raises IntegrityError where the name is taken."""
    key = secrets.token_urlsafe(32)
    row = {"name": name, "kind": kind, "area_id": area_id, "key_sha256": digest(key)}
    await session.execute(insert(source).values(row))
    return key


async def renew(session: Session, name: str) -> str:
    """Give a source a new key in place of its old one and return it; LookupError where there is none."""
    key = secrets.token_urlsafe(32)
    done = await session.execute(update(source).where(source.c.name == name).values(key_sha256=digest(key)))
    if done.rowcount != 1:
        raise LookupError(f"There is no source named {name!r}.")
    return key


async def enable(session: Session, name: str, *, enabled: bool) -> None:
    """Let a source send, or stop it once the doors forget its key (seconds); LookupError where there is none."""
    done = await session.execute(update(source).where(source.c.name == name).values(enabled=enabled))
    if done.rowcount != 1:
        raise LookupError(f"There is no source named {name!r}.")
