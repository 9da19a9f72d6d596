"""`./qyran audit …`: verify the log, erase personal values lawfully."""

import asyncio
import getpass
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import queries, record
from geo_server.audit.heads import Heads
from geo_server.audit.schema import Entry, stamp
from geo_server.audit.sealing import heads_of
from geo_server.audit.signing import Keys
from geo_server.audit.verify import Report
from geo_server.audit.verify import verify as read_again
from geo_server.settings import settings_told
from layers.areas.scope import visit_whole
from layers.database import engine_for

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The audit: what was looked at and done, sealed each second."
)
T = TypeVar("T")


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    heads: Annotated[
        Path | None, typer.Option(help="A copy of the checkpoints kept elsewhere, instead of the home's.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The public keys to believe, instead of the home's.")] = None,
) -> None:
    """Read and compute everything again; each contradiction is one sentence that says where. Exit 1 where one is."""
    home = settings_told().home
    copy = heads_of(home) if heads is None else Heads(heads)
    keys = _keys(key or home / "keys" / "audit.pub")
    report = _run(lambda engine: _verify(engine, keys, copy))
    typer.echo(json.dumps(as_told(report), ensure_ascii=False) if as_json else "\n".join(sentences(report)))
    if report.findings:
        raise typer.Exit(1)


@app.command()
def erase(
    reason: Annotated[str, typer.Option(help="Why: it stays in the audit.")],
    account_name: Annotated[
        str | None, typer.Option("--account", help="Erase the personal values in what this account did.")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="Erase this number wherever it stands.")] = None,
) -> None:
    """Erase personal values from the audit; the entries and their proof stay, and the erasure is itself told."""
    if (account_name is None) == (phone is None):
        raise typer.BadParameter("Give either --account or --phone.")
    if phone is not None and sum(letter.isdecimal() for letter in phone) < 5:
        raise typer.BadParameter("A phone has at least five digits.")

    async def one(engine: AsyncEngine) -> int | None:
        async with visit_whole(engine) as session:
            found = None if account_name is None else await queries.account_id(session, account_name)
            if account_name is not None and found is None:
                return None
            why = {"kind": "reason", "text": reason}
            entry = Entry(operation="audit.erase", who=getpass.getuser(), origin="console", purpose=why)
            return await record.erase(session, entry, account_id=found, phone=phone)

    erased = _run(one)
    if erased is None:
        _tell(f"There is no account {account_name}; nothing was erased.")
    typer.echo(f"Personal values were erased from {erased} entries; what was proved of them stays.")


async def _verify(engine: AsyncEngine, keys: Keys, copy: Heads) -> Report:
    copied = await asyncio.to_thread(copy.size)  # before the session begins: what is copied by now it sees
    async with queries.as_it_stands(engine) as session:
        return await read_again(session, keys, copy, copied=copied, now=datetime.now(UTC))


def sentences(report: Report) -> list[str]:
    """Return the report for a person to read."""
    told = [finding.said for finding in report.findings]
    told += [f"… and {count:,} more findings of the kind `{kind}`." for kind, count in report.more.items()]
    sealed = "never sealed" if report.sealed_at is None else f"sealed last at {stamp(report.sealed_at)}"
    read = f"{report.entries:,} entries under {report.checkpoints:,} checkpoints, {report.unsealed:,} not sealed yet"
    return [*told, f"{'The audit does not hold' if told else 'The audit holds'}: {read}, {sealed}."]


def as_told(report: Report) -> dict[str, Any]:
    """Return the report as JSON carries it."""
    sealed_at = None if report.sealed_at is None else stamp(report.sealed_at)
    counts = {name: getattr(report, name) for name in ("entries", "checkpoints", "unsealed")}
    findings = [asdict(finding) for finding in report.findings]
    return {"holds": not findings, **counts, "sealed_at": sealed_at, "findings": findings, "more": report.more}


def _keys(file: Path) -> Keys:
    try:
        return Keys.of(file)
    except FileNotFoundError:
        return Keys({})  # a store that was never served has none; one that was fails on every signature
    except (OSError, ValueError) as error:
        _tell(f"The public keys in {file} cannot be read ({type(error).__name__}).")


def _tell(what: str) -> NoReturn:
    typer.echo(what, err=True)
    raise typer.Exit(1)


def _run(what: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    async def with_engine() -> T:
        engine = engine_for(settings_told().database_url, size=1)
        try:
            return await what(engine)
        finally:
            await engine.dispose()

    return asyncio.run(with_engine())
