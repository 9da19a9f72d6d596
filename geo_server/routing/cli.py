"""`./qyran roads …`: what is learned of the roads."""

import asyncio
from typing import Annotated

import typer

from geo_server.routing.learning import learn as learn_speeds
from geo_server.settings import settings_told
from layers.database import SERVER, as_role, engine_for

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Roads: how fast they are really driven.")


@app.callback()
def roads() -> None:
    """Keep `learn` a command of its own, as long as it is the only one."""


@app.command()
def learn(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many UTC days of tracks, back from today.")] = 14,
    units: Annotated[int, typer.Option(min=1, help="Of how many units a day, at most.")] = 200,
) -> None:
    """Learn from recorded tracks how fast each segment is driven, by the hour of the week."""
    written = asyncio.run(_learn(days, units))
    typer.echo(f"{written} speeds learned.")


async def _learn(days: int, units: int) -> int:
    engine = engine_for(as_role(settings_told().database_url, SERVER), size=1)
    try:
        return await learn_speeds(engine, days=days, units=units)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    app(prog_name="./qyran roads")
