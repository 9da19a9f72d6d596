"""Every question about sources and their keys."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, any_, case, func, insert, literal, or_, select, text, update

from layers.areas.table import area
from layers.database import Session
from layers.sources.schema import Administered, Holder, Key, NewKey, Source, SourceKind
from layers.sources.table import source, source_key
from layers.values import LonLat
from layers.viewer import Viewer

PREFIX = "qk_"  # by which a key that was left in a log or a repository is found and known for one
USE_TOLD_AGAIN = timedelta(minutes=1)
SET_UP = "set-up"

_STATE = case(
    (source_key.c.revoked_at <= func.now(), "revoked"), (source_key.c.expires_at <= func.now(), "expired"), else_="good"
).label("state")
_KEY = (*(source_key.c[n] for n in Key.__dataclass_fields__ if n != "state"), _STATE)
_INSIDE = text("""
    SELECT sent.n FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS sent(lon, lat, n)
      JOIN area ON area.id = area_of(ST_SetSRID(ST_MakePoint(sent.lon, sent.lat), 4326))
     WHERE CAST(:area_id AS bigint) = ANY (area.path)""")


def digest(key: str) -> bytes:
    """Return what the store keeps of a key. A key has 256 random bits, so one plain round of SHA-256 is enough."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


# ── the door for machines ──


async def holders(session: Session, digests: Collection[bytes]) -> dict[bytes, Holder]:
    """Return who holds the keys of these digests, ended keys and disabled sources too; unknown ones are left out."""
    asked = select(source_key.c.id.label("key_id"), source_key.c.key_sha256, _STATE, source).join(source)
    found = await session.execute(asked.where(source_key.c.key_sha256 == any_(literal(list(digests)))))
    return {
        bytes(row.key_sha256): Holder(key_id=row.key_id, state=row.state, source=_source(row)) for row in found.all()
    }


async def by_key(session: Session, key_sha256: bytes) -> Source | None:
    """Return the source that a key of that digest opens now; None where it is unknown, expired or revoked."""
    found = (await holders(session, [key_sha256])).get(key_sha256)
    return found.source if found and found.state == "good" else None


async def by_ids(session: Session, source_ids: Collection[int]) -> dict[int, Source]:
    """Return those of these sources that are there and within the scope."""
    found = await session.execute(select(source).where(source.c.id.in_(source_ids))) if source_ids else ()
    return {row.id: _source(row) for row in found}


async def tell_used(session: Session, key_ids: Collection[int]) -> None:
    """Note that these keys were used, those alone whose last note is older than a minute."""
    noted = source_key.c.last_used_at
    due = or_(noted.is_(None), noted < func.now() - USE_TOLD_AGAIN)
    held = select(source_key.c.id).where(source_key.c.id.in_(key_ids), due).order_by(source_key.c.id)
    ours = held.with_for_update(skip_locked=True)  # another door that notes the same keys must not be waited for
    await session.execute(update(source_key).where(source_key.c.id.in_(ours)).values(last_used_at=func.now()))


async def inside(session: Session, area_id: int, places: Sequence[LonLat]) -> list[bool]:
    """Say for each place whether what stands there belongs to the area or to one below it.

    All the world does to the Republic: what no other area covers belongs to it.
    """
    lon, lat = ([float(getattr(one, axis)) for one in places] for axis in ("lon", "lat"))
    sent = {"lon": lon, "lat": lat, "area_id": area_id}
    found = set((await session.execute(_INSIDE, sent)).scalars()) if places else set()
    return [n in found for n in range(1, len(places) + 1)]


# ── who administers ──


async def listed(session: Session, viewer: Viewer) -> list[Administered]:
    """Return the sources of the viewer's area and below with their keys, by name; what was granted is not theirs."""
    sources = (await session.execute(select(source).where(_below(viewer)).order_by(source.c.name))).all()
    return [
        Administered(source=_source(row), created_at=row.created_at, keys=tuple(keys))
        for row, keys in zip(sources, await _keys_of(session, [row.id for row in sources]), strict=True)
    ]


async def find(session: Session, viewer: Viewer, source_id: int) -> Administered | None:
    """Return one source of the viewer's area or below; None where there is none."""
    asked = select(source).where(_below(viewer), source.c.id == source_id)
    row = (await session.execute(asked)).one_or_none()
    if row is None:
        return None
    return Administered(
        source=_source(row), created_at=row.created_at, keys=tuple((await _keys_of(session, [row.id]))[0])
    )


async def add(session: Session, *, name: str, kind: SourceKind, area_id: int, **limits: float) -> int:
    """Add a source without a key; raises IntegrityError where the name is taken anywhere."""
    row = {"name": name, "kind": kind, "area_id": area_id, **limits}
    return int((await session.execute(insert(source).values(row).returning(source.c.id))).scalar_one())


async def change(session: Session, source_id: int, **values: bool | float) -> None:
    """Change whether a source may send (`enabled`) and how much (`rate_per_s`, `rows_per_s`)."""
    if values:
        await session.execute(update(source).where(source.c.id == source_id).values(values))


async def add_key(
    session: Session, source_id: int, *, created_by: str = SET_UP, expires_at: datetime | None = None
) -> NewKey:
    """Give a source one more key; its others stay good, so that the machine changes over without a gap.

    Raises IntegrityError (`source_key_limit_check`) where ten keys of it are good already.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    row = {"source_id": source_id, "key_sha256": digest(key), "created_by": created_by, "expires_at": expires_at}
    made = await session.execute(insert(source_key).values(row).returning(source_key.c.id))
    return NewKey(id=made.scalar_one(), text=key)


async def key(session: Session, viewer: Viewer, key_id: int) -> Key | None:
    """Return one key of a source of the viewer's area or below; None where there is none."""
    asked = select(*_KEY).join(source).where(_below(viewer), source_key.c.id == key_id)
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else _key(row)


async def revoke(session: Session, key_id: int) -> None:
    """End a key for good; one that was revoked before keeps its moment."""
    mine = (source_key.c.id == key_id) & source_key.c.revoked_at.is_(None)
    await session.execute(update(source_key).where(mine).values(revoked_at=func.now()))


# ── set-up and the demo ──


async def create(session: Session, *, name: str, kind: SourceKind, area_id: int) -> str:
    """Add a source and return its new key, which is told this once; raises IntegrityError where the name is taken."""
    source_id = await add(session, name=name, kind=kind, area_id=area_id)
    return (await add_key(session, source_id)).text


async def renew(session: Session, name: str) -> str:
    """Give a source a new key in place of all its old ones and return it; LookupError where there is none."""
    source_id = (await session.execute(select(source.c.id).where(source.c.name == name))).scalar_one_or_none()
    if source_id is None:
        raise LookupError(f"There is no source named {name!r}.")
    old = (source_key.c.source_id == source_id) & source_key.c.revoked_at.is_(None)
    await session.execute(update(source_key).where(old).values(revoked_at=func.now()))
    return (await add_key(session, source_id)).text


async def enable(session: Session, name: str, *, enabled: bool) -> None:
    """Let a source send, or stop it once the doors forget its keys (a second); LookupError where there is none."""
    done = await session.execute(update(source).where(source.c.name == name).values(enabled=enabled))
    if done.rowcount != 1:
        raise LookupError(f"There is no source named {name!r}.")


def _below(viewer: Viewer) -> ColumnElement[bool]:
    """Sources are administered at or below the area entered alone: a grant shows an area, it hands over no keys."""
    at_or_above: Any = literal(viewer.area_id) == any_(area.c.path)
    return source.c.area_id.in_(select(area.c.id).where(at_or_above))


async def _keys_of(session: Session, source_ids: Sequence[int]) -> list[list[Key]]:
    asked = select(*_KEY).where(source_key.c.source_id.in_(source_ids)).order_by(source_key.c.id.desc())
    keys = [_key(row) for row in (await session.execute(asked)).all()]
    return [[one for one in keys if one.source_id == source_id] for source_id in source_ids]


def _source(row: Row[Any]) -> Source:
    return Source(**{name: getattr(row, name) for name in Source.__dataclass_fields__})


def _key(row: Row[Any]) -> Key:
    return Key(**{name: getattr(row, name) for name in Key.__dataclass_fields__})
