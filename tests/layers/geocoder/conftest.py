"""Two towns with streets of one name, written once and read by every test of this folder."""

import uuid
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.door.cluster import Store
from layers.areas.queries import by_code
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.geocoder.filling import rebuild
from layers.values import Role
from layers.viewer import Viewer

ABAI = ("проспект Абая", "Абай даңғылы", "проспект Абая", "Abai Avenue")
DOSTYK = ("проспект Достык", "Достық даңғылы", "проспект Достык", "Dostyq Avenue")
SEIFULLIN = ("проспект Сейфуллина", "Сейфуллин даңғылы", "проспект Сейфуллина", "Seifullin Avenue")
MAMYR = ("Мамыр, 7-я улица", "Мамыр 7-көшесі", "Мамыр, 7-я улица", "Mamyr Street 7")
ELSEWHERE = ("улица Абая", "Абай көшесі", "улица Абая", "Abai Street")
# street, house, common name, lon, lat: the first town is Almaty, the second Astana, 970 km to the north.
ADDRESSES = (
    *((ABAI, house, None, 76.9400 + 0.0004 * n, 43.2401) for n, house in enumerate(("1", "10", "12", "12/3", "12а"))),
    (ABAI, "12 к2", None, 76.9430, 43.2401),
    (ABAI, "150", None, 76.9300, 43.2401),
    (DOSTYK, "5", "ЦУМ", 76.9501, 43.2420),
    (DOSTYK, "85", None, 76.9501, 43.2380),
    (SEIFULLIN, "7", None, 76.9351, 43.2450),
    (MAMYR, "4", None, 76.8500, 43.2150),
    (ELSEWHERE, "12", None, 71.4300, 51.1600),
    (ELSEWHERE, "150", None, 71.4310, 51.1600),
)
# street, from node, to node, the line: Abai has two carriageways where it meets Dostyk, and meets Seifullin twice.
ROADS = (
    (ABAI, 1, 2, "76.93 43.24, 76.935 43.24"),
    (ABAI, 2, 3, "76.935 43.24, 76.95 43.24"),
    (ABAI, 4, 5, "76.95 43.2402, 76.935 43.2402"),
    (DOSTYK, 3, 4, "76.95 43.24, 76.95 43.2402"),
    (DOSTYK, 4, 6, "76.95 43.2402, 76.95 43.245"),
    (SEIFULLIN, 2, 7, "76.935 43.24, 76.935 43.25"),
    (SEIFULLIN, 7, 8, "76.935 43.25, 76.93 43.25"),
    (SEIFULLIN, 8, 1, "76.93 43.25, 76.93 43.24"),
)
HOSPITAL = (900, "Қалалық аурухана № 7", "Қалалық аурухана № 7", "Городская больница № 7", "City Hospital No. 7")


@pytest.fixture(scope="session")
def towns_url(store: Store, template: str) -> Iterator[str]:
    """A database with the towns, their names folded."""
    name = f"towns_{uuid.uuid4().hex[:8]}"
    store.create_database(name, template)
    with psycopg.connect(store.url(name)) as connection:
        write_towns(connection)
        rebuild(connection)
    yield store.url(name)
    store.drop_database(name)


def write_towns(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Write the addresses, the roads and a hospital that stands at an address."""
    address = """INSERT INTO address (osm_id, street, street_kk, street_ru, street_en, house, common_name, geom)
        VALUES (%s, %s, %s, %s, %s, %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4326))"""
    road = """INSERT INTO road
        (osm_id, class, name, name_kk, name_ru, name_en, from_node, to_node, speed_kmh, length_m, geom)
        VALUES (1, 'primary', %s, %s, %s, %s, %s, %s, 60, 100, ST_GeomFromText(%s, 4326))"""
    place = """INSERT INTO place (osm_id, kind, name, name_kk, name_ru, name_en, geom)
        VALUES (%s, 'hospital', %s, %s, %s, %s, ST_SetSRID(ST_MakePoint(76.9351, 43.245), 4326))"""
    for n, (street, house, common_name, lon, lat) in enumerate(ADDRESSES):
        osm_id = HOSPITAL[0] if street == SEIFULLIN else n
        connection.execute(address, (osm_id, *street, house, common_name, lon, lat))
    for name, begins, ends, line in ROADS:
        connection.execute(road, (*name, begins, ends, f"LINESTRING({line})"))
    connection.execute(place, HOSPITAL)


@pytest.fixture
async def server(towns_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(as_role(towns_url, SERVER), size=1)
    yield engine
    await engine.dispose()


@pytest.fixture
async def dispatcher(server: AsyncEngine) -> Viewer:
    """Somebody who looks at the city of Almaty."""
    async with visit(server) as session:
        almaty = await by_code(session, "KZ-75")
    assert almaty is not None
    return Viewer(account_id=1, name="d", role=Role.DISPATCHER, area_id=almaty.id, own_area_id=almaty.id)


@pytest.fixture
async def towns(server: AsyncEngine, dispatcher: Viewer) -> AsyncIterator[Session]:
    """A visit to the towns as the server's own role makes it."""
    async with visit_as(server, dispatcher) as session:
        yield session
