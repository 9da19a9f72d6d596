"""A desk in Medeu: an incident, a unit that is sent to it, people who are told, channels in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.door.cluster import Store
from geo_server.notify import notices, queries
from geo_server.notify.channel import Message, Outcome, Receipt, Sent
from geo_server.notify.delivering import Delivery
from geo_server.notify.schema import Kind, Recipient, Told
from layers.areas.scope import visit_as, visit_whole
from layers.database import SERVER, as_role, engine_for, visit
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident
from layers.values import Title
from layers.viewer import Viewer
from tests.scene import MEDEU, viewer_of

OPEN = Title(kk="x", ru="x", en="x")


@dataclass(slots=True)
class Told112:
    """A channel in memory: keeps what it was given, and answers what `answers` returns; it may hang."""

    name: str
    configured: bool = True
    at_once: int = 4
    patience_s: float = 30.0
    title: Title = OPEN
    took: list[Message] = field(default_factory=list)
    answers: Callable[[Message], Outcome] = lambda _: Sent()
    hangs: bool = False
    wanted: int = 10**9
    enough: asyncio.Event = field(default_factory=asyncio.Event)  # so many came as were wanted

    async def send(self, message: Message) -> Outcome:
        self.took.append(message)
        if len(self.took) >= self.wanted:
            self.enough.set()
        if self.hangs:
            await asyncio.Event().wait()
        return self.answers(message)

    async def close(self) -> None:
        pass


@dataclass(slots=True)
class Desk:
    """Everything a test of the chain needs: `owner` sees and writes all, `server` is what the house runs as."""

    owner: AsyncEngine
    server: AsyncEngine
    viewer: Viewer
    incident: Incident
    unit_id: int
    dispatch_id: int
    delivery: Delivery
    channels: dict[str, Told112]

    async def sql(self, asked: str, **values: Any) -> list[Any]:
        async with visit(self.owner) as session:
            found = await session.execute(text(asked), values)
            return list(found.all()) if found.returns_rows else []

    async def contact(self, name: str = "Асель", **other: Any) -> int:
        row: dict[str, Any] = {
            "role": "akimat_duty",
            "phone": "+77010000001",
            "email": "a@example.kz",
            "channels": ["sms_smpp", "mail"],
        }
        row |= {"language": "ru", "escalates": None, "unit": None, "area": self.viewer.area_id, "on": True, **other}
        asked = """INSERT INTO contact (area_id, unit_id, name, role, language, phone, email, channels, escalates_to_id,
                enabled, created_by)
            VALUES (:area, :unit, :name, :role, :language, :phone, :email, :channels, :escalates,
                :on, 'x') RETURNING id"""
        ((made,),) = await self.sql(asked, name=name, **row)
        return int(made)

    async def queue(self, *to: Recipient, kind: Kind = "incident", alarm: int = 0) -> list[int]:
        """Have them told, as a dispatcher's act does."""
        async with visit_as(self.server, self.viewer) as session:
            return await notices.queue(session, self.viewer, self.incident, to, kind, alarm=alarm)

    async def sent(self) -> int:
        """Tell the unit that it was sent; return the chain."""
        to = Recipient(kind="unit", id=self.unit_id, dispatch_id=self.dispatch_id)
        return (await self.queue(to, kind="dispatch"))[0]

    async def deliver(self, *names: str) -> None:
        """Try what waits for these channels, all where none is named."""
        for name in names or tuple(self.channels):
            for one in await self.delivery.deliver(self.channels[name], 50):
                await one

    async def pass_time(self) -> None:
        """Let every timer run out, and go on."""
        await self.sql("UPDATE notice_chain SET due_at = now() WHERE state = 'open'")
        await self.delivery.look()

    async def told(self, chain_id: int) -> Told:
        async with visit_whole(self.server) as session:
            found = await queries.told_one(session, chain_id)
        assert found is not None
        return found

    async def entries(self) -> list[str]:
        async with visit_whole(self.server) as session:
            return [one.kind for one in await incidents.timeline(session, self.incident.id)]


@pytest.fixture(scope="module")
def notices_url(store: Store, template: str) -> Iterator[str]:
    """One store for the tests of a file: each has an incident of its own."""
    name = f"{template}_notices"
    store.create_database(name, template)
    yield store.url(name)
    store.drop_database(name)


@pytest.fixture
async def desk(notices_url: str) -> AsyncIterator[Desk]:
    owner, server = engine_for(notices_url, size=2), engine_for(as_role(notices_url, SERVER), size=4)
    viewer = await viewer_of(owner, "KZ-75-MED")
    channels = {name: Told112(name) for name in ("crew_page", "sms_smpp", "mail")}
    delivery = Delivery(server, channels, asyncio.Queue[Receipt](), every_s=0.01)
    desk = Desk(owner, server, viewer, await _incident(owner, viewer), 0, 0, delivery, channels)
    desk.unit_id, desk.dispatch_id = await _send_a_unit(desk)
    yield desk
    # What this test left open is not the next one's.
    await desk.sql("UPDATE notice_chain SET state = 'expired', due_at = NULL, ended_at = now() WHERE state = 'open'")
    await desk.sql("UPDATE notice SET state = 'expired' WHERE state IN ('queued', 'sent')")
    await desk.sql("DELETE FROM contact")
    await desk.sql("DELETE FROM notice_channel")
    await owner.dispose()
    await server.dispose()


async def _incident(owner: AsyncEngine, viewer: Viewer) -> Incident:
    asked = """INSERT INTO incident (number, category, priority, state, opened_at, opened_by, address, geom)
        VALUES ('26-' || nextval('incident_number'), 'other', 1, 'pending', now(), 'x', 'Абая 1',
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    async with visit(owner) as session:
        made = (await session.execute(text(asked), {"lon": MEDEU.lon, "lat": MEDEU.lat})).scalar_one()
        found = await incidents.find(session, viewer, made)
    assert found is not None
    return found


async def _send_a_unit(desk: Desk) -> tuple[int, int]:
    ((unit_id,),) = await desk.sql(
        """INSERT INTO unit (call_sign, device, service, kind, home_area_id)
        SELECT n, n, 'fire', 'engine', :area FROM (SELECT '101-' || nextval('incident_number') AS n) x RETURNING id""",
        area=desk.viewer.area_id,
    )
    asked = """INSERT INTO dispatch (incident_id, unit_id, dispatched_by, area_id, geom)
        VALUES (:incident, :unit, 'x', :area, ST_GeomFromText('LINESTRING(76 43, 76.1 43)', 4326)) RETURNING id"""
    ((sent,),) = await desk.sql(asked, incident=desk.incident.id, unit=unit_id, area=desk.viewer.area_id)
    return int(unit_id), int(sent)
