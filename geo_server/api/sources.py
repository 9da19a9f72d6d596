"""Sources and their keys: which machines may send, for which area, how much, and until when."""

from collections.abc import Iterable
from typing import Annotated

import psycopg
from fastapi import APIRouter, Response, status
from sqlalchemy.exc import IntegrityError

from geo_server.access.administered import check_area
from geo_server.access.visiting import Visiting, permitted
from geo_server.api.area_nodes import area_nodes
from geo_server.api.models import Id
from geo_server.api.models import sources as models
from geo_server.api.models.grants import AreaNode
from geo_server.errors import Refusal
from layers.database import Session
from layers.sources import queries as sources
from layers.sources.schema import Administered, Key
from layers.viewer import Viewer

router = APIRouter(tags=["sources"])
Lister = Annotated[Visiting, permitted("sources.list")]
Writer = Annotated[Visiting, permitted("sources.write")]


@router.get("/sources")
async def list_sources(visiting: Lister) -> models.Sources:
    """Return the sources of the area entered and below, with their keys; the keys themselves are nowhere."""
    async with visiting.visit() as session:
        found = await sources.listed(session, visiting.viewer)
        return models.Sources(sources=await _answer(session, found))


@router.post("/sources", status_code=status.HTTP_201_CREATED)
async def add_source(new: models.NewSource, visiting: Writer) -> models.Source:
    """Add a source of an area at or below the own one; it sends nothing before it has a key."""
    async with visiting.visit("sources") as session:
        visiting.say(details=new.model_dump(exclude_none=True))
        await check_area(session, visiting.viewer, new.area_id)
        try:
            made = await sources.add(session, **new.model_dump(exclude_none=True))
        except IntegrityError as error:
            if _broke(error, "source_name_key"):
                raise Refusal("source_name_taken") from None
            raise
        visiting.say(about=("sources", made))
        return await _one(session, visiting.viewer, made)


@router.patch("/sources/{id}")
async def change_source(id: Id, changed: models.ChangedSource, visiting: Writer) -> models.Source:
    """Let a source send or stop it, and set how much it may; a stopped one is refused within two seconds."""
    async with visiting.visit("sources", id) as session:
        values = changed.model_dump(exclude_none=True)
        visiting.say(details=values)
        await _found(session, visiting.viewer, id)
        await sources.change(session, id, **values)
        return await _one(session, visiting.viewer, id)


@router.post("/sources/{id}/keys", status_code=status.HTTP_201_CREATED)
async def add_key(id: Id, new: models.NewKey, visiting: Writer, response: Response) -> models.MadeKey:
    """Give a source one more key and tell it this once; its other keys stay good until each is revoked."""
    viewer = visiting.viewer
    response.headers["Cache-Control"] = "no-store"
    async with visiting.visit("sources", id) as session:
        await _found(session, viewer, id)
        try:
            made = await sources.add_key(session, id, created_by=viewer.name, expires_at=new.expires_at)
        except IntegrityError as error:
            if _broke(error, "source_key_limit_check"):
                raise Refusal("too_many_keys") from None
            raise
        key = await _found_key(session, viewer, made.id)
        if key.state != "good":  # by the store's clock, which decides at the door
            raise Refusal("bad_value", field="expires_at")
        visiting.say(details={"key_id": made.id, "expires_at": new.expires_at})
        return models.MadeKey(**_key(key).model_dump(), key=made.text)


@router.delete("/keys/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_key(id: Id, visiting: Writer) -> None:
    """End a key for good; it is refused within two seconds, and again is the same."""
    async with visiting.visit("keys", id) as session:
        key = await _found_key(session, visiting.viewer, id)
        visiting.say(details={"source_id": key.source_id})
        await sources.revoke(session, id)


async def _found(session: Session, viewer: Viewer, source_id: int) -> Administered:
    found = await sources.find(session, viewer, source_id)
    if found is None:
        raise Refusal("no_such_source", id=source_id)
    return found


async def _found_key(session: Session, viewer: Viewer, key_id: int) -> Key:
    found = await sources.key(session, viewer, key_id)
    if found is None:
        raise Refusal("no_such_key", id=key_id)
    return found


def _broke(error: IntegrityError, constraint: str) -> bool:
    return isinstance(error.orig, psycopg.Error) and error.orig.diag.constraint_name == constraint


async def _one(session: Session, viewer: Viewer, source_id: int) -> models.Source:
    return (await _answer(session, [await _found(session, viewer, source_id)]))[0]


async def _answer(session: Session, found: Iterable[Administered]) -> list[models.Source]:
    listed = list(found)
    where = await area_nodes(session, [one.source.area_id for one in listed])
    return [_source(one, where[one.source.area_id]) for one in listed]


def _source(one: Administered, area: AreaNode) -> models.Source:
    plain = ("id", "name", "kind", "enabled", "rate_per_s", "rows_per_s")
    values = {name: getattr(one.source, name) for name in plain}
    return models.Source(**values, area=area, created_at=one.created_at, keys=[_key(key) for key in one.keys])


def _key(key: Key) -> models.Key:
    return models.Key.model_validate(key)
