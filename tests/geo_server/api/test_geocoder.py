"""Places are found by what is typed and looked up by where they are, for every account alike."""

from typing import Any, Protocol

import httpx
import psycopg
import pytest

from layers.geocoder.filling import rebuild

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


@pytest.fixture
async def named(town: Town, database_url: str) -> Town:
    """The town with a house, and with its names folded."""
    await town.sql(
        """INSERT INTO address (osm_id, street, street_ru, house, common_name, geom) VALUES
           (1, 'Абай', 'улица Абая', '12', 'ЦУМ', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))""",
        **town.at(20, 0),
    )
    with psycopg.connect(database_url) as link:
        rebuild(link)
    return town


async def test_an_address_is_found_by_everyone_alike(named: Town, as_: As) -> None:
    here = named.at(0, 0)
    asked = {"q": "Абай 12", "near": f"{here['lon']},{here['lat']}"}
    answers = [(await as_(who).get("/api/geocode", params=asked)) for who in ("dispatcher", "planner", "commander")]
    first = [answer.json()["found"][0] for answer in answers]
    assert {one["address_id"] for one in first} == {1}
    assert (first[0]["kind"], first[0]["title"]["ru"], first[0]["extent"]) == ("address", "улица Абая, 12", None)
    assert first[0]["area"]["name"]["ru"] == "Медеуский район"
    assert first[0]["place"] == pytest.approx(named.at(20, 0))
    assert await named.sql("SELECT 1 FROM audit WHERE operation LIKE 'geocoder%'") == []


async def test_a_place_says_what_stands_around_it(named: Town, as_: As) -> None:
    around = (await as_("dispatcher").get("/api/geocode/reverse", params=named.at(20, 30))).json()
    assert around["address"]["title"]["ru"] == "улица Абая, 12"
    assert around["address"]["away_m"] == pytest.approx(30, abs=0.5)
    assert around["street"]["away_m"] == pytest.approx(20, abs=0.5)
    assert around["crossing"] is None, "the town's roads all bear one name"


@pytest.mark.parametrize("text", ["", "%", "_", "...", "\x1b", "😀", "'", "\\", "a:*", "!|&()"])
async def test_a_strange_text_is_an_empty_list(named: Town, as_: As, text: str) -> None:
    found = await as_("dispatcher").get("/api/geocode", params={"q": text})
    assert (found.status_code, [one["kind"] for one in found.json()["found"] if one["kind"] == "address"]) == (200, [])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("?q=" + "a" * 10_000, "search_too_long"),
        ("?q=a&near=200,43", "bad_near"),
        ("?q=a&near=nan,43", "bad_near"),
        ("?q=a&near=76", "bad_near"),
        ("?q=a&near=a,b", "bad_near"),
        ("?q=a&limit=0", "bad_request"),
        ("", "bad_request"),
        ("/reverse?lon=200&lat=43", "bad_request"),
        ("/reverse?lon=nan&lat=43", "bad_request"),
        ("/reverse?lon=76", "bad_request"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_one_word(town: Town, as_: As, path: str, code: str) -> None:
    refused = await as_("dispatcher").get(f"/api/geocode{path}")
    assert (refused.status_code, refused.json()["code"]) == (400, code)
