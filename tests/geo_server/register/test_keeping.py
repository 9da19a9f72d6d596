"""A file that waits is taken in by a process of its own, with nothing of the server but the store's address."""

import pytest

from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import REGISTER
from geo_server.register import queries
from geo_server.register.keeping import register_keeper
from layers.areas.scope import visit_as
from layers.database import SERVER, as_role
from tests.geo_server.register.conftest import Taking, table

pytestmark = pytest.mark.anyio


async def test_a_file_that_waits_is_read_in_a_process_of_its_own(taking: Taking, database_url: str) -> None:
    content = table("A-1;Абай;43,24;76,95;6,5;90;60;ТОО Глаз")
    async with visit_as(taking.engine, taking.viewer) as session:
        made = await queries.begin(session, taking.viewer, file="x", size=len(content))
        one = await queries.find(session, taking.viewer, made)
        assert one is not None
        for n, piece in enumerate((content[:40], content[40:])):
            await queries.put_piece(session, one, n, piece)
        job_id = await jobs.ask(session, taking.viewer, REGISTER, {})
        await queries.write(session, made, state="reading", job_id=job_id)
    keeper = register_keeper(taking.engine, as_role(database_url, SERVER))
    await keeper.look()
    assert keeper.process is not None and await keeper.process.wait() == 0
    found = await taking.now(made)
    assert (found.state, found.counts["good"]) == ("ready", 1)
    await keeper.look()
    await keeper.look()
    assert keeper.process is None
