"""A small world for the demo: a grid of named avenues and one-ways with a trap, houses and stations."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo.streets import Street, Streets, measure, weave
from layers.database import Session, visit

SIDE, STEP, WEST, SOUTH = 12, 0.002, 76.90, 43.22
TRAP = 9_999  # one can drive in and not out


def node(column: int, row: int) -> int:
    return column * 100 + row


def _street(road_id: int, a: tuple[int, int], b: tuple[int, int], *, across: bool) -> Street:
    line = tuple((WEST + STEP * column, SOUTH + STEP * row) for column, row in (a, b))
    number = a[1] if across else a[0]
    one_way = number == 5
    return Street(
        road_id=road_id,
        road_class="primary" if number % 4 == 0 else "residential",
        name=f"{'көшесі' if across else 'даңғылы'} {number}",
        from_node=node(*a),
        to_node=node(*b),
        forward=True,
        backward=not one_way,
        speed_kmh=60.0,
        length_m=measure(line).length_m,
        area_id=None,
        line=line,
    )


def _grid() -> list[Street]:
    across = [((c, r), (c + 1, r), True) for c in range(SIDE - 1) for r in range(SIDE)]
    along = [((c, r), (c, r + 1), False) for c in range(SIDE) for r in range(SIDE - 1)]
    streets = [_street(i, a, b, across=flag) for i, (a, b, flag) in enumerate(across + along, 1)]
    corner, out = streets[0].line[0], (WEST - STEP, SOUTH)
    trap = {"forward": True, "backward": False, "from_node": node(0, 0), "to_node": TRAP}
    return [
        *streets,
        Street(
            road_id=len(streets) + 1,
            road_class="residential",
            name="тұйық",
            speed_kmh=20.0,
            length_m=measure((corner, out)).length_m,
            area_id=None,
            line=(corner, out),
            **trap,  # type: ignore[arg-type]
        ),
    ]


@pytest.fixture(scope="session")
def grid() -> list[Street]:
    return _grid()


@pytest.fixture(scope="session")
def streets(grid: list[Street]) -> Streets:
    return weave(grid)


@pytest.fixture
async def small_city(engine: AsyncEngine, grid: list[Street]) -> AsyncEngine:
    """The store with the small world in it, not yet seeded."""
    async with visit(engine) as session:
        await build(session, grid)
    return engine


async def build(session: Session, grid: list[Street]) -> None:
    """Write the small world as an import would."""
    for street in grid:
        (lon0, lat0), (lon1, lat1) = street.line
        await session.execute(
            text(
                "INSERT INTO road (osm_id, class, name, name_ru, from_node, to_node, forward, backward, speed_kmh,"
                " length_m, geom)"
                " VALUES (:id, :class, :name, :name, :a, :b, :forward, :backward, :speed, :length,"
                " ST_SetSRID(ST_MakeLine(ST_MakePoint(:lon0, :lat0), ST_MakePoint(:lon1, :lat1)), 4326))"
            ),
            {
                "id": street.road_id,
                "class": street.road_class,
                "name": street.name,
                "a": street.from_node,
                "b": street.to_node,
                "forward": street.forward,
                "backward": street.backward,
                "speed": street.speed_kmh,
                "length": street.length_m,
                "lon0": lon0,
                "lat0": lat0,
                "lon1": lon1,
                "lat1": lat1,
            },
        )
    await session.execute(
        text(
            "INSERT INTO address (osm_id, street, house, geom) SELECT x * 100 + y, 'Абай даңғылы', x || '/' || y,"
            " ST_SetSRID(ST_MakePoint(76.9005 + 0.001 * x, 43.2205 + 0.001 * y), 4326)"
            " FROM generate_series(0, 19) x, generate_series(0, 19) y"
        )
    )
    await session.execute(
        text(
            "INSERT INTO place (osm_id, kind, name, geom) SELECT i, kind, kind || i,"
            " ST_SetSRID(ST_MakePoint(76.903 + 0.004 * i, 43.231), 4326)"
            " FROM unnest(ARRAY['police', 'hospital', 'fire_station']) kind, generate_series(0, 3) i"
        )
    )
