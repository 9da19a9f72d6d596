"""The demo's 112 calls: events through ingest's own door, somewhere believable, every minute or so."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import httpx
import structlog

from ingest.demo import queries, words
from ingest.demo.past import CATEGORIES, Address, crossings
from ingest.demo.streets import Streets
from ingest.demo.traffic import Door
from layers.database import Session

PAUSE_S = (40.0, 90.0)
HOUSES = 5_000
FIRST_AFTER_S = 5.0  # a first-time visitor should not wait for the first one
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as a 112 exchange reports it; `said` is in Kazakh and Russian."""

    id: str
    category: str
    where: Address
    caller_name: str
    caller_phone: str
    language: str
    kk: str
    ru: str


async def load_places(session: Session, streets: Streets) -> tuple[list[Address], list[Address]]:
    """Return some of the houses, and the crossings, that callers speak of."""
    return await queries.addresses(session, limit=HOUSES), crossings(streets)


def invent_call(rng: Random, houses: Sequence[Address], crossings: Sequence[Address]) -> Call:
    """Return a call: accidents are reported from crossings of big streets, the rest from houses."""
    category = rng.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    said = words.said(rng, category)
    name, phone = words.caller(rng)
    places = crossings if category == "road_accident" or not houses else houses
    return Call(
        id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        category=category,
        where=rng.choices(places, [place.weight for place in places])[0],
        caller_name=name,
        caller_phone=phone,
        language=rng.choice(("kk", "ru")),
        kk=said.kk,
        ru=said.ru,
    )


def as_event(call: Call, at: datetime) -> dict[str, object]:
    """Return a call as one event of `POST /events`; a person speaks, so the certainty is 1."""
    return {
        "id": call.id,
        "kind": "call",
        "at": at.isoformat(),
        "lon": call.where.place.lon,
        "lat": call.where.place.lat,
        "certainty": 1.0,
        "details": {
            "category": call.category,
            "caller": {"name": call.caller_name, "phone": call.caller_phone},
            "description": call.kk if call.language == "kk" else call.ru,
            "said": {"kk": call.kk, "ru": call.ru},
            "language": call.language,
            "address": call.where.words or None,
        },
    }


async def run(houses: Sequence[Address], crossings: Sequence[Address], door: Door) -> None:
    """Call until cancelled; raises httpx.TransportError when the door is gone."""
    rng = Random(time.time_ns())  # a second evening of the demo must not repeat the first: its events would be repeats
    await asyncio.sleep(FIRST_AFTER_S)
    async with httpx.AsyncClient(timeout=10.0, trust_env=False, headers={"X-Qyran-Key": door.key}) as client:
        while True:
            event = as_event(invent_call(rng, houses, crossings), datetime.now(UTC))
            answer = await client.post(f"{door.url}/events", json={"events": [event]})
            if answer.is_error:
                log.warning("demo_call_refused", status=answer.status_code)
            await asyncio.sleep(rng.uniform(*PAUSE_S))
