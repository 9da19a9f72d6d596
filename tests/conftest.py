"""What every test stands on: a real PostGIS of its own, and the files that set-up fetched."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.door.cluster import Cluster, Given, Store
from ingest.city.areas import load_areas
from layers.database import Session, engine_for
from layers.migrations.run import migrate

pytest_plugins = ["tests.running"]
CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def fetched() -> Path:
    """The folder of `data/fetch.json`'s files; `./qyran test` fills it."""
    return Path(os.environ.get("QYRAN_FETCHED", CHECKOUT / "var" / "fetched"))


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """A cluster for this test process alone, or the one that QYRAN_TEST_STORE names."""
    given = os.environ.get("QYRAN_TEST_STORE")
    if given:
        yield Given(given)
        return
    with tempfile.TemporaryDirectory(prefix="qyran-test-", ignore_cleanup_errors=True) as folder:
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


@pytest.fixture
def database_url(store: Store, template: str) -> Iterator[str]:
    """A fresh database of this test's own."""
    name = f"test_{uuid.uuid4().hex[:8]}"
    store.create_database(name, template)
    yield store.url(name)
    store.drop_database(name)


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


def _load_areas(url: str, borders: Path) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        load_areas(connection, borders)
    engine.dispose()
