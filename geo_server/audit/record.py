"""Writing down: an entry stands in the transaction of what it tells, so that both happen or neither."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from geo_server.audit import queries
from geo_server.audit.schema import Entry, commitment, leaf_of, plain, storable
from layers.asking import Asked
from layers.database import Session

SALT_BYTES = 32


async def write(session: Session, entry: Entry) -> int:
    """Write one entry and return its id; raises SQLAlchemyError where it cannot, and then the act must not happen."""
    personal = {storable(name): storable(value) for name, value in entry.personal.items()}
    salts = {name: secrets.token_bytes(SALT_BYTES) for name in personal}
    row = _row(entry, {name: commitment(salts[name], value) for name, value in personal.items()})
    entry_id = await queries.write(session, _sealed(row))
    if personal:
        kept = [{"audit_id": entry_id, "field": n, "salt": salts[n], "value": personal[n]} for n in personal]
        await queries.write_personal(session, kept)
    return entry_id


def writing(entry: Entry) -> Asked:
    """Return the act that writes an entry without personal values, for whoever sends it with others."""
    assert not entry.personal
    return queries.writing(_sealed(_row(entry, {})))


async def erase(session: Session, entry: Entry, *, account_id: int | None = None, phone: str | None = None) -> int:
    """Erase personal values within the scope of the session, and return how many entries lost theirs.

    `account_id` erases those of what that account did, `phone` those that are this number, however it is written.
    `entry` says who erases and why; it is written first, as `audit.erase`, and does not repeat what it erases.
    Raises ValueError where neither or both are asked.
    """
    if (account_id is None) == (phone is None):
        raise ValueError("ask for an account or for a phone")
    found = await queries.with_personal(session, account_id=account_id, phone=phone)
    details = {"by": "phone" if account_id is None else "account", "account_id": account_id, "entries": found}
    await write(session, replace(entry, operation="audit.erase", outcome="done", details=details))
    await queries.erase(session, found)
    return len(found)


def _sealed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"leaf": leaf_of(row)}


def _row(entry: Entry, commitments: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC),
        "account_id": entry.account_id,
        "who": storable(entry.who),
        "role": entry.role and str(entry.role),
        "area_id": entry.area_id,
        "operation": entry.operation,
        "outcome": entry.outcome,
        "code": entry.code,
        "layer": entry.layer,
        "object_id": entry.object_id,
        "purpose": plain(entry.purpose),
        "origin": entry.origin and storable(entry.origin),
        "details": plain(entry.details),
        "commitments": dict(commitments),
    }
