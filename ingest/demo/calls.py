"""The demo's telephone exchange: calls ring at ingest's own door, from somewhere believable, every minute or so."""

import asyncio
import math
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import structlog

from ingest.demo import queries, words
from ingest.demo.past import CATEGORIES, Address, crossings
from ingest.demo.streets import METRES_PER_DEGREE, Streets
from ingest.demo.traffic import Door
from layers.database import Session
from layers.values import LonLat

PAUSE_S = (40.0, 90.0)
HOUSES = 5_000
FIRST_AFTER_S = 5.0  # a first-time visitor should not wait for the first one
WITH_AML, WITH_CELL, HANGS_UP = 0.75, 0.3, 0.1  # shares of the calls
_AML_AFTER_S = (3.0, 18.0)  # it comes within 20 s of the call
_ANSWERED_AFTER_S, _GIVES_UP_AFTER_S, _LASTS_S = (8.0, 25.0), (20.0, 40.0), (45.0, 150.0)
_PIDF_LO = """<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:demo@112.invalid">
<tuple id="cell"><status><gp:geopriv><gp:location-info><gs:Circle srsName="urn:ogc:def:crs:EPSG::4326">
<gml:pos>{lat:.6f} {lon:.6f}</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::9001">{radius_m:.0f}</gs:radius></gs:Circle>
</gp:location-info><gp:usage-rules/></gp:geopriv></status></tuple></presence>"""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as the exchange will tell of it; `said` is what its operator noted down."""

    id: str
    category: str
    where: Address
    caller_name: str
    caller_phone: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message about a call, so many seconds after it began to ring."""

    after_s: float
    fields: dict[str, Any]


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
        said=rng.choice((said.kk, said.ru)),
    )


def script(rng: Random, call: Call, at: datetime) -> list[Message]:
    """Return all that the exchange will say of a call that begins to ring at `at` (UTC), in order."""
    told = [_message(call, at, "ringing", 0.0, line="112", phone=call.caller_phone, **_cell(rng, call))]
    if rng.random() < WITH_AML:
        after_s = rng.uniform(*_AML_AFTER_S)
        told.append(_message(call, at, "ringing", after_s, position=_aml(rng, call.where.place, at, after_s)))
    ends_s = rng.uniform(*_GIVES_UP_AFTER_S)
    if rng.random() >= HANGS_UP:
        answered_s = rng.uniform(*_ANSWERED_AFTER_S)
        ends_s = answered_s + rng.uniform(*_LASTS_S)
        told.append(_message(call, at, "answered", answered_s, caller_name=call.caller_name, said=call.said))
    told.append(_message(call, at, "ended", ends_s))
    return sorted(told, key=lambda one: one.after_s)


async def run(houses: Sequence[Address], crossings: Sequence[Address], door: Door) -> None:
    """Ring until cancelled; raises httpx.TransportError in a group when the door is gone."""
    rng = Random(time.time_ns())  # a second evening of the demo must not repeat the first: its calls would be repeats
    await asyncio.sleep(FIRST_AFTER_S)
    headers = {"X-Qyran-Key": door.key}
    async with (
        httpx.AsyncClient(timeout=10.0, trust_env=False, headers=headers) as client,
        asyncio.TaskGroup() as lines,
    ):
        while True:
            call = invent_call(rng, houses, crossings)
            lines.create_task(_tell(client, door, script(rng, call, datetime.now(UTC))))
            await asyncio.sleep(rng.uniform(*PAUSE_S))


async def _tell(client: httpx.AsyncClient, door: Door, messages: Sequence[Message]) -> None:
    told_s = 0.0
    for message in messages:
        await asyncio.sleep(message.after_s - told_s)
        told_s = message.after_s
        answer = await client.post(f"{door.url}/calls", json={"calls": [message.fields]})
        if answer.is_error:
            log.warning("demo_call_refused", status=answer.status_code)


def _message(call: Call, at: datetime, state: str, after_s: float, **more: Any) -> Message:
    moment = (at + timedelta(seconds=after_s)).isoformat()
    return Message(after_s=after_s, fields={"id": call.id, "state": state, "at": moment, **more})


def _cell(rng: Random, call: Call) -> dict[str, str]:
    """Return where the network knows a caller to be before the handset says better: a wide circle."""
    if rng.random() >= WITH_CELL:
        return {}
    radius_m = rng.uniform(500, 2_500)
    around = _beside(rng, call.where.place, radius_m / 3)
    return {"pidf_lo": _PIDF_LO.format(lat=around.lat, lon=around.lon, radius_m=radius_m)}


def _aml(rng: Random, place: LonLat, at: datetime, after_s: float) -> dict[str, Any]:
    radius_m = round(rng.lognormvariate(3.2, 0.6), 1)
    seen = _beside(rng, place, radius_m / 2.15)  # of a normal error 90 % lie within 2.15 of its sigmas
    positioned = at + timedelta(seconds=after_s - 1)
    circle = {"radius_m": radius_m, "confidence_pct": 90, "at": positioned.isoformat(), "by": "aml"}
    return {"lon": round(seen.lon, 6), "lat": round(seen.lat, 6), **circle}


def _beside(rng: Random, place: LonLat, sigma_m: float) -> LonLat:
    up = rng.gauss(0, sigma_m) / METRES_PER_DEGREE
    side = rng.gauss(0, sigma_m) / METRES_PER_DEGREE / math.cos(math.radians(place.lat))
    return LonLat(lon=place.lon + side, lat=place.lat + up)
