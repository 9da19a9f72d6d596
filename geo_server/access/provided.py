"""Coming in by a provider: the account is made or brought up to date to what the groups mean, and nothing above it."""

import hashlib
from dataclasses import dataclass
from typing import Any

import structlog

from geo_server.access import oidc_queries, queries
from geo_server.access.accounts import Gate
from geo_server.access.oidc import Identity, ProviderFault
from geo_server.access.provider import Provider, Standing
from geo_server.access.schema import Account, OpenSession
from geo_server.access.trail import Asker
from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.errors import Refusal
from layers.areas import queries as areas
from layers.areas.schema import Area
from layers.areas.scope import visit_whole
from layers.database import Session

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """The way in for people whom the provider vouches for."""

    gate: Gate
    provider: Provider
    asker: Asker

    async def come_in(self, identity: Identity) -> tuple[OpenSession, str]:
        """Open a session and return it with its token; raises Refusal `not_entitled` or `area_closed`, in the audit."""
        standing = self.provider.standing(identity.groups)
        async with visit_whole(self.gate.engine) as session:
            account = await self._account(session, identity, standing)
        if account is None:
            await self._tell_refusal("not_entitled", {"groups": len(identity.groups)}, identity)
            raise Refusal("not_entitled")
        return await self.gate.open(account, means="oidc", asker=self.asker)

    async def refusal(self, fault: ProviderFault) -> Refusal:
        """Write what the provider did wrong into the audit, and return the one refusal that the person is told."""
        log.warning("provider_failed", why=fault.why)
        await self._tell_refusal("provider_failed", {"why": fault.why})
        return Refusal("provider_failed")

    async def _account(self, session: Session, identity: Identity, standing: Standing | None) -> Account | None:
        """Return the account as it now stands; None where the person may not come in, and then its sessions end."""
        area = await areas.by_code(session, standing.area) if standing else None
        known = await oidc_queries.account_of(session, identity)
        if standing is None or area is None:
            if known is not None:
                await queries.end_sessions_of(session, known[0], by="provider")
            return None
        if known is None:
            account_id = await self._make(session, identity, standing, area)
        elif not known[3]:  # an administrator disabled it: no group undoes that
            return None
        else:
            account_id = known[0]
            if known[1:3] != (standing.role, area.id):
                await oidc_queries.renew(session, account_id, role=standing.role, area_id=area.id)
                before = {"role": known[1].value, "area_id": known[2]}
                await self._tell(session, account_id, identity, standing, area, {"before": before})
        return await queries.find_account(session, account_id, demo=self.gate.demo)

    async def _make(self, session: Session, identity: Identity, standing: Standing, area: Area) -> int:
        """Write the account; a name that somebody else has here is told apart, never taken over."""
        for name in (identity.name, _told_apart(identity)):
            made = await oidc_queries.make(session, identity, name, role=standing.role, area_id=area.id)
            if made is not None:
                await self._tell(session, made, identity, standing, area, {"made": True})
                return made
        known = await oidc_queries.account_of(session, identity)  # two browsers of a new person at once
        if known is None:
            raise Refusal("not_entitled")
        return known[0]

    async def _tell(
        self,
        session: Session,
        account_id: int,
        identity: Identity,
        standing: Standing,
        area: Area,
        details: dict[str, Any],
    ) -> None:
        told = {"by": identity.issuer, "role": standing.role.value, "area_id": area.id, **details}
        entry = Entry(
            operation="accounts.provide",
            who=identity.name,
            account_id=account_id,
            role=standing.role,
            area_id=area.id,
            layer="accounts",
            object_id=account_id,
            origin=self.asker.origin,
            details=told,
        )
        await record.write(session, entry)

    async def _tell_refusal(self, code: str, details: dict[str, Any], identity: Identity | None = None) -> None:
        entry = Entry(
            operation="session.open",
            outcome="refused",
            code=code,
            who="",
            origin=self.asker.origin,
            details={"means": "oidc", "by": self.provider.issuer, **details},
            personal={} if identity is None else {"name": identity.name, "subject": identity.subject},
        )
        async with visit_whole(self.gate.engine) as session:
            await record.write(session, entry)


def _told_apart(identity: Identity) -> str:
    mark = hashlib.sha256(f"{identity.issuer} {identity.subject}".encode()).hexdigest()[:8]
    return f"{identity.name[:55]} {mark}"
