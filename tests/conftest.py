"""What every test stands on: a real PostGIS of its own, and the files that set-up fetched."""

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio._backends._asyncio  # noqa: F401
import pytest
import schemathesis.specs.openapi.schemas  # noqa: F401
from argon2 import PasswordHasher
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import passwords
from geo_server.door.cluster import Cluster, Given, Store, _memory_mb
from ingest.city.areas import load_areas
from layers.database import Session, engine_for
from layers.migrations.run import migrate
from tests.clones import Clones

# anyio and schemathesis are plugins of pytest, which parses each of their modules as it is first imported. In Python
# 3.11.2 two threads that parse at once end in a SystemError (gh-106905), so both are imported before a server's begins.
pytest_plugins = ["tests.running", "tests.browsing"]
CHECKOUT = Path(__file__).parent.parent
LONG = ("access/test_three_oracles.py", "story", "access", "web", "ingest/city", "ingest/demo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first: whoever of several processes is through takes the next file, and none is left alone."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    here = item.path.relative_to(CHECKOUT / "tests").as_posix()
    return next((n for n, name in enumerate(LONG) if here == name or here.startswith(f"{name}/")), len(LONG))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def fetched() -> Path:
    """The folder of `data/fetch.json`'s files; `./qyran test` fills it."""
    return Path(os.environ.get("QYRAN_FETCHED", CHECKOUT / "var" / "fetched"))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[PasswordHasher]:
    """Let this process hash at a hundredth of the price, which each hash tells of itself; gives the real hasher."""
    with pytest.MonkeyPatch.context() as patch:
        real, cheap = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_HASHER", cheap)
        patch.setattr(passwords, "_NOBODY", cheap.hash("no account has this password"))
        yield real


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """A cluster for this test process alone, or the one that QYRAN_TEST_STORE names."""
    given = os.environ.get("QYRAN_TEST_STORE")
    if given:
        yield Given(given)
        return
    with tempfile.TemporaryDirectory(prefix="qyran-test-", dir=_memory(), ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the system user that runs PostgreSQL passes through
        cluster = Cluster(Path(folder) / "pg")
        cluster.start(fast_but_unsafe=True)
        yield cluster
        cluster.stop()


@pytest.fixture(scope="session")
def template(store: Store, fetched: Path) -> Iterator[str]:
    """The name of a migrated database with the real tree of areas, to be cloned and never written."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    store.create_database(name)
    migrate(store.url(name))
    _load_areas(store.url(name), fetched / "kz-adm1.geojson")
    yield name
    store.drop_database(name)


@pytest.fixture(scope="session")
def clones(store: Store, template: str) -> Iterator[Clones]:
    """Fresh databases, made and dropped beside the tests."""
    clones = Clones(store, template)
    yield clones
    clones.close()


@pytest.fixture
def database_url(store: Store, clones: Clones) -> Iterator[str]:
    """A fresh database of this test's own."""
    name = clones.take()
    yield store.url(name)
    clones.leave(name)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[Session]:
    """A visit that is rolled back."""
    async with engine.connect() as session:
        yield session
        await session.rollback()


def _memory() -> Path | None:
    """Return the file system in memory where there is room: many hundred databases are copied file by file and dropped.

    A process of the tests keeps 300 MiB there at most.
    """
    shared = Path("/dev/shm")
    roomy = _memory_mb() >= 6 * 1024 and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free >= 2 * 2**30
    return shared if roomy else None


def _load_areas(url: str, borders: Path) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        load_areas(connection, borders)
    engine.dispose()
