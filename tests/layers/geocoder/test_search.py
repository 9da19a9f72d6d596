"""From what somebody types to the place that was meant, and back."""

from collections.abc import Awaitable, Callable

import pytest

from layers.database import Session
from layers.geocoder import queries
from layers.geocoder.schema import Found
from layers.geocoder.search import search
from layers.values import LonLat
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio
ALMATY, ASTANA = LonLat(lon=76.945, lat=43.24), LonLat(lon=71.43, lat=51.16)
Ask = Callable[..., Awaitable[list[Found]]]


@pytest.fixture
def ask(towns: Session, dispatcher: Viewer) -> Ask:
    async def ask(text: str, near: LonLat | None = ALMATY, limit: int = 10) -> list[Found]:
        return await search(towns, dispatcher, text, near=near, limit=limit)

    return ask


STREET = ("street", "проспект Абая")
CORNER = ("crossing", "проспект Абая – проспект Достык")


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        *((text, *STREET) for text in ("Абай", "абая", "Abay", "пр Абая", "f,fz", "аба", "абйа", "Abai ave")),
        *((text, "address", "проспект Абая, 12") for text in ("Абая 12", "Абай даңғылы, 12 үй", "12 Abay Ave")),
        ("f,fz 12", "address", "проспект Абая, 12"),
        *((text, "address", "проспект Абая, 12/3") for text in ("Абая 12/3", "абай 12-3")),
        *((text, "address", "проспект Абая, 12а") for text in ("Абая 12а", "пр. Абая, д. 12 А, кв. 5")),
        *((text, "address", "проспект Абая, 12 к2") for text in ("Абая 12к2", "Абая 12 корпус 2")),
        *((text, "address", "проспект Сейфуллина, 7") for text in ("Сейфулина 7", "сеифуллен 7", "Seyfullin 7")),
        *((text, "address", "Мамыр, 7-я улица, 4") for text in ("Мамыр 7 4", "мамыр 7-көшесі 4", "Mamyr 7 дом 4")),
        *((text, *CORNER) for text in ("Абай – Достық", "абай достык", "Абай/Достық", "угол Абая и Достыка")),
        *((text, *CORNER) for text in ("Достық Абай", "Abay & Dostyk", "абай дост", "Абвй Дастык")),
        ("абай мен достық қиылысы", *CORNER),
        *((text, "common_name", "ЦУМ") for text in ("ЦУМ", "цу", "tsum", "wev")),
        *((text, "place", "Городская больница № 7") for text in ("больница 7", "7 аурухана", "city hospital")),
        ("Медеуский район", "area", "Медеуский район"),
        ("43.238, 76.945", "coordinates", "43.238000, 76.945000"),
        ("76.945 43.238", "coordinates", "43.238000, 76.945000"),
        ("Абая 12 домофон", "address", "проспект Абая, 12"),
    ],
)  # fmt: skip
async def test_what_was_meant_is_found_first(ask: Ask, text: str, kind: str, title: str) -> None:
    found = await ask(text)
    assert (found[0].kind, found[0].title.ru) == (kind, title)
    assert all(0 < one.score <= 1 for one in found)


async def test_a_house_that_is_still_typed_gives_those_that_begin_so_the_typed_one_first(ask: Ask) -> None:
    found = [one.title.ru.partition(", ")[2] for one in await ask("Абая 1")]
    assert found[0] == "1"
    assert {"10", "12", "12/3", "150"} <= set(found)


async def test_a_house_that_is_not_there_gives_its_street(ask: Ask) -> None:
    assert [(one.kind, one.title.ru) for one in await ask("Абая 999")][:1] == [STREET]


async def test_an_address_says_its_area_and_which_row_it_is(ask: Ask) -> None:
    found = (await ask("Достық 5"))[0]
    assert found.address_id is not None and found.area is not None
    assert found.detail.ru.startswith("ЦУМ, ") and found.detail.ru.endswith("город Алматы")
    assert (found.place.lon, found.place.lat) == (76.9501, 43.242)


async def test_a_common_name_says_its_address(ask: Ask) -> None:
    found = (await ask("ЦУМ"))[0]
    assert found.detail.kk.startswith("Достық даңғылы, 5, ")
    assert found.address_id is not None


async def test_what_is_near_stands_first_and_the_rest_behind_it(ask: Ask) -> None:
    here, there = await ask("Абай 12", ALMATY), await ask("Абай 12", ASTANA)
    assert here[0].title.ru == "проспект Абая, 12" and "улица Абая, 12" in [one.title.ru for one in here]
    assert there[0].score < here[0].score, "the viewer's own area counts as well"
    assert (
        next(one for one in there if one.title.ru == "улица Абая, 12").score
        > next(one for one in here if one.title.ru == "улица Абая, 12").score
    )


async def test_without_a_place_the_viewers_own_area_stands_first(ask: Ask) -> None:
    assert [one.title.ru for one in await ask("Абай", None) if one.kind == "street"] == ["проспект Абая", "улица Абая"]


async def test_the_kind_of_street_that_was_said_tells_two_apart(ask: Ask) -> None:
    assert (await ask("ул Абая 12", None))[0].score < (await ask("пр Абая 12", None))[0].score


async def test_an_area_that_is_said_is_where_it_is_looked_for(ask: Ask) -> None:
    found = await ask("Астана Абай 12")
    assert found[0].title.ru == "улица Абая, 12"


async def test_a_street_has_its_extent_and_two_towns_have_a_street_each(ask: Ask) -> None:
    near, far = [one for one in await ask("Абай") if one.kind == "street"]
    assert near.extent is not None and far.extent is not None
    assert near.extent.west < 76.94 < near.extent.east and near.extent.north < 44 < 51 < far.extent.south


async def test_two_carriageways_make_one_crossing_and_streets_that_meet_twice_make_two(ask: Ask) -> None:
    assert len([one for one in await ask("Абай Достық") if one.kind == "crossing"]) == 1
    assert len([one for one in await ask("Абай Сейфуллин") if one.kind == "crossing"]) == 2


async def test_no_more_is_given_than_was_asked(ask: Ask) -> None:
    assert len(await ask("Абая 1", limit=2)) == 2


@pytest.mark.parametrize(
    "text",
    ["", "  ", "%", "_", "%_", "...", "'; DROP TABLE address; --", "\x00", "\x1b[31m", "漢字", "🦅", "ъъъ", "zzzzqqq"],
)  # fmt: skip
async def test_what_means_nothing_here_finds_nothing(ask: Ask, text: str) -> None:
    assert await ask(text) == []


async def test_ten_thousand_letters_are_answered_too(ask: Ask) -> None:
    assert await ask("щы" * 5_000) == []
    assert (await ask("Абая " + "я" * 10_000)) is not None


async def test_around_a_place_stand_its_address_street_and_crossing_with_metres(towns: Session) -> None:
    found = await queries.around(towns, LonLat(lon=76.9501, lat=43.2419))
    assert found.address and found.street and found.crossing
    assert (found.address.title.en, found.address.common_name) == ("Dostyq Avenue, 5", "ЦУМ")
    assert found.address.away_m == pytest.approx(11.1, abs=0.2)
    assert found.street.title.kk == "Достық даңғылы" and found.street.away_m == pytest.approx(8.1, abs=0.3)
    assert found.crossing.title.ru == CORNER[1] and found.crossing.away_m == pytest.approx(200, abs=15)


async def test_where_nothing_is_near_nothing_is_told(towns: Session) -> None:
    for place in (LonLat(lon=0, lat=0), LonLat(lon=180, lat=90), LonLat(lon=-180, lat=-90)):
        found = await queries.around(towns, place)
        assert (found.address, found.street, found.crossing) == (None, None, None)
