from pathlib import Path

import pytest

from ingest.city.generate import generate
from ingest.city.importer import import_city
from layers.addresses import queries as addresses
from layers.buildings import queries as buildings
from layers.cities import queries as cities
from layers.database import Session
from layers.landcover import queries as landcover
from layers.places import queries as places
from layers.values import LonLat

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("city")]
MIDDLE, FAR = LonLat(lon=76.955, lat=43.252), LonLat(lon=71.0, lat=51.0)


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> None:
    generate(tmp_path / "small.osm.pbf", size="small")
    import_city(database_url, tmp_path / "small.osm.pbf", name="Small", quiet=True)


async def test_the_nearest_address_has_its_street_in_three_languages(session: Session) -> None:
    found = await addresses.nearest(session, MIDDLE)
    assert found is not None
    assert found.street.kk != found.street.ru != found.street.en
    assert abs(found.place.lon - MIDDLE.lon) < 0.002
    assert await addresses.nearest(session, FAR) is None


async def test_a_sample_is_the_same_for_the_same_seed(session: Session) -> None:
    first, again = await addresses.sample(session, 20, seed=4), await addresses.sample(session, 20, seed=4)
    assert first == again
    assert len({a.id for a in first}) == 20
    assert first != await addresses.sample(session, 20, seed=5)


async def test_places_are_given_by_kind_with_names(session: Session) -> None:
    (police, *_) = await places.of_kind(session, "police")
    assert "полиция" in police.name.kk
    assert "Police" in police.name.en
    assert await places.of_kind(session, "castle") == []


async def test_every_room_counts_its_rows(session: Session) -> None:
    report = (await cities.every(session))[0].report["imported"]
    assert await addresses.count(session) == report["addresses"]
    assert await buildings.count(session) == report["buildings"]
    assert await landcover.count(session) == report["land cover"]
    assert await places.count(session) == sum(n for what, n in report.items() if what.startswith("places"))


async def test_a_city_knows_its_name_and_extent(session: Session) -> None:
    (found,) = await cities.every(session)
    assert found.name == "Small"
    assert found.extent.west < MIDDLE.lon < found.extent.east
    assert found.extent.south < MIDDLE.lat < found.extent.north
