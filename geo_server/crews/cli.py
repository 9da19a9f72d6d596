"""`./qyran units …`: which units there are, for whoever has a shell on the server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.crews import enrolling
from geo_server.errors import Refusal, error_body
from geo_server.settings import settings_told
from layers.areas import queries as areas
from layers.areas.scope import enter
from layers.database import Session, engine_for, visit
from layers.units import enrolment_queries as enrolment
from layers.units import queries as units
from layers.units.schema import NewUnit
from layers.values import Role, Service
from layers.viewer import Viewer

T = TypeVar("T")
BY = "./qyran units"  # who the audit names
app = typer.Typer(no_args_is_help=True, add_completion=False, help="Units: crews and vehicles that can be sent.")


class UnitTrouble(Exception):
    """What cannot be done about a unit, said in one sentence."""


@app.command()
def add(
    call_sign: str,
    device: Annotated[str, typer.Option(help="The id that its tracker sends.")],
    service: Annotated[Service, typer.Option(help="Whose it is.")],
    kind: Annotated[str, typer.Option(help="What it is, such as patrol_car; data/unit_kinds.json has those known.")],
    area: Annotated[str, typer.Option(help="The code of the area it is at home in, such as KZ-75.")],
    crew: Annotated[int, typer.Option(min=0, max=100, help="How many ride in it.")] = 2,
    station: Annotated[int | None, typer.Option(help="The id of the place it belongs to.")] = None,
) -> None:
    """Bring a unit into use: off duty, and nowhere before its device says where it is."""

    async def one(session: Session, viewer: Viewer) -> int:
        home = await areas.by_code(session, area)
        if home is None:
            raise UnitTrouble(f"There is no area {area} in the store; `./qyran areas list` shows them.")
        new = NewUnit(
            call_sign=call_sign.strip(),
            device=device.strip(),
            service=service,
            kind=kind,
            crew=crew,
            home_area_id=home.id,
            station_id=station,
        )
        made = await enrolling.enrol(session, viewer, new)
        await _tell(session, made, {"call_sign": new.call_sign, "device": new.device, "area": area})
        return made

    if not call_sign.strip() or not device.strip() or max(len(call_sign), len(device)) > 64:
        raise typer.BadParameter("A call sign and a device have 1 to 64 letters.")
    typer.echo(f"Unit {call_sign} is number {_run(one)}; {device} is the device that tells where it is.")


@app.command("list")
def list_(retired: Annotated[bool, typer.Option(help="Also those that are retired.")] = False) -> None:
    """Show the units, by call sign."""
    found = _run(lambda session, viewer: enrolment.enrolled(session, viewer.area_id))
    table = Table("unit", "device", "service", "kind", "home", "station", "", box=None)
    for unit in found:
        if retired or unit.retired_at is None:
            station = unit.station.ru if unit.station else ""
            over = f"retired {unit.retired_at:%Y-%m-%d}" if unit.retired_at else ""
            table.add_row(unit.call_sign, unit.device, unit.service.value, unit.kind, unit.home.ru, station, over)
    Console().print(table)


@app.command()
def retire(call_sign: str) -> None:
    """Take a unit out of use; what it did stays on the record, and its call sign is free for another."""

    async def one(session: Session, viewer: Viewer) -> None:
        unit_id = await units.by_sign(session, call_sign)
        if unit_id is None:
            raise UnitTrouble(f"There is no unit {call_sign} in use.")
        await enrolling.retire(session, viewer, unit_id)
        await _tell(session, unit_id, {"call_sign": call_sign, "retired": True})

    _run(one)
    typer.echo(f"Unit {call_sign} is retired.")


async def _tell(session: Session, unit_id: int, details: dict[str, object]) -> None:
    entry = Entry(operation="units.enrol", who=BY, layer="units", object_id=unit_id, details=details)
    await record.write(session, entry)


async def _whole(session: Session) -> Viewer:
    """Return a viewer of the whole tree, and enter as one."""
    root = next((area for area in await areas.every(session) if area.parent_id is None), None)
    if root is None:
        raise UnitTrouble("There are no areas in the store; `python -m ingest areas` writes them.")
    viewer = Viewer(account_id=0, name=BY, role=Role.ADMINISTRATOR, area_id=root.id, own_area_id=root.id)
    await enter(session, viewer)
    return viewer


def _run(what: Callable[[Session, Viewer], Awaitable[T]]) -> T:
    async def visited() -> T:
        engine = engine_for(settings_told().database_url, size=1)
        try:
            async with visit(engine) as session:
                return await what(session, await _whole(session))
        finally:
            await engine.dispose()

    try:
        return asyncio.run(visited())
    except (UnitTrouble, Refusal) as trouble:
        said = error_body(trouble.code, trouble.details)["description"] if isinstance(trouble, Refusal) else trouble
        typer.echo(str(said), err=True)
        raise typer.Exit(1) from trouble
