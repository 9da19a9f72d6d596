"""What a person does with their own session and account: prove who they are, enter an area, change what proves it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from anyio import to_thread

from geo_server.access import factor_queries, passwords, queries, second_factor, trail, webauthn
from geo_server.access.accounts import Gate
from geo_server.access.schema import Account, OpenSession, SecurityKey
from geo_server.access.secrets import Box
from geo_server.access.trail import Asker
from geo_server.access.webauthn import Site
from geo_server.errors import Refusal
from layers.areas.schema import Area
from layers.areas.scope import visit_whole
from layers.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The session that asks, and what its own routes need. Each deed is one transaction, its audit entry in it.

    A proof counts as a try of the account's name: wrong ones lock it like wrong passwords do.
    """

    gate: Gate
    box: Box
    opened: OpenSession
    asker: Asker

    @property
    def account(self) -> Account:
        """Return whose session it is."""
        return self.opened.account

    # ── proving ─────────────────────────────────────────────────────────────────────────────────────────────

    async def give_code(self, code: str) -> None:
        """Give the second factor by a code; raises Refusal as `second_factor.use` does, `locked`."""
        async with self._deed("session.second_factor", counted=True, details={"by": "totp"}) as session:
            await second_factor.use(session, self.box, self.account.id, code)
            await queries.prove_second_factor(session, self.opened.id)

    async def give_key(self, answer: Mapping[str, Any], site: Site) -> None:
        """Give the second factor by a key; raises Refusal as `webauthn.use` does, `locked`."""
        async with self._deed("session.second_factor", counted=True, details={"by": "webauthn"}) as session:
            await webauthn.use(session, self.opened.id, self.account, answer, site)
            await queries.prove_second_factor(session, self.opened.id)

    async def step_up_by_code(self, code: str) -> None:
        """Prove once more who it is, by a code."""
        async with self._deed("session.step_up", counted=True, details={"by": "totp"}) as session:
            await second_factor.use(session, self.box, self.account.id, code)
            await queries.step_up(session, self.opened.id)

    async def step_up_by_key(self, answer: Mapping[str, Any], site: Site) -> None:
        """Prove once more who it is, by a key."""
        async with self._deed("session.step_up", counted=True, details={"by": "webauthn"}) as session:
            await webauthn.use(session, self.opened.id, self.account, answer, site)
            await queries.step_up(session, self.opened.id)

    async def step_up_by_password(self, password: str) -> None:
        """Prove once more who it is, by the password.

        Raises Refusal `not_your_password`, `proof_too_weak` where the account has a second factor: then only that.
        """
        async with self._deed("session.step_up", counted=True, details={"by": "password"}) as session:
            if self.account.second_factors:
                raise Refusal("proof_too_weak", means=list(self.account.proofs))
            await self._check_password(session, password)
            await queries.step_up(session, self.opened.id)

    # ── the session ─────────────────────────────────────────────────────────────────────────────────────────

    async def enter(self, area_id: int) -> None:
        """Enter an area; raises Refusal `outside_your_area` where it is not the own one or below it, or has closed."""
        async with self._deed("session.area", details={"area_id": area_id}) as session:
            if await queries.enter_area(session, self.opened.id, area_id) is None:
                raise Refusal("outside_your_area")

    async def again(self) -> OpenSession:
        """Return the session as it stands now; raises Refusal `not_signed_in` where it has ended."""
        async with visit_whole(self.gate.engine) as session:
            found = await queries.by_session_id(session, self.opened.id, demo=self.gate.demo)
        if found is None:
            raise Refusal("not_signed_in")
        return found

    async def areas(self) -> list[Area]:
        """Return the areas that may be entered, the own one first."""
        async with visit_whole(self.gate.engine) as session:
            return await queries.areas_below(session, self.account.area.id)

    async def change_password(self, old: str, new: str) -> None:
        """Change the password and end the account's other sessions.

        Raises Refusal `not_your_password`, `no_password` where a provider signs the account in, `same_password`.
        """
        kept = await to_thread.run_sync(passwords.hash_password, new)
        async with self._deed("session.password", counted=True) as session:
            await self._check_password(session, old)
            if old == new:
                raise Refusal("same_password")
            await queries.set_password(session, self.account.id, kept)
            await queries.end_sessions_of(session, self.account.id, by=self.account.name, but=self.opened.id)

    # ── second factors ──────────────────────────────────────────────────────────────────────────────────────

    async def keys(self) -> list[SecurityKey]:
        """Return the account's security keys."""
        async with visit_whole(self.gate.engine) as session:
            return await factor_queries.keys_of(session, self.account.id)

    async def enrol_codes(self) -> tuple[str, str]:
        """Begin to enrol codes: return the secret and its URI; raises Refusal `step_up_needed`."""
        async with self._deed("session.factor_begun", details={"by": "totp"}) as session:
            self._must_have_stepped_up()
            return await second_factor.enrol(session, self.box, self.account)

    async def confirm_codes(self, code: str) -> None:
        """Enrol codes by the first of them; raises Refusal as `second_factor.confirm` does, `locked`."""
        async with self._deed("session.factor_enrolled", counted=True, details={"by": "totp"}) as session:
            self._must_have_stepped_up()
            await second_factor.confirm(session, self.box, self.account.id, code)
            await queries.prove_second_factor(session, self.opened.id)

    async def remove_codes(self) -> None:
        """Remove the codes; raises Refusal `no_second_factor`, `step_up_needed`."""
        async with self._deed("session.factor_removed", details={"by": "totp"}) as session:
            self._must_have_stepped_up()
            await second_factor.remove(session, self.account.id)

    async def challenge_to_use(self, site: Site) -> dict[str, Any]:
        """Return what a browser needs to let a key answer; raises Refusal `no_second_factor`."""
        async with visit_whole(self.gate.engine) as session:
            return await webauthn.options_to_use(session, self.opened.id, self.account, site)

    async def challenge_to_enrol(self, site: Site) -> dict[str, Any]:
        """Return what a browser needs to make a key; raises Refusal `step_up_needed`."""
        self._must_have_stepped_up()
        async with visit_whole(self.gate.engine) as session:
            return await webauthn.options_to_enrol(session, self.opened.id, self.account, site)

    async def enrol_key(self, name: str, answer: Mapping[str, Any], site: Site) -> None:
        """Enrol a key; raises Refusal as `webauthn.enrol` does, `step_up_needed`."""
        async with self._deed("session.factor_enrolled", details={"by": "webauthn", "name": name}) as session:
            self._must_have_stepped_up()
            await webauthn.enrol(session, self.opened.id, self.account, name, answer, site)
            await queries.prove_second_factor(session, self.opened.id)

    async def remove_key(self, key_id: int) -> None:
        """Remove a key; raises Refusal `no_second_factor`, `step_up_needed`."""
        async with self._deed("session.factor_removed", details={"by": "webauthn", "key": key_id}) as session:
            self._must_have_stepped_up()
            if not await factor_queries.remove_key(session, self.account.id, key_id):
                raise Refusal("no_second_factor")

    # ── what all of them share ──────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def _deed(
        self, operation: str, *, counted: bool = False, details: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Session]:
        """Open the one transaction of a deed; a refusal is told in one of its own, and uses up the challenge."""
        told = {"session": self.opened.id, **(details or {})}
        try:
            if counted:
                await self.gate.begin_try(self.account.name)
            async with visit_whole(self.gate.engine) as session:
                yield session
                if counted:
                    await queries.good_try(session, self.account.name)
                await trail.told(session, operation, self.opened, self.asker, details=told)
        except Refusal as refusal:
            if refusal.code == "audit_unwritten":
                raise
            async with visit_whole(self.gate.engine) as session:
                await factor_queries.take_challenge(session, self.opened.id)
                await trail.told(session, operation, self.opened, self.asker, refusal=refusal, details=told)
            raise

    async def _check_password(self, session: Session, password: str) -> None:
        kept = await queries.password_of(session, self.account.id)
        if kept is None:
            raise Refusal("no_password")
        if not await passwords.is_right(password, kept):
            raise Refusal("not_your_password")

    def _must_have_stepped_up(self) -> None:
        """Who holds a session alone must not change what proves a person; one with no proof yet makes its first."""
        if self.account.proofs and self.opened.stepped_up_at is None:
            raise Refusal("step_up_needed", means=list(self.account.proofs))
