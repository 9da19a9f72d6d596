"""The register of cameras: its entries, how one is changed, what became of it, and the whole of it as a file."""

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.exc import IntegrityError

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.area_nodes import area_nodes
from geo_server.api.asked import only
from geo_server.api.models import register as models
from geo_server.api.models.base import Area, Id, storable
from geo_server.errors import Refusal
from geo_server.register import exporting
from geo_server.register.fields import fields
from layers.areas import queries as areas
from layers.cameras import register_queries as register
from layers.cameras.register_schema import LACKING, POSE, Entry, Lacking, Wanted
from layers.changes import ring
from layers.database import Session
from layers.values import LonLat

MOST = 500
FILTERS = ("text", "owner", "class", "area", "lacks")
router = APIRouter(prefix="/register", tags=["register"])
Reader = Annotated[Visiting, permitted("register.read")]
Exporter = Annotated[Visiting, permitted("register.export")]
Changer = Annotated[Visiting, permitted("register.change")]
_Part = Annotated[str | None, Query(max_length=200, description="Entries whose code, name, owner … holds this.")]
_Owner = Annotated[str | None, Query(max_length=500, description="Of this owner.")]
_Class = Annotated[str | None, Query(alias="class", max_length=500, description="Of this class.")]
_Area = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="In this area or below it.")]
_Lacks = Annotated[list[Lacking] | None, Query(description="Without any of these.")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The register as a file", "content": {of: {} for of in exporting.TYPES.values()}}
}


async def _wanted(
    text: _Part = None, owner: _Owner = None, class_: _Class = None, area: _Area = None, lacks: _Lacks = None
) -> Wanted:
    for told in (text, owner, class_):
        _check(told)
    return Wanted(text=text, owner=owner, class_=class_, area_id=area, lacks=tuple(lacks or ()))


Filter = Annotated[Wanted, Depends(_wanted)]


def _check(told: str | None) -> None:
    try:
        storable(told or "")
    except ValueError as error:
        raise Refusal("bad_request", where="query", problem=str(error)) from None


@router.get("")
async def read(visiting: Reader) -> models.Register:
    """Return how many entries the register holds, by owner and class, and how many of them are incomplete."""
    async with visiting.visit("cameras") as session:
        found = await register.tallied(session, visiting.viewer)
    owners, classes = ([models.Named(name=n, count=c) for n, c in of] for of in (found.owners, found.classes))
    plain = {"all": found.all, "incomplete": found.incomplete, "streamless": found.streamless}
    return models.Register(**plain, owners=owners, classes=classes, lacking=list(LACKING))


@router.get("/fields")
async def all_fields(visiting: Reader) -> models.RegisterFields:
    """Return what the register tells of a camera, and what columns of a file can be."""
    async with visiting.visit("cameras"):
        return models.RegisterFields(fields=[models.RegisterField.model_validate(one) for one in fields()])


@router.get("/cameras", dependencies=[Depends(only(*FILTERS, "limit", "after"))])
async def page(
    visiting: Reader,
    wanted: Filter,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
    after: Annotated[str | None, Query(max_length=800, description="The `after` of the page before.")] = None,
) -> models.Entries:
    """Return entries by code."""
    begins = _begins(after)
    async with visiting.visit("cameras") as session:
        found = await register.entries(session, visiting.viewer, wanted, most=limit, after=begins)
        count = await register.count(session, visiting.viewer, wanted)
        told = await _answer(session, found)
    more = _ends(found[-1]) if len(found) == limit else None
    return models.Entries(entries=told, count=count, after=more)


@router.get("/cameras/{id}")
async def one(id: Id, visiting: Reader) -> models.Entry:
    """Return one entry."""
    async with visiting.visit("cameras", id) as session:
        return (await _answer(session, [await _found(session, visiting, id)]))[0]


@router.patch("/cameras/{id}")
async def change(id: Id, asked: models.EntryChange, visiting: Changer) -> models.Entry:
    """Change an entry of the area entered or below; how a calibrated camera hangs its calibration tells."""
    async with visiting.visit("cameras", id) as session:
        before = await _found(session, visiting, id)
        told = {_column(name): getattr(asked, name) for name in asked.model_fields_set - {"based_on"}}
        visiting.say(details={"columns": sorted(told)})
        await _check_change(session, visiting, before, told)
        await register.written_by(session, visiting.viewer.name)
        if asked.place is not None:
            told["place"] = LonLat(lon=asked.place.lon, lat=asked.place.lat)
        try:
            written = await register.change(session, id, _emptied(told), based_on=asked.based_on)
        except IntegrityError:
            raise Refusal("camera_code_taken", camera=asked.code) from None
        if not written:
            raise Refusal("entry_changed", id=id)
        await ring(session, {"cameras": [id]})
        return (await _answer(session, [await _found(session, visiting, id)]))[0]


async def _check_change(session: Session, visiting: Visiting, before: Entry, told: dict[str, Any]) -> None:
    """Raise Refusal where this may not be: elsewhere, of a calibrated pose, or of facts that there are not."""
    below = {area.id for area in await areas.below(session, visiting.viewer.area_id)}
    if before.area_id not in below:
        raise Refusal("outside_your_area")  # it is seen by a grant
    if told.get("place") and await register.area_at(session, told["place"].lon, told["place"].lat) not in below:
        raise Refusal("outside_your_area")
    if before.calibration != "none" and any(name in told and told[name] != getattr(before, name) for name in POSE):
        raise Refusal("camera_calibrated", camera=before.code)
    known = {one.name.removeprefix("facts.") for one in fields() if one.name.startswith("facts.")}
    strange = sorted(set(told.get("facts") or {}) - known)
    if strange:
        raise Refusal("no_such_fact", fact=strange[0])


def _emptied(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is written: of lists and facts nothing is an empty one."""
    empty: dict[str, Any] = {"modules": [], "watches": [], "facts": {}}
    return {name: empty[name] if value is None and name in empty else value for name, value in told.items()}


def _column(name: str) -> str:
    return name.removesuffix("_")


@router.get("/cameras/{id}/changes")
async def changes(id: Id, visiting: Reader) -> models.EntryHistory:
    """Return who changed what of a camera's entry, newest first; of one that is gone too."""
    async with visiting.visit("cameras", id) as session:
        found = await register.changes(session, visiting.viewer, id)
        if not found:
            await _found(session, visiting, id)
    return models.EntryHistory(changes=[models.EntryChanged.model_validate(each) for each in found])


@router.get("/export", response_class=Response, responses=_FILE, dependencies=[Depends(only(*FILTERS, "format"))])
async def export(
    visiting: Exporter,
    wanted: Filter,
    format: Annotated[exporting.Format, Query(description="Its kind.")] = "csv",
) -> Response:
    """Return entries as a file, whose columns an import knows again; no cell of it is a formula."""
    async with visiting.visit("cameras") as session:
        count = await register.count(session, visiting.viewer, wanted)
        visiting.say(details={"format": format, "found": count})
        if count > exporting.MOST:
            raise Refusal("register_too_long", most=exporting.MOST, count=count)
        facts = await register.facts_told(session)
        file = await _written(register.every(session, visiting.viewer, wanted), format, facts)
    headers = {"Content-Disposition": f'attachment; filename="cameras.{format}"'}
    return Response(file, media_type=exporting.TYPES[format], headers=headers)


async def _written(every: AsyncIterator[Entry], format: exporting.Format, facts: list[str]) -> bytes:
    if format != "xlsx":
        parts = exporting.as_csv(every, facts) if format == "csv" else exporting.as_geojson(every)
        return b"".join([part async for part in parts])
    with tempfile.TemporaryDirectory(prefix="qyran-register-") as folder:
        to = Path(folder) / "cameras.xlsx"
        await exporting.as_xlsx(every, facts, to)
        return await asyncio.to_thread(to.read_bytes)


async def _found(session: Session, visiting: Visiting, camera_id: int) -> Entry:
    found = await register.find(session, visiting.viewer, camera_id)
    if found is None:
        raise Refusal("no_such_camera", id=camera_id)
    return found


async def _answer(session: Session, found: list[Entry]) -> list[models.Entry]:
    nodes = await area_nodes(session, list({one.area_id for one in found}))
    plain = [name for name in models.Entry.model_fields if name != "area"]
    return [
        models.Entry(area=Area.model_validate(nodes[one.area_id]), **{name: getattr(one, name) for name in plain})
        for one in found
    ]


def _ends(entry: Entry) -> str:
    return base64.urlsafe_b64encode(f"{entry.id} {entry.code}".encode()).decode()


def _begins(after: str | None) -> tuple[str, int] | None:
    """Read where a page begins; raises Refusal where that is none of ours."""
    if after is None:
        return None
    try:
        number, _, code = base64.urlsafe_b64decode(after).decode().partition(" ")
        _check(code)
        if not 0 < int(number) < 2**63:
            raise ValueError
    except ValueError:
        raise Refusal("bad_request", where="after", problem="no page begins there") from None
    return code, int(number)
