"""`./qyran coverage terrain` brings the height of the ground in: it stirs tiles, counts in them, and goes."""

import asyncio
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from geo_server.planning.cli import app
from geo_server.planning.reckoning import reckoned
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage
from layers.coverage.table import coverage_tile
from layers.coverage.writing import write
from layers.database import SERVER, as_role, engine_for
from tests.geo_server.planning.test_terrain_files import esri
from tests.geo_server.planning.test_working import LAT, LON, hang, seen_m2

pytestmark = pytest.mark.usefixtures("asked")
STEP = 0.0005


def tell(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["terrain", *map(str, words)])


@pytest.fixture
def asked(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    monkeypatch.setattr("geo_server.planning.terrain_cli.warm_hills", lambda: None)


@pytest.fixture
def ridge(tmp_path: Path) -> Path:
    """A wall of ground across, 30 m north of the camera of `hang` and as high as its eye."""
    lats = LAT + (np.arange(200)[::-1] - 100) * STEP / 5
    rows = "\n".join(" ".join(["6" if abs((lat - LAT) * 111_320 - 30) < 6 else "0"] * 200) for lat in lats)
    corner = f"xllcenter {LON - 100 * STEP / 5}\nyllcenter {LAT - 100 * STEP / 5}"
    return esri(tmp_path, f"ncols 200\nnrows 200\n{corner}\ncellsize {STEP / 5}\n{rows}\n")


def waiting(database_url: str) -> int:
    with psycopg.connect(database_url) as link:
        found = link.execute("SELECT count(*) FROM coverage_tile WHERE stirred_at IS NOT NULL").fetchone()
        return int(found[0]) if found else 0


def reckon(database_url: str) -> tuple[float, str]:
    """Reckon what waits, as the server does; return how much is seen, and what is told of the terrain."""

    async def done() -> tuple[float, str]:
        engine = engine_for(as_role(database_url, SERVER))
        try:
            async with visit_whole(engine) as session:
                for tile in await coverage.waiting(session, 9):
                    await write(session, [(tile, reckoned(tile, await coverage.standing(session, tile.id)))])
                known = (await session.execute(select(coverage_tile.c.terrain).distinct())).scalars().all()
            return await seen_m2(engine), ",".join(sorted(known))
        finally:
            await engine.dispose()

    return asyncio.run(done())


def hung(database_url: str) -> None:
    async def done() -> None:
        engine = engine_for(database_url)
        await hang(engine)
        await engine.dispose()

    asyncio.run(done())


def test_a_ridge_that_is_brought_in_hides_and_when_it_is_taken_away_hides_no_more(
    database_url: str, ridge: Path
) -> None:
    hung(database_url)
    flat, known = reckon(database_url)
    assert known == "none" and waiting(database_url) == 0
    told = tell("import", ridge)
    assert told.exit_code == 0 and "hill.asc" in told.output, told.output
    assert waiting(database_url) > 0
    hidden, known = reckon(database_url)
    assert hidden < 0.6 * flat and known == "part"  # the file is smaller than the tile
    assert "hill.asc" in tell("list").output
    assert tell("remove", "hill.asc").exit_code == 0 and waiting(database_url) > 0
    again, known = reckon(database_url)
    assert again == pytest.approx(flat) and known == "none"
    with psycopg.connect(database_url) as link:
        acts = link.execute("SELECT operation FROM audit WHERE operation LIKE 'terrain.%' ORDER BY id").fetchall()
    assert acts == [("terrain.import",), ("terrain.remove",)]


def test_of_several_files_one_bad_one_changes_nothing_and_is_told_in_the_language_asked_for(
    ridge: Path, tmp_path: Path
) -> None:
    told = tell("import", ridge, tmp_path / "hill.tif", "--language", "kk")
    assert told.exit_code == 1 and "жер бедері" in told.output
    assert tell("list").output == ""
    assert tell("remove", "hill.asc").output.strip() == "There is no terrain of a file hill.asc."


def test_a_file_that_is_brought_in_again_takes_its_own_place(ridge: Path) -> None:
    assert tell("import", ridge).exit_code == tell("import", ridge).exit_code == 0
    assert tell("list").output.count("hill.asc") == 1


def test_the_server_reads_terrain_and_does_not_write_it(database_url: str, ridge: Path) -> None:
    assert tell("import", ridge).exit_code == 0
    with psycopg.connect(database_url) as link:
        link.execute("SET ROLE qyran_server")
        assert link.execute("SELECT count(*) FROM terrain").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("DELETE FROM terrain")
