"""What coming in writes into the audit: who did, who tried to, and what they changed of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_server.access.schema import Account, OpenSession
from geo_server.audit import unwritten
from geo_server.audit.schema import Entry
from geo_server.errors import Refusal
from layers.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """From which address a person asks, and with what program."""

    origin: str | None = None
    agent: str | None = None


NOBODY = Asker()
_NOTHING: Mapping[str, Any] = {}


async def told(
    session: Session,
    operation: str,
    who: OpenSession,
    asker: Asker,
    *,
    refusal: Refusal | None = None,
    details: Mapping[str, Any] = _NOTHING,
) -> None:
    """Write what the person of a session did, or tried where there is a refusal."""
    entry = _entry(operation, who.account, asker, refusal=refusal, area_id=who.entered.id, details=details)
    await unwritten.write(session, entry)


async def told_of_name(
    session: Session, operation: str, name: str, account: Account | None, asker: Asker, refusal: Refusal | None = None
) -> None:
    """Write what became of a try at a name.

    A name that nobody has is kept as a personal value: it may be a password, typed into the wrong field.
    """
    if account is not None:
        entry = _entry(operation, account, asker, refusal=refusal, area_id=account.area.id)
    else:
        outcome, code = _how(refusal)
        typed = {"name": name}
        entry = Entry(operation=operation, outcome=outcome, code=code, who="", origin=asker.origin, personal=typed)
    await unwritten.write(session, entry)


def _entry(
    operation: str,
    account: Account,
    asker: Asker,
    *,
    refusal: Refusal | None,
    area_id: int,
    details: Mapping[str, Any] = _NOTHING,
) -> Entry:
    outcome, code = _how(refusal)
    return Entry(
        operation=operation,
        outcome=outcome,
        code=code,
        who=account.name,
        account_id=account.id,
        role=account.role,
        area_id=area_id,
        layer="accounts",
        object_id=account.id,
        origin=asker.origin,
        details=details,
    )


def _how(refusal: Refusal | None) -> tuple[Any, str | None]:
    return ("done", None) if refusal is None else ("refused", refusal.code)
