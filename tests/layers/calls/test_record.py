from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from layers.areas import queries as areas
from layers.calls import queries as calls
from layers.calls.places import Located, PlacedBy
from layers.calls.record import hear
from layers.calls.rules import Outcome, State
from layers.calls.schema import Call, Heard
from layers.database import Session
from layers.sources.queries import add
from layers.sources.schema import Source
from layers.values import LonLat

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
MEDEU, DESERT, ABROAD = LonLat(lon=76.97, lat=43.23), LonLat(lon=69.0, lat=47.5), LonLat(lon=37.62, lat=55.75)


@pytest.fixture
async def exchange(session: Session) -> Source:
    """The exchange of Almaty."""
    home = await areas.by_code(session, "KZ-75")
    assert home is not None
    source_id = await add(session, name="112", kind="exchange", area_id=home.id)
    return Source(id=source_id, name="112", kind="exchange", area_id=home.id, enabled=True, rate_per_s=1, rows_per_s=1)


def says(state: State = State.RINGING, *, after_s: float = 0, **more: Any) -> Heard:
    return Heard(exchange_id="c1", state=state, at=NOW + timedelta(seconds=after_s), **more)


def aml(place: LonLat = MEDEU, *, after_s: float = 5, radius_m: float = 30, by: PlacedBy = PlacedBy.AML) -> Located:
    at = NOW + timedelta(seconds=after_s)
    return Located(place=place, by=by, at=at, radius_m=radius_m, confidence_pct=90)


async def kept(session: Session, exchange: Source) -> Call:
    found = await calls.hold_of_exchange(session, exchange.id, "c1")
    assert found is not None
    return found


async def test_later_messages_add_to_the_same_call_and_repeats_change_nothing(
    session: Session, exchange: Source
) -> None:
    messages = [
        says(line="112-3", phone="+77015550101"),
        says(after_s=6, located=(aml(),), caller_name="Айгүл"),
        says(State.ANSWERED, after_s=9),
        says(State.ENDED, after_s=70),
    ]
    ids = {(await hear(session, exchange, message)).call_id for message in messages}
    first, lines = await kept(session, exchange), len(await calls.entries(session, min(ids)))
    for message in messages:
        await hear(session, exchange, message)
    again = await kept(session, exchange)
    assert len(ids) == 1 and again == first
    assert len(await calls.entries(session, min(ids))) == lines
    assert (first.state, first.outcome, first.line, first.caller_name) == (State.ENDED, None, "112-3", "Айгүл")
    assert (first.answered_at, first.ended_at) == (NOW + timedelta(seconds=9), NOW + timedelta(seconds=70))
    assert (first.placed_by, first.radius_m, first.confidence_pct, first.outside) == (PlacedBy.AML, 30, 90, False)


async def test_a_call_belongs_to_the_district_it_comes_from_and_without_a_place_to_its_exchange(
    session: Session, exchange: Source
) -> None:
    await hear(session, exchange, says())
    before = await kept(session, exchange)
    assert (before.area.id, before.place, before.outside) == (exchange.area_id, None, False)
    await hear(session, exchange, says(located=(aml(),)))
    district = await areas.by_code(session, "KZ-75-MED")
    assert district is not None and (await kept(session, exchange)).area.id == district.id


async def test_a_call_from_another_oblast_stays_with_its_exchange_and_says_so(
    session: Session, exchange: Source
) -> None:
    await hear(session, exchange, says(located=(aml(DESERT),)))
    found = await kept(session, exchange)
    assert (found.area.id, found.place, found.outside) == (exchange.area_id, DESERT, True)


async def test_a_place_in_another_country_is_kept_on_record_and_shown_nowhere(
    session: Session, exchange: Source
) -> None:
    told = await hear(session, exchange, says(located=(aml(ABROAD),)))
    found = await kept(session, exchange)
    assert told.beyond_country
    assert (found.place, found.placed_by, found.outside) == (None, PlacedBy.NONE, True)
    (line,) = [entry for entry in await calls.entries(session, found.id) if entry.kind == "located"]
    assert (line.details["lon"], line.details["abroad"]) == (ABROAD.lon, True)
    await hear(session, exchange, says(after_s=20, located=(aml(after_s=20),)))
    assert (await kept(session, exchange)).outside is False


async def test_an_imported_city_beyond_the_border_counts_as_ours(session: Session, exchange: Source) -> None:
    city = """INSERT INTO city (name, sha256, report, geom)
        VALUES ('x', 'x', '{}', ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.1))"""
    await session.execute(text(city), {"lon": ABROAD.lon, "lat": ABROAD.lat})
    await hear(session, exchange, says(located=(aml(ABROAD),)))
    assert (await kept(session, exchange)).place == ABROAD


async def test_a_coarser_place_at_the_same_moment_is_noted_and_not_taken(session: Session, exchange: Source) -> None:
    cell = aml(LonLat(lon=76.9, lat=43.2), after_s=20, radius_m=3_000, by=PlacedBy.PIDF_LO)
    await hear(session, exchange, says(located=(aml(), cell)))
    found = await kept(session, exchange)
    assert found.place == MEDEU
    lines = [entry.details["taken"] for entry in await calls.entries(session, found.id) if entry.kind == "located"]
    assert lines == [True, False]


async def test_what_comes_out_of_order_or_alone_is_taken_all_the_same(session: Session, exchange: Source) -> None:
    await hear(session, exchange, says(State.ENDED, after_s=60))
    assert (await kept(session, exchange)).outcome is Outcome.ABANDONED
    await hear(session, exchange, says(State.ANSWERED, after_s=10))
    await hear(session, exchange, says(State.RINGING))
    found = await kept(session, exchange)
    assert (found.state, found.outcome, found.rang_at) == (State.ENDED, None, NOW)
    assert found.answered_at == NOW + timedelta(seconds=10)


async def test_an_exchange_never_writes_over_what_stands(session: Session, exchange: Source) -> None:
    await hear(session, exchange, says(phone="+77015550101", address="Абай 1"))
    await hear(session, exchange, says(phone="+77019999999", address="Абай 2"))
    found = await kept(session, exchange)
    assert (found.phone, found.address) == ("+77015550101", "Абай 1")


async def later(session: Session, call_id: int) -> list[dict[str, Any]]:
    return [dict(line.details) for line in await calls.entries(session, call_id) if line.kind == "told_later"]


async def test_what_an_exchange_tells_later_and_otherwise_is_added_and_stands_in_the_record_once(
    session: Session, exchange: Source
) -> None:
    first, second = says(phone="+77015550101", said="Дым."), says(phone="+77019999999", said="Кричат люди.")
    for message in (first, second, second, first):
        await hear(session, exchange, message)
    found = await kept(session, exchange)
    assert (found.phone, found.said) == ("+77015550101", "Дым.\nКричат люди.")
    assert await later(session, found.id) == [{"phone": "+77019999999"}, {"said": "Кричат люди."}]


async def test_an_operator_who_types_on_tells_the_whole_anew(session: Session, exchange: Source) -> None:
    await hear(session, exchange, says(said="Дым"))
    await hear(session, exchange, says(said="Дым в подвале"))
    await hear(session, exchange, says(said="Дым"))
    assert (await kept(session, exchange)).said == "Дым в подвале"


async def test_what_a_dispatcher_wrote_over_is_not_added_again_and_what_does_not_fit_stands_in_the_record(
    session: Session, exchange: Source
) -> None:
    await hear(session, exchange, says(said="Дым."))
    found = await kept(session, exchange)
    await calls.change(session, found.id, {"said": "х" * 3_999})
    await calls.add_entry(session, found.id, "noted", "aigul", {"changed": ["said"], "was": {"said": "Дым."}})
    await hear(session, exchange, says(said="Дым."))
    assert await later(session, found.id) == []
    await hear(session, exchange, says(said="Пожар."))
    assert (await kept(session, exchange)).said == "х" * 3_999
    assert await later(session, found.id) == [{"said": "Пожар."}]


async def test_a_border_that_moves_takes_calls_along_and_a_home_that_closes_hands_them_up(
    session: Session, exchange: Source
) -> None:
    await hear(session, exchange, says(located=(aml(),)))
    await session.execute(text("UPDATE area SET closed_at = now() WHERE code = 'KZ-75-MED'"))
    assert (await kept(session, exchange)).area.id == exchange.area_id
    await session.execute(text("UPDATE area SET closed_at = now() WHERE code LIKE 'KZ-75%'"))
    republic = await areas.by_code(session, "KZ")
    assert republic is not None and (await kept(session, exchange)).area.id == republic.id
