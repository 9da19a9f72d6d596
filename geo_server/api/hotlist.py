"""The hotlist: which plates are looked for, on what grounds, by whom, where and until when (Almaty 213, art. 12)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, status

from geo_server.access.administered import check_area
from geo_server.access.visiting import Visiting, permitted
from geo_server.api.area_nodes import area_nodes
from geo_server.api.hotlist_table import Row, rows_of, wrong_times
from geo_server.api.models import Id
from geo_server.api.models import hotlist as models
from geo_server.api.models.base import Place
from geo_server.api.models.events import Camera, Ellipse
from geo_server.api.models.grants import AreaNode
from geo_server.errors import Refusal
from layers.areas import queries as areas
from layers.database import Session
from layers.events import queries as events
from layers.events.schema import Event
from layers.hotlist import queries as hotlist
from layers.hotlist.rules import normal
from layers.hotlist.schema import Entry, NewEntry
from layers.viewer import Viewer

router = APIRouter(prefix="/hotlist", tags=["hotlist"])
Reader = Annotated[Visiting, permitted("hotlist.read")]
Writer = Annotated[Visiting, permitted("hotlist.write")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]
After = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="The `next` of the page before.")]
Part = Annotated[str | None, Query(max_length=60, description="Plates that hold these letters and digits.")]


@router.get("")
async def list_entries(visiting: Reader, plate: Part = None, limit: Limit = 100, after: After = None) -> models.Entries:
    """Return the entries of the area entered and below, newest first."""
    async with visiting.visit("hotlist") as session:
        found = await hotlist.listed(
            session, visiting.viewer, plate=normal(plate) if plate else None, limit=limit, after=after
        )
        answer = await _answer(session, found)
    return models.Entries(entries=answer, next=found[-1].id if len(found) == limit else None)


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_entry(new: models.NewEntry, visiting: Writer) -> models.Entry:
    """Look for a plate from now, or `begins_at`, until `ends_at`, in an area at or below the own one."""
    async with visiting.visit("hotlist") as session:
        visiting.say(details=_grounds(new), personal={"plate": new.plate})
        await check_area(session, visiting.viewer, new.area_id)
        if wrong_times(new.begins_at, new.ends_at, datetime.now(UTC)):
            raise Refusal("hotlist_times", days=366)
        (made,) = await hotlist.add(session, [NewEntry(**new.model_dump())], by=visiting.viewer.name)
        if made is None:
            raise Refusal("listed_already")
        visiting.say(about=("hotlist", made))
        return (await _answer(session, [await _found(session, visiting.viewer, made)]))[0]


@router.post("/import")
async def import_entries(sent: models.Csv, visiting: Writer) -> models.Imported:
    """Take a list of plates from a table; rows that cannot be taken are told, and keep no other from being."""
    async with visiting.visit("hotlist") as session:
        codes = {one.code: one.id for one in await areas.below(session, visiting.viewer.area_id)}
        read = rows_of(sent.csv, codes, visiting.viewer.area_id, datetime.now(UTC), models.MOST_ROWS)
        rows = [one for one in read if isinstance(one, Row)]
        made = await hotlist.add(session, [NewEntry(**row.entry.model_dump()) for row in rows], by=visiting.viewer.name)
        twice = [row.line for row, entry_id in zip(rows, made, strict=True) if entry_id is None]
        refused = [one for one in read if not isinstance(one, Row)] + [_twice(line) for line in twice]
        taken = [row.entry.plate for row, entry_id in zip(rows, made, strict=True) if entry_id is not None]
        visiting.say(details={"added": len(taken), "refused": len(refused)}, personal={"plates": ", ".join(taken)})
    refused.sort(key=lambda one: one.line)
    return models.Imported(added=len(taken), refused=len(refused), rows=refused[: models.MOST_REFUSED])


@router.post("/{id}/end")
async def end_entry(id: Id, visiting: Writer) -> models.Entry:
    """Look for it no more; said again, the answer is the same. Cameras hear of it at once."""
    async with visiting.visit("hotlist", id) as session:
        entry = await _found(session, visiting.viewer, id)
        visiting.say(personal={"plate": entry.plate})
        await hotlist.end(session, id, by=visiting.viewer.name)
        return (await _answer(session, [await _found(session, visiting.viewer, id)]))[0]


@router.get("/{id}/hits")
async def list_hits(id: Id, visiting: Annotated[Visiting, permitted("hotlist.hits")]) -> models.Hits:
    """Return where and when an entry's plate was read last, within the scope; the entry itself where it is yours."""
    async with visiting.visit("hotlist", id) as session:
        entry = await hotlist.find(session, visiting.viewer, id)
        found = await events.hits(session, visiting.viewer, id)
        if entry is None and not found:
            raise Refusal("no_such_entry", id=id)
        told = (await _answer(session, [entry]))[0] if entry else None
    return models.Hits(entry=told, hits=[_hit(event) for event in found])


async def _found(session: Session, viewer: Viewer, entry_id: int) -> Entry:
    found = await hotlist.find(session, viewer, entry_id)
    if found is None:
        raise Refusal("no_such_entry", id=entry_id)
    return found


def _grounds(new: models.NewEntry) -> dict[str, Any]:
    return new.model_dump(exclude={"plate", "note"}, exclude_none=True)


def _twice(line: int) -> models.RefusedRow:
    return models.RefusedRow(line=line, column="plate", why="listed_already")


async def _answer(session: Session, found: Iterable[Entry]) -> list[models.Entry]:
    entries = list(found)
    where = await area_nodes(session, [one.area_id for one in entries])
    return [_entry(one, where[one.area_id]) for one in entries]


def _entry(one: Entry, area: AreaNode) -> models.Entry:
    plain: Sequence[str] = [name for name in models.Entry.model_fields if name != "area"]
    return models.Entry(area=area, **{name: getattr(one, name) for name in plain})


def _hit(event: Event) -> models.Hit:
    return models.Hit(
        event_id=event.id,
        at=event.at,
        place=Place.model_validate(event.place),
        ellipse=None if event.ellipse is None else Ellipse.model_validate(event.ellipse),
        camera=None if event.camera is None else Camera.model_validate(event.camera),
        certainty=event.certainty,
        state=event.state,
        incident_id=event.incident_id,
        merged=int(event.details.get("merged", 0)),
    )
