"""Remembers, in the store itself, that every step of set-up is done, so that a second `up` need not repeat them.

The steps are safe to repeat, but each starts a Python to find nothing to do. What is remembered stands as the comment
of the database: another store knows nothing of it, and whatever counts there must still be as it was.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from geo_server.door.cluster import Store
from geo_server.door.steps import ROOT

_MARK = "qyran prepared "
_SOURCES = ("layers", "ingest", "geo_server/access", "data")
_KINDS = {".py", ".sql", ".json"}
_MADE = ("demo.json", "models/*")  # what the steps leave in the home
_COUNTS = """
SELECT (SELECT string_agg(version_num, ',') FROM alembic_version),
       (SELECT count(*) FROM area), (SELECT string_agg(sha256, ',' ORDER BY id) FROM city),
       (SELECT count(*) FROM unit), (SELECT count(*) FROM camera), (SELECT count(*) FROM account),
       (SELECT string_agg(encode(key_sha256, 'hex'), ',' ORDER BY id) FROM source_key WHERE revoked_at IS NULL),
       EXISTS (SELECT FROM road), EXISTS (SELECT FROM incident)
"""


def is_done(store: Store, home: Path, asked: Sequence[str]) -> bool:
    """Tell whether all steps for what was `asked` ended well on this store and home, and nothing has changed since."""
    try:
        with psycopg.connect(store.url(), autocommit=True) as link:
            return _said(link) == _MARK + _sum(link, home, asked)
    except (psycopg.Error, OSError):
        return False  # a store not made yet, or not ours to ask: the steps say what is wrong


def remember(store: Store, home: Path, asked: Sequence[str]) -> None:
    """Note that all steps ended well; a store that lets us write no comment is simply set up again each time."""
    try:
        with psycopg.connect(store.url(), autocommit=True) as link:
            note = sql.SQL("COMMENT ON DATABASE {} IS {}")
            said = _said(link)
            if said and not said.startswith(_MARK):
                return  # somebody's own words
            link.execute(note.format(sql.Identifier(link.info.dbname), _MARK + _sum(link, home, asked)))
    except (psycopg.Error, OSError):
        return


def _said(link: psycopg.Connection[tuple[str | None]]) -> str | None:
    asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    row = link.execute(asked).fetchone()
    return row[0] if row else None


def _sum(link: psycopg.Connection[tuple[str | None]], home: Path, asked: Sequence[str]) -> str:
    total = hashlib.sha256(json.dumps([list(asked), link.execute(_COUNTS).fetchone()]).encode())
    for path in _sources():
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    for path in sorted(found for pattern in _MADE for found in home.glob(pattern)):
        total.update(f"{path.name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}\0".encode())
    return total.hexdigest()


def _sources() -> Iterator[Path]:
    for name in _SOURCES:
        yield from sorted(path for path in (ROOT / name).rglob("*") if path.suffix in _KINDS and path.is_file())
