"""Every entry is sealed exactly once, in whichever order transactions commit, and a fault of sealing is told."""

import asyncio
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import queries, record, sealing
from geo_server.audit.schema import Entry
from geo_server.audit.sealing import Sealer, heads_of
from geo_server.door.cluster import Cluster
from layers.areas.scope import visit_whole
from layers.database import SERVER, as_role, engine_for, visit
from layers.migrations.run import migrate
from tests.geo_server.audit.conftest import Log

pytestmark = pytest.mark.anyio
ACT = Entry(operation="units.order", who="Асхат")
UNSEALED_S = "qyran_audit_unsealed_seconds"


async def sealed_ids(log: Log) -> Counter[int]:
    async with visit_whole(log.owner) as session:
        return Counter([i async for one in queries.every_checkpoint(session) for i in one.sealed])


async def test_what_commits_later_than_it_began_is_sealed_later_and_once(log: Log) -> None:
    async with log.server.connect() as slow:
        first = await record.write(slow, ACT)
        (second,) = await log.write(1)
        await log.sealer.look()
        assert await sealed_ids(log) == {}, "while the elder is open, the younger waits"
        await slow.commit()
    await log.seal()
    assert await sealed_ids(log) == {first: 1, second: 1}
    assert await log.findings() == []


async def test_a_hundred_writers_that_commit_in_any_order_or_not_at_all(log: Log) -> None:
    chance = random.Random(7)
    written: set[int] = set()
    done = asyncio.Event()

    async def act(delays_s: list[float], *, undone: bool) -> None:
        async with log.server.connect() as session:
            ids = []
            for delay_s in delays_s:
                ids.append(await record.write(session, ACT))
                await asyncio.sleep(delay_s)
            await (session.rollback() if undone else session.commit())
            written.update([] if undone else ids)

    async def seal() -> None:
        others = [Sealer(log.server, log.home), log.sealer]
        while not done.is_set():
            await asyncio.gather(*(sealer.look() for sealer in others))

    sealer = asyncio.create_task(seal())
    acts = [([chance.random() / 20 for _ in range(chance.randint(1, 4))], chance.random() < 0.2) for _ in range(100)]
    async with asyncio.TaskGroup() as group:
        for delays_s, undone in acts:
            group.create_task(act(delays_s, undone=undone))
    done.set()
    await sealer
    await log.seal()
    assert await sealed_ids(log) == dict.fromkeys(written, 1)
    report = await log.verify()
    assert (report.findings, report.entries, report.unsealed) == ([], len(written), 0)
    assert report.checkpoints  # how many depends on how long other databases of the cluster held the horizon


async def test_silence_is_sealed_once_a_minute(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await log.sealer.look()
    assert await log.sql("SELECT seq FROM audit_checkpoint") == [(1,)]
    monkeypatch.setattr(sealing, "HEARTBEAT_S", 0.0)
    await log.sealer.look()
    assert await log.sql("SELECT seq, leaves FROM audit_checkpoint ORDER BY seq") == [(1, 0), (2, 0)]


async def test_a_checkpoint_takes_whole_transactions_and_no_more_than_it_must(log: Log) -> None:
    log.sealer.most = 2
    async with visit(log.server) as session:
        for _ in range(5):
            await record.write(session, ACT)
    await log.write(5)
    await log.seal()
    leaves = [count for (count,) in await log.sql("SELECT leaves FROM audit_checkpoint WHERE leaves > 0 ORDER BY seq")]
    assert leaves[0] == 5 and sum(leaves) == 10 and max(leaves[1:]) <= 2
    assert await log.findings() == []


async def test_a_second_server_keeps_a_copy_of_its_own(sealed: Log, tmp_path: Path) -> None:
    other = Sealer(sealed.server, tmp_path / "other")
    await other.look()
    assert heads_of(tmp_path / "other").file.read_bytes() == heads_of(sealed.home).file.read_bytes()


async def test_a_copy_that_missed_a_line_in_a_crash_gets_it(sealed: Log) -> None:
    file = heads_of(sealed.home).file
    whole = file.read_bytes()
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[:3]) + b'{"seq":4,')
    started_anew = Sealer(sealed.server, sealed.home)
    await started_anew.look()
    assert file.read_bytes() == whole and started_anew.state(datetime.now(UTC)).state == "ok"


# ── how it is ──


async def test_it_is_well_when_all_is_sealed(sealed: Log) -> None:
    assert sealed.sealer.state(datetime.now(UTC)) == sealing.State(state="ok", detail="sealed up to checkpoint 4")
    assert sealed.sealer.unsealed_s(datetime.now(UTC)) == 0


async def test_entries_that_an_open_transaction_holds_back_are_told(log: Log) -> None:
    async with log.server.connect() as slow:
        await record.write(slow, ACT)
        await log.write(1)
        await log.sealer.look()
        now = datetime.now(UTC)
        assert log.sealer.state(now).state == "ok"
        assert log.sealer.state(now + timedelta(seconds=30)).state == "stale"
        down = log.sealer.state(now + timedelta(seconds=59))
        assert down.state == "down" and "a transaction has been open since" in down.detail


@pytest.fixture
async def nowhere(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(f"postgresql://qyran@/qyran?host={tmp_path}")
    yield engine
    await engine.dispose()


async def until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_it_outlives_a_store_that_is_away_and_says_so(log: Log, nowhere: AsyncEngine) -> None:
    log.sealer.engine = nowhere
    task = asyncio.create_task(log.sealer.run())
    try:
        await until(lambda: log.sealer._fault)
        log.sealer._good -= 60
        told = log.sealer.state(datetime.now(UTC))
        assert told.state == "down" and "OperationalError" in told.detail
        assert (REGISTRY.get_sample_value(UNSEALED_S) or 0) >= 60
        log.sealer.engine = log.server
        await until(lambda: log.sealer.state(datetime.now(UTC)).state == "ok")
        assert (REGISTRY.get_sample_value(UNSEALED_S) or 0) < 30
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_home_without_room_for_the_copy_is_told(log: Log) -> None:
    (log.home / "audit").write_text("a file where the folder should be")
    task = asyncio.create_task(log.sealer.run())
    try:
        await until(lambda: log.sealer._fault)
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_tail_that_is_cut_under_a_running_server_is_told_until_a_person_looked(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit WHERE id > 3")
    await sealed.attack("DELETE FROM audit_checkpoint WHERE seq > 2")
    await sealed.sealer.look()
    await sealed.write(1)
    await sealed.seal()
    told = sealed.sealer.state(datetime.now(UTC))
    assert (told.state, told.detail) == (
        "down",
        "checkpoint 4, which audit/heads.jsonl names, is gone from the store",
    )
    found = {(kind, where) for kind, _, where in await sealed.where()}
    assert {("cut_tail", 4), ("rewritten", 3)} <= found, "and it stays in the copy for good"


async def test_a_chain_that_is_rewritten_under_a_running_server_is_told(sealed: Log) -> None:
    await sealed.attack("UPDATE audit_checkpoint SET root = sha256('x') WHERE seq = 4")
    await sealed.sealer.look()
    assert sealed.sealer.state(datetime.now(UTC)).detail == (
        "checkpoint 4 is another in the store than in audit/heads.jsonl"
    )


@pytest.mark.parametrize("kept", [None, 2])
async def test_a_copy_that_is_cut_under_a_running_server_is_told(kept: int | None, sealed: Log) -> None:
    file = heads_of(sealed.home).file
    lines = file.read_bytes().splitlines(keepends=True)
    file.unlink() if kept is None else file.write_bytes(b"".join(lines[:kept]))
    await sealed.sealer.look()
    told = sealed.sealer.state(datetime.now(UTC))
    assert (told.state, told.detail) == ("down", "audit/heads.jsonl was cut: it ended at checkpoint 4")


# ── another cluster ──


@pytest.fixture
def elsewhere() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="qyran-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "pg")
        cluster.start(fast_but_unsafe=True)
        yield cluster
        cluster.stop()


async def test_a_dump_restored_in_another_cluster_goes_on_where_it_ended(
    log: Log, database_url: str, elsewhere: Cluster
) -> None:
    burn = "DO $$ BEGIN CREATE TEMP TABLE t (); FOR i IN 1..5000 LOOP BEGIN INSERT INTO t DEFAULT VALUES;"
    await log.sql(burn + " EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$")
    await log.write(3)
    await log.seal()
    old = await log.write(2)  # not sealed when the dump is taken
    new = await restored(database_url, elsewhere)
    owner, server = engine_for(new), engine_for(as_role(new, SERVER))
    try:
        there = Log(server, owner, log.home, Sealer(server, log.home))
        younger = await there.write(3)
        ((newest, oldest),) = await there.sql(
            "SELECT max(xid) FILTER (WHERE id = ANY (:new)), min(xid) FILTER (WHERE id < ALL (:new)) FROM audit",
            new=younger,
        )
        assert newest < oldest, "the numbers of transactions began anew"
        for _ in range(3):
            await there.seal()
            await there.sealer.look()
        assert await sealed_ids(there) == dict.fromkeys([*range(1, 4), *old, *younger], 1)
        report = await there.verify()
        assert (report.findings, report.entries, report.unsealed) == ([], 8, 0)
        await there.attack("DELETE FROM audit WHERE id = ANY (:ids)", ids=[old[0], younger[1]])
        assert {entry for kind, entry, _ in await there.where() if kind == "deleted"} == {old[0], younger[1]}
    finally:
        await owner.dispose()
        await server.dispose()


async def restored(url: str, elsewhere: Cluster) -> str:
    elsewhere.create_database("restored")
    new = elsewhere.url("restored")
    await asyncio.to_thread(migrate, new)
    await asyncio.to_thread(carry_over, url, new)
    return new


def carry_over(url: str, new: str) -> None:
    dump = ["pg_dump", "--data-only", "--table=audit*", f"--dbname={url}"]
    told = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    load = ["psql", "-v", "ON_ERROR_STOP=1", "-q", f"--dbname={new}"]
    done = subprocess.run(load, input=told, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
