"""A store with every table and not a single area, to build worlds in."""

import uuid
from collections.abc import Iterator

import pytest

from geo_server.door.cluster import Store
from layers.migrations.run import migrate


@pytest.fixture(scope="module")
def bare(store: Store) -> Iterator[str]:
    """The name of a migrated database without a single area, to be cloned and never written."""
    name = f"bare_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    migrate(store.url(name))
    yield name
    store.drop_database(name)
