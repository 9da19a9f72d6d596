"""Who may manage whom, and the managing: pure rules, and acts that check them again on the rows they hold.

MIA 897 §6.5: a level answers for what is at or below it. An administrator manages only accounts there; nobody manages
themselves, nor the account that made theirs: else a second account would do what the first may not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from geo_server.access import admin_queries, factor_queries, queries
from geo_server.access.accounts import LOCK
from geo_server.access.schema import AccountChange
from geo_server.errors import Refusal
from layers.areas.scope import enter, enter_whole
from layers.database import Session
from layers.values import Role
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An account as the rules look at it: `path` is its area's ids from the Republic down, `makers` who made it."""

    id: int
    name: str
    role: Role
    enabled: bool
    path: tuple[int, ...]
    makers: frozenset[int] = frozenset()
    unit_id: int | None = None

    @property
    def area_id(self) -> int:
        """Return the area it answers for."""
        return self.path[-1]


Rule = Callable[[Standing, Standing], str | None]


def manages(actor: Standing, target: Standing) -> str | None:
    """Return why the actor may not change the target's role, area or second factors, None where they may."""
    if not (actor.enabled and actor.role is Role.ADMINISTRATOR):
        return "not_your_role"
    if target.id == actor.id:
        return "not_your_own"
    if actor.area_id not in target.path:
        return "no_such_account"
    return "not_your_maker" if target.id in actor.makers else None


def places(actor: Standing, path: tuple[int, ...]) -> str | None:
    """Return why the actor may not give an account the area of that path, None where they may."""
    return None if actor.area_id in path else "outside_your_area"


def ends_sessions(actor: Standing, target: Standing) -> str | None:
    """Return why the actor may not see and end the target's sessions; their own they may."""
    own = actor.enabled and actor.role is Role.ADMINISTRATOR and target.id == actor.id
    return None if own else manages(actor, target)


def releases(actor: Standing, target: Standing) -> str | None:
    """Return why the actor may not release the target's lock: a superior does, never the one who is locked.

    An administrator of the area or above it, or a commander of an area strictly above.
    """
    if not actor.enabled or actor.role not in (Role.ADMINISTRATOR, Role.COMMANDER):
        return "not_your_role"
    if target.id == actor.id:
        return "not_your_own"
    if actor.area_id not in target.path:
        return "no_such_account"
    beside = actor.role is Role.COMMANDER and actor.area_id == target.area_id
    return "not_your_role" if beside else None


async def make(
    session: Session,
    viewer: Viewer,
    *,
    name: str,
    password_hash: str,
    role: Role,
    area_id: int,
    unit_id: int | None = None,
) -> int:
    """Make an account whose person must choose a password of their own, and return its id.

    Raises Refusal `not_your_role`, `outside_your_area`, `no_such_area`, `name_taken`, and as `_check_unit` says.
    """
    actor = await _actor(session, viewer)
    if not (actor.enabled and actor.role is Role.ADMINISTRATOR):
        raise Refusal("not_your_role")
    await _check_place(session, viewer, actor, area_id)
    await _check_unit(session, viewer, role, area_id, unit_id)
    made = await queries.write_account(
        session,
        name=name,
        password_hash=password_hash,
        role=role,
        area_id=area_id,
        created_by=actor.id,
        must_change=True,
        unit_id=unit_id,
    )
    if made is None:
        raise Refusal("name_taken", name=name)
    return made


async def change(session: Session, viewer: Viewer, account_id: int, asked: AccountChange) -> Standing:
    """Change an account's role or area, or whether it counts, and return what it was before.

    Raises Refusal as `manages`, `places` and `_check_unit` say. One that no longer counts loses its sessions.
    """
    before = await _target(session, viewer, account_id, manages)
    if asked.area_id is not None:
        await _check_place(session, viewer, await _actor(session, viewer), asked.area_id)
    role, unit_id = asked.role or before.role, asked.unit_id
    if role is Role.CREW and unit_id is None:
        unit_id = before.unit_id
    await _check_unit(session, viewer, role, asked.area_id or before.area_id, unit_id)
    await admin_queries.change(session, account_id, asked)
    if asked.enabled is False:
        await queries.end_sessions_of(session, account_id, by=viewer.name)
    return before


async def release(session: Session, viewer: Viewer, account_id: int) -> Standing:
    """Release the lock on an account's name; raises Refusal as `releases` says, `not_locked`."""
    target = await _target(session, viewer, account_id, releases)
    if await queries.locked_for(session, target.name, LOCK) is None:
        raise Refusal("not_locked")
    await queries.release_lock(session, target.name, by=viewer.name)
    return target


async def reset_second_factors(session: Session, viewer: Viewer, account_id: int) -> Standing:
    """Remove an account's second factors, for one who lost them, and end its sessions; raises as `manages` says."""
    target = await _target(session, viewer, account_id, manages)
    await factor_queries.remove_all(session, account_id)
    await queries.end_sessions_of(session, account_id, by=viewer.name)
    return target


async def may_see_sessions(session: Session, viewer: Viewer, account_id: int) -> Standing:
    """Return the account whose sessions are asked for; raises Refusal as `ends_sessions` says."""
    return await _target(session, viewer, account_id, ends_sessions)


async def end_session(session: Session, viewer: Viewer, session_id: int) -> Standing:
    """End one session and return whose it was; raises Refusal `no_such_session`, and as `ends_sessions` says."""
    owner = await admin_queries.owner_of(session, session_id)
    if owner is None:
        raise Refusal("no_such_session")
    target = await _target(session, viewer, owner, ends_sessions)
    if not await admin_queries.end_session(session, session_id, by=viewer.name):
        raise Refusal("no_such_session")
    return target


async def _actor(session: Session, viewer: Viewer) -> Standing:
    return (await _held(session, viewer, [viewer.account_id]))[viewer.account_id]


async def _target(session: Session, viewer: Viewer, account_id: int, rule: Rule) -> Standing:
    """Return the target, both accounts held; raises Refusal where the rule or the area entered says no.

    The actor's own rights are read again: they may have been taken away since the session was read.
    """
    held = await _held(session, viewer, [viewer.account_id, account_id])
    actor, target = held[viewer.account_id], held.get(account_id)
    if target is None or (viewer.area_id not in target.path and target.id != actor.id):
        raise Refusal("no_such_account")
    said = rule(actor, target)
    if said is not None:
        raise Refusal(said)
    return target


async def _check_place(session: Session, viewer: Viewer, actor: Standing, area_id: int) -> None:
    path = await admin_queries.open_path(session, area_id)
    if path is None:
        raise Refusal("no_such_area")
    said = places(actor, path)
    if said is not None or viewer.area_id not in path:
        raise Refusal(said or "outside_your_area")


async def _check_unit(session: Session, viewer: Viewer, role: Role, area_id: int, unit_id: int | None) -> None:
    """Refuse a crew without a unit and a unit without a crew; the unit is at home in the account's area or below it.

    Raises Refusal `unit_needed`, `no_such_unit`.
    """
    if (role is Role.CREW) != (unit_id is not None):
        raise Refusal("unit_needed")
    if unit_id is None:
        return
    await enter_whole(session)  # it may drive out of sight now: what counts is where it is at home
    path = await admin_queries.home_path(session, unit_id)
    await enter(session, viewer)
    if path is None or area_id not in path:
        raise Refusal("no_such_unit", ids=[unit_id])


async def _held(session: Session, viewer: Viewer, ids: list[int]) -> dict[int, Standing]:
    """Return the accounts, held in the order of their ids until the visit ends: two who meet wait, and do not lock up.

    The actor's own account lies above the area entered, out of the visit's scope: it is read past it.
    """
    await enter_whole(session)
    held = {
        row.id: Standing(
            id=row.id,
            name=row.name,
            role=Role(row.role),
            enabled=row.enabled,
            path=tuple(row.path),
            makers=frozenset(row.makers),
            unit_id=row.unit_id,
        )
        for row in await admin_queries.hold(session, ids)
    }
    await enter(session, viewer)
    if viewer.account_id not in held:
        raise Refusal("not_signed_in")
    return held
