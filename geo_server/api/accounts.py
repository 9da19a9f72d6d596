"""The administration of accounts: who there is, what they do and where, their locks, second factors and sessions."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, status

from geo_server.access import admin_queries, administration
from geo_server.access.passwords import hash_password
from geo_server.access.schema import AccountChange
from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models.accounts import (
    AccountsTold,
    AccountTold,
    ChangedAccount,
    NewAccount,
    SessionsListed,
    account_told,
    session_listed,
)
from geo_server.api.models.base import Id
from geo_server.errors import Refusal
from layers.database import Session

router = APIRouter(tags=["accounts"])
Listing = Annotated[Visiting, permitted("accounts.list")]
Writing = Annotated[Visiting, permitted("accounts.write")]
Releasing = Annotated[Visiting, permitted("accounts.release")]
After = Annotated[int, Query(ge=0, lt=2**63, description="The id of the last account of the page before.")]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/accounts")
async def listed(visiting: Listing, after: After = 0, limit: Limit = 500) -> AccountsTold:
    """List the accounts of the area entered and of all below it."""
    async with visiting.visit("accounts") as session:
        found = await admin_queries.accounts(session, visiting.viewer, after=after, limit=limit)
    more = found[-1].account.id if len(found) == limit else None
    return AccountsTold(accounts=[account_told(row) for row in found], next=more)


@router.post("/accounts", status_code=status.HTTP_201_CREATED)
async def make(new: NewAccount, visiting: Writing) -> AccountTold:
    """Make an account at or below one's own area."""
    kept = await to_thread.run_sync(hash_password, new.password)
    async with visiting.visit("accounts") as session:
        made = {"name": new.name, "role": new.role.value, "area_id": new.area_id}
        made |= {} if new.unit_id is None else {"unit_id": new.unit_id}
        visiting.say(details=made)
        account_id = await administration.make(
            session,
            visiting.viewer,
            name=new.name,
            password_hash=kept,
            role=new.role,
            area_id=new.area_id,
            unit_id=new.unit_id,
        )
        visiting.say(about=("accounts", account_id))
        return await _found(session, account_id)


@router.patch("/accounts/{id}")
async def change(id: Id, asked: ChangedAccount, visiting: Writing) -> AccountTold:
    """Change an account's role or area, or whether it counts; nobody changes their own."""
    async with visiting.visit("accounts", id) as session:
        visiting.say(details={"asked": asked.model_dump(exclude_none=True, mode="json")})
        wanted = AccountChange(role=asked.role, area_id=asked.area_id, enabled=asked.enabled, unit_id=asked.unit_id)
        before = await administration.change(session, visiting.viewer, id, wanted)
        was = {"role": before.role.value, "area_id": before.area_id, "enabled": before.enabled}
        visiting.say(details={"account": before.name, "was": was})
        return await _found(session, id)


@router.post("/accounts/{id}/release")
async def release(id: Id, visiting: Releasing) -> AccountTold:
    """Release the lock on an account's name: an administrator at or above its area, or a commander above it."""
    async with visiting.visit("accounts", id) as session:
        target = await administration.release(session, visiting.viewer, id)
        visiting.say(details={"account": target.name})
        return await _found(session, id)


@router.post("/accounts/{id}/reset-second-factor")
async def reset_second_factor(id: Id, visiting: Writing) -> AccountTold:
    """Remove the second factors of one who lost them; their sessions end."""
    async with visiting.visit("accounts", id) as session:
        target = await administration.reset_second_factors(session, visiting.viewer, id)
        visiting.say(details={"account": target.name, "second_factors": "removed"})
        return await _found(session, id)


@router.get("/accounts/{id}/sessions")
async def sessions(id: Id, visiting: Annotated[Visiting, permitted("sessions.list")]) -> SessionsListed:
    """List an account's open sessions, the newest first."""
    async with visiting.visit("accounts", id) as session:
        await administration.may_see_sessions(session, visiting.viewer, id)
        found = await admin_queries.sessions_of(session, id)
    here = visiting.open_session.id
    return SessionsListed(sessions=[session_listed(row, current=row.id == here) for row in found])


@router.delete("/sessions/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(id: Id, visiting: Annotated[Visiting, permitted("sessions.end")]) -> None:
    """End a session: its next request is refused, its open sockets close within two seconds."""
    async with visiting.visit("sessions", id) as session:
        target = await administration.end_session(session, visiting.viewer, id)
        visiting.say(details={"account": target.name})


async def _found(session: Session, account_id: int) -> AccountTold:
    row = await admin_queries.find(session, account_id)
    if row is None:
        raise Refusal("no_such_account")
    return account_told(row)
