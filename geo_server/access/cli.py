"""`python -m geo_server accounts …`: who may sign in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries
from geo_server.access.passwords import hash_password
from geo_server.access.schema import Account
from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.settings import settings_told
from layers.areas import queries as areas
from layers.database import Session, engine_for, visit
from layers.units import queries as units
from layers.values import Role

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Accounts: who may sign in, with which role, for which area."
)

# name, role, area: Almaty stands at oblast level (ISO 3166-2:KZ), Medeu is one of its districts.
DEMO = (
    ("dispatcher", Role.DISPATCHER, "KZ-75"),
    ("commander-republic", Role.COMMANDER, "KZ"),
    ("commander-oblast", Role.COMMANDER, "KZ-19"),
    ("commander-city", Role.COMMANDER, "KZ-75"),
    ("commander-district", Role.COMMANDER, "KZ-75-MED"),
    ("planner", Role.PLANNER, "KZ-75"),
    ("admin", Role.ADMINISTRATOR, "KZ"),
)
DEMO_CREW, DEMO_UNIT = "crew", "demo-ambulance-001"  # the device whose buttons the demo leaves to a person
DEMO_PASSWORD = "demo"
SHORTEST_PASSWORD = 8
BY = "./qyran accounts"  # who the audit names: whoever has a shell on the server


class AccountTrouble(Exception):
    """An account that cannot be written, said in one sentence."""


async def write(
    session: Session, name: str, password: str, role: Role, code: str, *, demo: bool = False, unit: str | None = None
) -> bool:
    """Write one account, a crew's with its unit's call sign; False where the name is taken.

    Raises AccountTrouble where no area has that code, and as `_unit` does.
    """
    area = await areas.by_code(session, code)
    if area is None:
        raise AccountTrouble(f"There is no area {code} in the store; `python -m ingest areas` writes the areas.")
    unit_id = await _unit(session, role, unit)
    kept = hash_password(password)
    written = await queries.write_account(
        session, name=name, password_hash=kept, role=role, area_id=area.id, demo=demo, unit_id=unit_id
    )
    return written is not None


async def _unit(session: Session, role: Role, sign: str | None) -> int | None:
    """Return the unit of a crew; raises AccountTrouble where a crew has none, another has one, or it is unknown."""
    if (role is Role.CREW) != (sign is not None):
        raise AccountTrouble("An account of a crew needs the call sign of its unit (--unit); the others have none.")
    if sign is None:
        return None
    found = await units.by_sign(session, sign)
    if found is None:
        raise AccountTrouble(f"There is no unit {sign}.")
    return found


async def write_demo(engine: AsyncEngine) -> int:
    """Write the demo accounts that are missing, and return how many that were."""
    async with visit(engine) as session:
        written = [await write(session, name, DEMO_PASSWORD, role, code, demo=True) for name, role, code in DEMO]
        sign = await units.sign_of_device(session, DEMO_UNIT)
        if sign is not None:  # before the demo is seeded there is no unit to be the crew of
            written.append(await write(session, DEMO_CREW, DEMO_PASSWORD, Role.CREW, "KZ", demo=True, unit=sign))
        return sum(written)


@app.command()
def demo() -> None:
    """Write the eight demo accounts, password `demo`; they sign in only while QYRAN_DEMO is 1."""
    written = _run(write_demo)
    typer.echo(f"{written} demo accounts written." if written else "The demo accounts are already there.")


@app.command()
def add(
    name: str,
    role: Annotated[Role, typer.Option(help="What the account does.")],
    area: Annotated[str, typer.Option(help="The code of the area it answers for, such as KZ-75.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    unit: Annotated[str | None, typer.Option(help="The call sign of the unit whose crew it is.")] = None,
) -> None:
    """Write one account; the password is asked for."""
    if not 1 <= len(name) <= 64 or len(password) < SHORTEST_PASSWORD:
        raise typer.BadParameter(f"A name has 1 to 64 letters, a password at least {SHORTEST_PASSWORD}.")

    async def one(engine: AsyncEngine) -> int:
        async with visit(engine) as session:
            if not await write(session, name, password, role, area, unit=unit):
                return 0
            told = {"role": role.value, "area": area} | ({"unit": unit} if unit else {})
            await _tell(session, "accounts.write", await _named(session, name), told)
        return 1

    if not _run(one):
        typer.echo(f"There is an account {name} already; nothing was changed.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Account {name} written: {role.value} for {area}.")


@app.command()
def password(
    name: str, new: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)]
) -> None:
    """Give an account another password; its sessions end, and its person chooses their own at the next sign-in."""
    if len(new) < SHORTEST_PASSWORD:
        raise typer.BadParameter(f"A password has at least {SHORTEST_PASSWORD} letters.")

    async def one(engine: AsyncEngine) -> int:
        async with visit(engine) as session:
            account = await _named(session, name)
            await queries.set_password(session, account.id, hash_password(new), must_change=True)
            await queries.end_sessions_of(session, account.id, by=BY)
            await _tell(session, "accounts.write", account, {"password": "given anew"})
        return 1

    _run(one)
    typer.echo(f"Account {name} has the new password until its person chooses another.")


@app.command()
def release(name: str) -> None:
    """Release the lock on an account's name, where no superior can."""

    async def one(engine: AsyncEngine) -> int:
        async with visit(engine) as session:
            account = await _named(session, name)
            await queries.release_lock(session, name, by=BY)
            await _tell(session, "accounts.release", account, {})
        return 1

    _run(one)
    typer.echo(f"Account {name} may try again.")


async def _named(session: Session, name: str) -> Account:
    found = await queries.by_name(session, name, demo=True)
    if found is None:
        raise AccountTrouble(f"There is no account {name} that counts; `accounts add` makes one.")
    return found[0]


async def _tell(session: Session, operation: str, account: Account, details: dict[str, str]) -> None:
    told = {"account": account.name, **details}
    await record.write(
        session, Entry(operation=operation, who=BY, layer="accounts", object_id=account.id, details=told)
    )


def _run(what: Callable[[AsyncEngine], Awaitable[int]]) -> int:
    async def with_engine() -> int:
        engine = engine_for(settings_told().database_url, size=1)
        try:
            return await what(engine)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(with_engine())
    except AccountTrouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from trouble
