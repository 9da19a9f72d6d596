"""Every way to bend the log is found, and where: as the owner of the store, with its triggers off."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo_server.audit import record
from geo_server.audit.heads import Heads
from geo_server.audit.schema import Checkpoint, Entry, leaf_of
from geo_server.audit.sealing import Sealer, heads_of
from geo_server.audit.signing import Signer
from geo_server.audit.verify import TOLD
from layers.areas.scope import visit_whole
from tests.geo_server.audit.conftest import Log

pytestmark = pytest.mark.anyio
A_MINUTE_ON = timedelta(seconds=61)


async def test_a_clean_log_holds(sealed: Log) -> None:
    await sealed.write(2)
    report = await sealed.verify()
    assert (report.findings, report.entries, report.checkpoints, report.unsealed) == ([], 11, 4, 2)


async def test_an_empty_log_holds(log: Log) -> None:
    Signer.at(log.home)
    assert (await log.verify()).findings == []


EDITS = (
    "who = 'Nobody'", "account_id = 5", "role = 'planner'", "area_id = 1", "operation = 'x'", "outcome = 'refused'",
    "code = 'x'", "layer = 'x'", "object_id = 5", "purpose = '{}'", "origin = 'x'", "details = '{\"n\": 7}'",
    "commitments = '{\"a\": \"b\"}'", "at = at + interval '1 microsecond'", "leaf = sha256('x')",
)  # fmt: skip


async def test_whatever_of_an_entry_is_edited_the_entry_is_named(sealed: Log) -> None:
    await sealed.sql("CREATE TABLE kept AS SELECT * FROM audit")
    parts = "at, account_id, who, role, area_id, operation, outcome, code, layer, object_id, purpose, origin, details"
    parts += ", commitments, leaf"
    for edit in EDITS:
        await sealed.attack(f"UPDATE audit SET {edit} WHERE id = 5")
        found = await sealed.where()
        assert ("edited", 5, 3) in found and {entry for _, entry, _ in found} == {5}, edit
        await sealed.attack(f"UPDATE audit SET ({parts}) = (SELECT {parts} FROM kept WHERE id = 5) WHERE id = 5")
    assert await sealed.findings() == []


async def test_an_entry_edited_together_with_its_leaf_is_named(sealed: Log) -> None:
    await sealed.attack("UPDATE audit SET who = 'Nobody' WHERE id = 5")
    async with visit_whole(sealed.owner) as session:
        row = (await session.execute(text("SELECT * FROM audit WHERE id = 5"))).mappings().one()
    await sealed.attack("UPDATE audit SET leaf = :leaf WHERE id = 5", leaf=leaf_of(dict(row)))
    assert await sealed.where() == {("edited", 5, 3)}


async def test_two_entries_that_changed_places_are_named(sealed: Log) -> None:
    swap = "UPDATE audit a SET leaf = b.leaf, details = b.details, at = b.at FROM audit b"
    await sealed.attack(f"{swap} WHERE (a.id, b.id) IN ((5, 6), (6, 5))")
    assert await sealed.where() == {("edited", 5, 3), ("edited", 6, 3)}


async def test_an_entry_moved_to_another_checkpoint_is_named_at_both(sealed: Log) -> None:
    await sealed.attack("UPDATE audit SET xid = (SELECT xid FROM audit WHERE id = 2) WHERE id = 5")
    assert await sealed.where() == {("added", 5, 2), ("deleted", 5, 3)}


async def test_an_entry_deleted_at_either_end_or_in_the_middle_is_named(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit WHERE id IN (1, 5, 9)")
    assert await sealed.where() == {("deleted", 1, 2), ("deleted", 5, 3), ("deleted", 9, 4)}


async def test_a_cut_tail_of_entries_is_named(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit WHERE id > 5")
    assert await sealed.where() == {("deleted", 6, 3), ("deleted", 7, 4), ("deleted", 8, 4), ("deleted", 9, 4)}


async def test_a_tail_cut_with_its_checkpoints_shows_by_the_copy_outside(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit WHERE id > 3")
    await sealed.attack("DELETE FROM audit_checkpoint WHERE seq > 2")
    assert await sealed.where() == {("cut_tail", None, 3), ("cut_tail", None, 4)}


async def test_a_log_emptied_of_everything_shows_by_the_copy_outside(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit")
    await sealed.attack("DELETE FROM audit_checkpoint")
    assert await sealed.where() == {("cut_tail", None, seq) for seq in (1, 2, 3, 4)}


async def test_an_entry_put_in_later_is_named(sealed: Log) -> None:
    values = "id, epoch, xid, at, who, operation, outcome, details, commitments, leaf"
    of_five = "SELECT 100, epoch, xid, at, who, operation, outcome, details, commitments, leaf FROM audit WHERE id = 5"
    await sealed.attack(f"INSERT INTO audit ({values}) {of_five}")
    assert await sealed.where() == {("added", 100, 3)}


async def test_a_deleted_checkpoint_is_named(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit_checkpoint WHERE seq = 3")
    found = await sealed.where()
    assert {("broken_chain", None, 3), ("cut_tail", None, 3)} <= found


async def test_an_edited_checkpoint_is_named(sealed: Log) -> None:
    await sealed.sql("CREATE TABLE kept AS SELECT * FROM audit_checkpoint")
    for edit in ("at = now()", "leaves = 2", "root = sha256('x')", "from_xid = 0", "to_xid = to_xid + 1", "epoch = 1"):
        await sealed.attack(f"UPDATE audit_checkpoint SET {edit} WHERE seq = 3")
        assert {("wrong_signature", None, 3), ("rewritten", None, 3)} <= await sealed.where(), edit
        await sealed.attack("DELETE FROM audit_checkpoint WHERE seq = 3")
        await sealed.attack("INSERT INTO audit_checkpoint SELECT * FROM kept WHERE seq = 3")
    assert await sealed.findings() == []


async def test_a_wrong_signature_is_named(sealed: Log) -> None:
    await sealed.attack("UPDATE audit_checkpoint SET signature = sha512('x') WHERE seq = 3")
    assert await sealed.where() == {("wrong_signature", None, 3)}


async def test_a_chain_rewritten_with_another_key_is_found_at_every_checkpoint(sealed: Log, tmp_path: Path) -> None:
    forger = await rewrite(sealed, tmp_path / "forger", [n for n in range(1, 10) if n != 5])
    found = await sealed.where()
    assert {("wrong_signature", None, seq) for seq in (1, 2)} <= found, "their key is not ours"
    assert ("rewritten", None, 1) in found and ("cut_tail", None, 4) in found, "and the copy names other checkpoints"
    shutil.copy(heads_of(forger).file, heads_of(sealed.home).file)
    assert {kind for kind, _, _ in await sealed.where()} == {"wrong_signature"}, "also where the copy was rewritten too"


async def test_a_chain_rewritten_with_the_stolen_key_shows_by_the_copy_outside(sealed: Log, tmp_path: Path) -> None:
    forger = tmp_path / "forger"
    shutil.copytree(sealed.home / "keys", forger / "keys")
    await rewrite(sealed, forger, [n for n in range(1, 10) if n != 5])
    assert {kind for kind, _, _ in await sealed.where()} == {"rewritten", "cut_tail"}


async def rewrite(log: Log, home: Path, kept: list[int]) -> Path:
    """Take entries out and seal the rest anew, all of it well made."""
    await log.attack("DELETE FROM audit WHERE NOT id = ANY (:kept)", kept=kept)
    await log.attack("DELETE FROM audit_checkpoint")
    forged = Log(log.server, log.owner, home, Sealer(log.server, home))
    await forged.sealer.look()
    await forged.write(1)
    await forged.seal()
    return home


async def test_a_witness_that_was_bent_hides_nothing(sealed: Log) -> None:
    await sealed.attack("UPDATE audit_checkpoint SET witness = 'x' WHERE seq = 3")
    assert await sealed.where() == set(), "it proves nothing"
    await sealed.attack("DELETE FROM audit WHERE id = 5")
    found = await sealed.where()
    assert found == {("added", 4, 3), ("added", 6, 3)} and {checkpoint for _, _, checkpoint in found} == {3}


async def test_an_old_copy_is_named(sealed: Log, tmp_path: Path) -> None:
    lines = heads_of(sealed.home).file.read_bytes().splitlines(keepends=True)
    old = Heads(tmp_path / "old.jsonl")
    old.file.write_bytes(b"".join(lines[:2]))
    assert await sealed.where(copy=old, now=datetime.now(UTC) + A_MINUTE_ON) == {("copy", None, 3)}


async def test_a_copy_with_a_gap_or_a_step_back_is_named(sealed: Log, tmp_path: Path) -> None:
    whole = heads_of(sealed.home).file.read_bytes().splitlines(keepends=True)
    copy = Heads(tmp_path / "copy.jsonl")
    for lines, where in (([0, 1, 3], 3), ([1, 2, 3], 1), ([0, 1, 2, 3, 2, 3], 3)):
        copy.file.write_bytes(b"".join(whole[n] for n in lines))
        assert await sealed.where(copy=copy) == {("copy", None, where)}


async def test_a_copy_that_is_gone_or_unreadable_is_named(sealed: Log, tmp_path: Path) -> None:
    assert await sealed.where(copy=Heads(tmp_path / "none")) == {("copy", None, 4)}
    strange = Heads(tmp_path / "strange")
    strange.file.write_bytes(heads_of(sealed.home).file.read_bytes() + b"strange\n")
    assert await sealed.where(copy=strange) == {("copy", None, None)}


async def test_erasure_keeps_the_proof(log: Log) -> None:
    await log.write(3, personal={"caller_phone": "+7 701 234 56 78"})
    await log.seal()
    async with visit_whole(log.server) as session:
        assert await record.erase(session, Entry(operation="", who="root"), phone="87012345678") == 3
    await log.seal()
    report = await log.verify()
    assert (report.findings, report.entries) == ([], 4)
    assert await log.sql("SELECT * FROM audit_personal") == []


async def test_a_personal_value_that_was_changed_is_named(log: Log) -> None:
    await log.write(3, personal={"caller_phone": "+7 701 234 56 78"})
    await log.seal()
    await log.attack("UPDATE audit_personal SET value = '+7 700 000 00 00' WHERE audit_id = 2")
    assert await log.where() == {("edited", 2, None)}


async def test_a_personal_value_that_went_without_an_erasure_is_named(log: Log) -> None:
    await log.write(3, personal={"caller_phone": "+7 701 234 56 78", "caller": "Ерлан"})
    async with visit_whole(log.server) as session:
        assert await record.erase(session, Entry(operation="", who="root"), phone="87012345678") == 3
    assert await log.sql("SELECT field FROM audit_personal") == [], "an entry loses all of a person at once"
    await log.write(1, personal={"caller": "Ерлан"})
    await log.seal()
    assert await log.findings() == []
    await log.attack("DELETE FROM audit_personal WHERE audit_id = 5")
    assert await log.where() == {("deleted", 5, None)}


async def test_a_personal_value_put_beside_an_entry_that_has_none_is_named(sealed: Log) -> None:
    await sealed.attack("INSERT INTO audit_personal VALUES (5, 'phone', sha256('x'), '+7 700 000 00 00')")
    assert await sealed.where() == {("edited", 5, None)}


async def test_an_entry_that_nobody_sealed_for_a_minute_is_named(sealed: Log) -> None:
    (entry_id,) = await sealed.write(1)
    assert await sealed.findings() == []
    assert ("unsealed", entry_id, None) in await sealed.where(now=datetime.now(UTC) + A_MINUTE_ON)


async def test_an_unsealed_entry_is_read_as_well(sealed: Log) -> None:
    (entry_id,) = await sealed.write(1)
    await sealed.attack("UPDATE audit SET who = 'Nobody' WHERE id = :id", id=entry_id)
    assert await sealed.where() == {("edited", entry_id, None)}


async def test_findings_beyond_a_hundred_of_a_kind_are_counted(log: Log) -> None:
    async with visit_whole(log.server) as session:
        for _ in range(TOLD + 7):
            await record.write(session, Entry(operation="x", who="y"))
    await log.seal()
    await log.attack("UPDATE audit SET who = 'Nobody'")
    report = await log.verify()
    assert (len(report.findings), report.more) == (TOLD, {"edited": 7})


async def test_a_finding_says_in_a_sentence_where_it_is(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit WHERE id = 5")
    (found,) = await sealed.findings()
    assert found.said.startswith("Entry 5 was deleted: it was sealed under checkpoint 3 of 20")


def test_what_is_signed_names_every_column_that_counts() -> None:
    one: dict[str, Any] = {
        "seq": 7, "at": datetime(2026, 1, 2, 3, 4, 5, 6, UTC), "epoch": 11, "from_xid": 12, "to_xid": 13, "leaves": 14,
        "root": b"\1", "before": b"\2",
    }  # fmt: skip
    assert Checkpoint(**one).text == b"7|2026-01-02T03:04:05.000006Z|11|12|13|14|01|02"
