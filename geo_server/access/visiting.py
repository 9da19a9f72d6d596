"""A permitted visit: the session, the policy's line, the scope in the store and the audit, in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from weakref import WeakValueDictionary

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from geo_server.access.current import CurrentEngine, CurrentSession, origin_of
from geo_server.access.policy import POLICY, Rule, require
from geo_server.access.purpose import HEADER, Purpose, purpose_of
from geo_server.access.schema import Account, OpenSession
from geo_server.audit import unwritten
from geo_server.audit.schema import Entry
from geo_server.errors import Refusal
from layers.areas.scope import enter, visit_as
from layers.database import Session, visit
from layers.incidents import queries as incidents
from layers.layer import Layer
from layers.viewer import Viewer

About = tuple[str, int | None]
Once = tuple[int, int, str, int | None]  # the session, the area entered, the operation, what it is about
ONCE_KEPT = 50_000


@dataclass(slots=True)
class ToldOnce:
    """What the server remembers of its audit: the looks at one thing that are told once a session and area."""

    told: dict[Once, None] = field(default_factory=dict)
    turns: WeakValueDictionary[Once, asyncio.Lock] = field(default_factory=WeakValueDictionary)  # while one is awaited

    @asynccontextmanager
    async def turn(self, look: Once) -> AsyncIterator[bool]:
        """Yield whether this look is to be told now; it counts as told when the block, its transaction, ends well.

        Of many that come at once one tells, and the others wait for its end: where that is a bad one, the next tells.
        """
        if look not in self.told:
            async with self.turns.setdefault(look, asyncio.Lock()):
                if look not in self.told:
                    yield True
                    self._remember(look)
                    return
        yield False

    def _remember(self, look: Once) -> None:
        self.told[look] = None
        if len(self.told) > ONCE_KEPT:
            del self.told[next(iter(self.told))]


@dataclass(slots=True, kw_only=True)
class Visiting:
    """Who asks, for what, and why. A route opens `visit` and works with the store inside it."""

    operation: str
    rule: Rule
    open_session: OpenSession
    engine: AsyncEngine
    told_once: ToldOnce
    purpose: Purpose | None = None
    origin: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    about: About | None = None

    @property
    def account(self) -> Account:
        """Return whose session it is."""
        return self.open_session.account

    @property
    def viewer(self) -> Viewer:
        """Return who asks as the ground floor knows them."""
        return self.open_session.viewer

    def of_layer(self, layer: Layer) -> Self:
        """Return itself; of the public ground nobody keeps who looked."""
        if layer.ground:
            self.operation, self.rule = "ground.read", POLICY["ground.read"]
        return self

    def say(
        self,
        *,
        about: About | None = None,
        details: Mapping[str, Any] | None = None,
        personal: Mapping[str, str] | None = None,
    ) -> None:
        """Add to the entry what only the work shows; personal values are kept as salted commitments."""
        self.about = about or self.about
        self.details |= details or {}
        self.personal |= personal or {}

    @asynccontextmanager
    async def visit(self, layer: str | None = None, object_id: int | None = None) -> AsyncIterator[Session]:
        """Open one transaction within the viewer's scope; its entry in the audit commits with it, or neither does.

        Raises Refusal `area_closed` where the area entered is gone, `audit_unwritten` where the entry cannot be
        written, `no_such_incident` where the purpose names one that is not seen. A refusal inside is itself told.
        """
        if layer is not None:
            self.about = (layer, object_id)
        try:
            # The turn ends after the transaction: what is told once is told when its entry stands.
            async with AsyncExitStack() as turn, visit(self.engine, self._enter) as session:
                await self._check_purpose(session)
                yield session
                await self._tell(session, turn)
        except Refusal as refusal:
            await self.refused(refusal)
            raise

    async def refused(self, refusal: Refusal) -> None:
        """Tell a refusal in a transaction of its own: what was tried is undone, that it was tried stays."""
        if self.rule.audit == "never" or refusal.code == "audit_unwritten":
            return
        async with visit_as(self.engine, self.viewer) as session:
            await unwritten.write(session, self._entry(outcome="refused", code=refusal.code))

    async def _enter(self, session: Session) -> None:
        if not await enter(session, self.viewer):
            raise Refusal("area_closed")

    async def _check_purpose(self, session: Session) -> None:
        incident_id = self.purpose and self.purpose.incident_id
        if incident_id and await incidents.find(session, self.viewer, incident_id) is None:
            raise Refusal("no_such_incident", id=incident_id)

    async def _tell(self, session: Session, turn: AsyncExitStack) -> None:
        if self.rule.audit == "never":
            return
        once = (self.open_session.id, self.viewer.area_id, self.operation, self.about and self.about[1])
        if self.rule.audit == "each" or await turn.enter_async_context(self.told_once.turn(once)):
            await unwritten.write(session, self._entry())

    def _entry(self, *, outcome: Any = "done", code: str | None = None) -> Entry:
        layer, object_id = self.about or (None, None)
        return Entry(
            operation=self.operation,
            outcome=outcome,
            code=code,
            who=self.account.name,
            account_id=self.account.id,
            role=self.account.role,
            area_id=self.viewer.area_id,
            layer=layer,
            object_id=object_id,
            purpose=None if self.purpose is None else self.purpose.as_json(),
            origin=self.origin,
            details=self.details,
            personal=self.personal if outcome == "done" else {},
        )


def require_step_up(session: OpenSession) -> None:
    """Raise `Refusal("step_up_needed")` with the means, unless this session proved itself within ten minutes."""
    if session.stepped_up_at is None:  # by the store's clock: it tells no older one
        means = () if session.means == "basic" else session.account.proofs
        raise Refusal("step_up_needed", means=list(means))


def permitted(operation: str) -> Any:
    """Return the dependency that lets a route do this operation of the policy's table; its value is a `Visiting`.

    Raises Refusal: not_signed_in, second_factor_needed, not_your_role, step_up_needed with the means, purpose_needed,
    bad_purpose.
    """
    rule = POLICY[operation]

    async def allow(connection: HTTPConnection, session: CurrentSession, engine: CurrentEngine) -> Visiting:
        visiting = Visiting(
            operation=operation,
            rule=rule,
            open_session=session,
            engine=engine,
            told_once=connection.app.state.told_once,
            origin=origin_of(connection),
        )
        try:
            require(session.account.role, operation)
            if rule.step_up:
                require_step_up(session)
            visiting.purpose = purpose_of(connection.headers.get(HEADER))
            if rule.purpose and visiting.purpose is None:
                raise Refusal("purpose_needed", operation=operation)
        except Refusal as refusal:
            await visiting.refused(refusal)
            raise
        return visiting

    return Depends(_named(allow, operation))


def named(operation: str) -> Any:
    """Return the dependency of a route that opens no visit, so that it too stands in the policy's table."""

    async def nothing() -> None:
        return None

    assert operation in POLICY
    return Depends(_named(nothing, operation))


def _named(dependency: Any, operation: str) -> Any:
    dependency.operation = operation
    return dependency
