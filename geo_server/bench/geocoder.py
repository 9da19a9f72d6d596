"""Places by what somebody types, among half a million addresses: while typing, mistyped, and at a crossing.

Each question is timed as a dispatcher asks it, in a visit under the store's policies with the map's middle as `near`;
the floor is an address by its primary key in such a visit, asked in turn with them.
"""

import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import product

import numpy as np
import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.bench import Figure, Ground, queries
from geo_server.bench import geocoder_queries as made
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.geocoder import filling
from layers.geocoder.search import search
from layers.values import LonLat, Role
from layers.viewer import Viewer

TOWNS, STREETS, HOUSES = 20, 640, 40  # 512,000 addresses along 12,800 streets
QUESTIONS, LONGEST, ASKED_MS = 30, 20, 30.0
_FIRST = "аб ай ақ аса ба бек бос ға дә дос ең ер жам жан жұ кен қа қо құ ма мұ нұр өте сат сей тал тө ұл шә ыбы"
_MIDDLE = "бай бұл ға дар жол кел ла мір на ре са тай"
_LAST = "бек ғали дық ев ин кен лі мұр ов сын"
_SLIPS = "абгдежиклмнорстуы"


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the towns, fold their names, then ask; ms by the clock of the asker."""
    engine = engine_for(ground.database_url, size=1)
    server = engine_for(as_role(ground.database_url, SERVER), size=1)
    try:
        async with visit(engine) as session:
            area_id = await queries.one_area(session)
            names = street_names()
            await made.towns(session, names, towns=TOWNS, streets=STREETS, houses=HOUSES)
        rebuilt_s = _rebuild(ground.database_url)
        viewer = Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
        return [_filled(rebuilt_s), *await _asked(server, viewer, names)]
    finally:
        await engine.dispose()
        await server.dispose()


def street_names() -> list[str]:
    """Return the names of streets, 3,600 of them, in an order that mixes their beginnings; every town has 640."""
    names = ["".join(parts).capitalize() for parts in product(_FIRST.split(), _MIDDLE.split(), _LAST.split())]
    random.Random(7).shuffle(names)
    return names


def _rebuild(database_url: str) -> float:
    began = time.perf_counter()
    with psycopg.connect(database_url) as connection:
        filling.rebuild(connection)
    with psycopg.connect(database_url, autocommit=True) as connection:
        made.settle(connection)
    return time.perf_counter() - began


async def _asked(server: AsyncEngine, viewer: Viewer, names: Sequence[str]) -> list[Figure]:
    floor_ms: list[float] = []
    typing: dict[int, list[float]] = {}
    for letters, text, near in _typed(names):
        floor_ms.append(await _floor(server, viewer))
        typing.setdefault(letters, []).append(await _timed(server, viewer, text, near))
    others = {
        "mistyped": [await _timed(server, viewer, text, near) for text, near in _mistyped(names)],
        "crossing": [await _timed(server, viewer, text, near) for text, near in _crossings(names)],
    }
    every = [ms for took in typing.values() for ms in took[1:]]
    floor = float(np.median(floor_ms))
    whole = [(name, each, took) for name, took in {"typing": every, **others}.items() for each in (50, 95)]
    parts = [(f"typed_{letters}", 95, took[1:]) for letters, took in typing.items()]
    return [_figure(name, percentile, took, floor) for name, percentile, took in (*whole, *parts)]


def _typed(names: Sequence[str]) -> Iterator[tuple[int, str, LonLat]]:
    """Yield prefixes of one to twenty letters of addresses, as people write them in three ways."""
    ways = ("{} көшесі, {}", "улица {}, {}", "{} {}")
    for letters in range(1, LONGEST + 1):
        for n in range(QUESTIONS + 1):
            town, street = n % TOWNS, (letters * 37 + n * 11) % STREETS
            address = ways[n % 3].format(made.name_of(names, town, street), 1 + n % HOUSES)
            yield letters, address[:letters], made.middle(town)


def _mistyped(names: Sequence[str]) -> Iterator[tuple[str, LonLat]]:
    """Yield addresses with one letter of the street's name changed."""
    chance = random.Random(11)
    for n in range(QUESTIONS * 5):
        town, name = n % TOWNS, list(made.name_of(names, n % TOWNS, n * 13 % STREETS))
        name[chance.randrange(1, len(name))] = chance.choice(_SLIPS)
        yield f"{''.join(name)} {1 + n % HOUSES}", made.middle(town)


def _crossings(names: Sequence[str]) -> Iterator[tuple[str, LonLat]]:
    """Yield crossings with every kind of separator, or none."""
    between = (" – ", " ", "/", " и ", " мен ")
    for n in range(QUESTIONS * 5):
        town, street = n % TOWNS, n * 7 % (STREETS // 2)
        one, other = (made.name_of(names, town, side) for side in (street, street + STREETS // 2))
        yield f"{one}{between[n % 5]}{other}", made.middle(town)


async def _timed(server: AsyncEngine, viewer: Viewer, text: str, near: LonLat) -> float:
    async with _visit(server, viewer) as session:
        began = time.perf_counter()
        await search(session, viewer, text, near=near, limit=10)
        return (time.perf_counter() - began) * 1000


async def _floor(server: AsyncEngine, viewer: Viewer) -> float:
    async with _visit(server, viewer) as session:
        began = time.perf_counter()
        await made.one_address(session, random.randrange(1, TOWNS * STREETS * HOUSES))
        return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def _visit(server: AsyncEngine, viewer: Viewer) -> AsyncIterator[Session]:
    async with visit_as(server, viewer) as session:
        yield session


def _filled(seconds: float) -> Figure:
    return Figure(name="geocoder.rebuild", value=round(seconds, 1), unit="s")


def _figure(name: str, percentile: int, took: Sequence[float], floor: float) -> Figure:
    value = float(np.percentile(took, percentile))
    asked = percentile == 95 and not name.startswith("typed_")
    return Figure(
        name=f"geocoder.{name}_p{percentile}",
        value=round(value, 2),
        unit="ms",
        floor=round(floor, 2),
        ratio=round(value / floor, 1),
        asked=f"<= {ASKED_MS:g} ms" if asked else None,
        holds=value <= ASKED_MS if asked else None,
    )
