"""`./qyran coverage report`: a report of an area, made here and now for whoever has a shell on the server."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.planning.purposes import purposes
from geo_server.planning.reports.schema import Format, Language, Wanted
from geo_server.settings import settings_told
from layers.areas.queries import by_code
from layers.areas.schema import Area
from layers.areas.scope import visit_whole
from layers.database import SERVER, as_role, engine_for
from layers.values import Role
from layers.viewer import Viewer

BY = "./qyran coverage"  # who the audit names


class NoReport(Exception):
    """What cannot be reported, said in one sentence."""


def report(
    area: Annotated[str, typer.Option(help="The code of the area, such as KZ-75; `./qyran areas list` shows them.")],
    out: Annotated[Path, typer.Option(help="The file to write; what is there is replaced.")],
    form: Annotated[
        Format, typer.Option("--format", help="A page, a PDF, a GeoPackage or a GeoParquet file.")
    ] = "html",
    purpose: Annotated[
        str, typer.Option(help="What a page tells of; a file for other systems holds all.")
    ] = "situation",
    language: Annotated[Language, typer.Option(help="Of what the report says.")] = "ru",
) -> None:
    """Write a report of an area's coverage into a file; a page opens without a network."""
    wanted = Wanted(format=form, language=language, purpose=purpose)
    try:
        asyncio.run(_report(area, wanted, out))
    except (NoReport, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{out} holds the report of {area}: {out.stat().st_size:,} bytes.")


async def _report(code: str, wanted: Wanted, out: Path) -> None:
    from geo_server.planning.reports.making import make  # it brings what draws, which those who reckon need not

    if wanted.purpose not in purposes():
        raise NoReport(f"There is no purpose {wanted.purpose}; there are {', '.join(purposes())}.")
    engine = engine_for(as_role(settings_told().database_url, SERVER), size=4)
    draft = out.with_name(f".{out.name}")
    try:
        async with visit_whole(engine) as session:
            area = await by_code(session, code)
            if area is None:
                raise NoReport(f"There is no area {code} in the store; `./qyran areas list` shows them.")
            await record.write(session, _entry(area, wanted))
        draft.unlink(missing_ok=True)
        await make(engine, _viewer(area), wanted, draft, _tell)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
        await engine.dispose()


async def _tell(done: int, total: int) -> None:
    typer.echo(f"{done} of {total}", err=True)


def _viewer(area: Area) -> Viewer:
    return Viewer(account_id=0, name=BY, role=Role.ADMINISTRATOR, area_id=area.id, own_area_id=area.id)


def _entry(area: Area, wanted: Wanted) -> Entry:
    details = {"area_id": area.id, "format": wanted.format, "purpose": wanted.purpose}
    return Entry(operation="coverage.report", who=BY, details=details)
