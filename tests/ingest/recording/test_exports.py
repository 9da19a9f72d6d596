"""An export proves itself: original bytes, signed; whatever is changed of it is found by a verifier that runs alone."""

import asyncio
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.disk import Disk
from ingest.recording.exports import FAULTS, Exports, write
from ingest.recording.reading import stretches_of
from ingest.recording.writer import Recorded, Writer
from layers import evidence
from layers.database import visit
from layers.evidence import NotVerifiable, faults
from layers.recordings import clip_queries, export_queries, queries
from layers.recordings.export_queries import NewExport
from layers.recordings.schema import Export
from layers.signing import private_key, public_pem
from tests.ingest.recording.footage import START, footage, init

CHECKOUT = Path(__file__).parents[3]
UNTIL = START + timedelta(minutes=10)


async def recorded(engine: AsyncEngine, home: Path) -> int:
    """A camera with two closed files that follow each other, ten seconds each."""
    camera = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES ('C-1', 'к', 'р',
        'e', 'rtsp://x', 'rtsp', 'continuous', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326)) RETURNING id"""
    async with visit(engine) as session:
        one = int((await session.execute(text(camera))).scalar_one())
        writer = Writer(home / "recordings", Recorded(id=one, code="C-1", retention="public"), Disk())
        written = [*writer.write(footage(10)).written]
        written += writer.write(footage(10, start=START + timedelta(minutes=5))).written
        written += writer.close().written
        await queries.keep(session, [told for told in written if told.sha256])
    return one


async def asked(engine: AsyncEngine, camera: int, since: datetime = START, until: datetime = UNTIL) -> int:
    async with visit(engine) as session:
        area = (await session.execute(text("SELECT min(id) FROM area"))).scalar_one()
        new = NewExport(
            asked_by="dispatcher", account_id=1, area_id=area, incident_id=None, reason="A trial",
            legal_basis="Request 17/2026", camera_ids=[camera], begins_at=since, ends_at=until,
        )  # fmt: skip
        return await export_queries.ask(session, new)


async def found(engine: AsyncEngine, export: int) -> Export:
    async with visit(engine) as session:
        told = await export_queries.find(session, export)
    assert told is not None
    return told


@pytest.mark.anyio
async def test_an_export_holds_the_original_bytes_and_verifies_alone(engine: AsyncEngine, tmp_path: Path) -> None:
    camera = await recorded(engine, tmp_path)
    export = await asked(engine, camera, START + timedelta(seconds=3.5))
    assert await Exports(engine, tmp_path, Disk(), least_free=0.0).look() == 1
    row = await found(engine, export)
    archive = tmp_path / "exports" / str(row.path)
    assert row.state == "ready" and row.size == archive.stat().st_size
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        cut, whole = manifest["files"]
        assert (cut["whole"], whole["whole"]) == (False, True)
        original = (tmp_path / "recordings" / whole["source"]["path"]).read_bytes()
        assert opened.read(whole["name"]) == original and original.startswith(init().data)
        assert cut["begins_at"] == "2026-03-01T10:00:03.000+00:00"
        assert cut["begins_at_almaty"] == "2026-03-01T15:00:03.000+05:00"
        assert manifest["legal_basis"] == "Request 17/2026" and manifest["key_id"] == row.key_id
    alone = [sys.executable, "-I", str(CHECKOUT / "layers" / "evidence.py"), str(archive), "--key", str(row.key_id)]
    done = await asyncio.to_thread(subprocess.run, alone, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and "All of it is as it was signed." in done.stdout, done.stdout + done.stderr


OLDER = """
import runpy, sys
class Older:
    def __init__(self, key): self.key = key
    def verify(self, *told): return self.key.verify(*told)
    def public_bytes(self, *told): return self.key.public_bytes(*told)
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ed25519
ed25519.Ed25519PublicKey = Older
load = form.load_pem_public_key
form.load_pem_public_key = lambda *told: Older(load(*told))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""  # cryptography 38, Debian 12's own: its keys know no public_bytes_raw


@pytest.mark.anyio
async def test_the_verifier_runs_where_cryptography_is_old_and_says_so_where_it_is_missing(unpacked: Path) -> None:
    verifier = str(unpacked / "evidence.py")
    old = [sys.executable, "-I", "-c", OLDER, verifier, str(unpacked)]
    done = await asyncio.to_thread(subprocess.run, old, capture_output=True, text=True)
    assert done.returncode == 0 and "All of it is as it was signed." in done.stdout, done.stderr
    bare = [sys.executable, "-I", "-S", verifier, str(unpacked)]
    done = await asyncio.to_thread(subprocess.run, bare, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Nothing was verified: the package `cryptography` is missing.")


@pytest.mark.anyio
async def test_an_export_that_cannot_be_built_says_why_by_a_code(engine: AsyncEngine, tmp_path: Path) -> None:
    camera = await recorded(engine, tmp_path)
    export = await asked(engine, camera, UNTIL, UNTIL + timedelta(minutes=1))
    assert await Exports(engine, tmp_path, Disk(), least_free=0.0).look() == 0
    row = await found(engine, export)
    assert (row.state, row.why) == ("failed", "nothing_recorded")
    great = await asked(engine, camera)
    await Exports(engine, tmp_path, Disk(), least_free=1.1).look()
    assert (await found(engine, great)).why == "no_room"
    key, unsigned = tmp_path / "keys" / "video.pem", await asked(engine, camera)
    whole = key.read_bytes()
    key.write_text("no key")
    await Exports(engine, tmp_path, Disk(), least_free=0.0).look()
    assert (await found(engine, unsigned)).why == "no_key"
    key.write_bytes(whole)
    gone = await asked(engine, camera)
    shutil.rmtree(tmp_path / "recordings")
    await Exports(engine, tmp_path, Disk(), least_free=0.0).look()
    assert (await found(engine, gone)).why == "lost"
    nowhere = await asked(engine, camera)
    shutil.rmtree(tmp_path / "exports")
    (tmp_path / "exports").write_text("no folder")
    await Exports(engine, tmp_path, Disk(), least_free=0.0).look()
    assert (await found(engine, nowhere)).why == "disk_fault"
    (tmp_path / "exports").unlink()
    (tmp_path / "exports").mkdir()
    assert not list((tmp_path / "exports").iterdir())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_thing_that_an_export_fails_of_is_said_in_the_windows(language: str) -> None:
    words = json.loads((CHECKOUT / "data" / "words" / f"{language}.json").read_text())
    assert {name.rpartition(".")[2] for name in words if name.startswith("archive.fault.")} == FAULTS


@pytest.mark.anyio
async def test_an_export_up_to_now_waits_for_its_last_seconds(engine: AsyncEngine, tmp_path: Path) -> None:
    camera, now = await recorded(engine, tmp_path), datetime.now(UTC)
    export, exports = await asked(engine, camera, START, now), Exports(engine, tmp_path, Disk(), least_free=0.0)
    assert await exports.look(now + timedelta(seconds=1)) == 0
    assert (await found(engine, export)).state == "waiting"
    assert await exports.look(now + timedelta(seconds=10)) == 1


@pytest.fixture
async def unpacked(engine: AsyncEngine, tmp_path: Path) -> Path:
    """An export in a folder."""
    camera = await recorded(engine, tmp_path)
    row = await found(engine, await asked(engine, camera))
    async with visit(engine) as session:
        files = await clip_queries.files_of(session, camera, row.begins_at, row.ends_at)
    stretches, archive = stretches_of(files, row.begins_at, row.ends_at), tmp_path / "x.zip"
    write(archive, row, stretches, tmp_path / "recordings", private_key(tmp_path / "keys" / "video.pem"))
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "x")
    return tmp_path / "x"


def clips(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.mp4"))


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def retold(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest and sign it anew by the same key, as a thief of the key would."""
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    data = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(data)
    key = private_key(folder.parent / "keys" / "video.pem")
    (folder / "manifest.sig").write_text(key.sign(data).hex())


def one_signed_by_another(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    (folder / "manifest.sig").write_text(key.sign((folder / "manifest.json").read_bytes()).hex())


def forged(folder: Path) -> None:
    """Sign it by another key, and let the manifest name the owner's still: digits that a person would compare."""
    key = Ed25519PrivateKey.generate()
    (folder / "key.pub").write_bytes(public_pem(key.public_key()))
    (folder / "manifest.sig").write_text(key.sign((folder / "manifest.json").read_bytes()).hex())


def numbered_in_words(manifest: dict[str, Any]) -> None:
    for one in manifest["files"]:
        one["source"]["number"] = str(one["source"]["number"])


def tail_cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


TAMPERED: list[tuple[str, Callable[[Path], Any], str]] = [
    ("a changed byte", lambda f: flip(clips(f)[0]), "was changed: its SHA-256"),
    ("a missing file", lambda f: clips(f)[1].unlink(), "is missing."),
    ("a cut tail", lambda f: tail_cut(clips(f)[0]), "was cut: "),
    ("a longer file", lambda f: clips(f)[0].open("ab").write(b"x"), "was changed: its SHA-256"),
    ("a file more", lambda f: (f / "more.mp4").write_bytes(b"x"), "more.mp4 is not in the manifest."),
    ("a changed manifest", lambda f: (f / "manifest.json").write_text(
        (f / "manifest.json").read_text().replace("Request 17", "Request 18")), "The signature does not fit"),
    ("a wrong signature", one_signed_by_another, "The signature does not fit"),
    ("no signature", lambda f: (f / "manifest.sig").unlink(), "The signature or the key beside it is missing"),
    ("half a signature", lambda f: (f / "manifest.sig").write_text("zz"), "The signature or the key beside it"),
    ("another place in the chain", lambda f: retold(
        f, lambda m: m["files"][0]["source"].update(number=9)), "does not stand in its camera's chain"),
    ("another whole file", lambda f: retold(
        f, lambda m: m["files"][0]["source"].update(sha256="00" * 32)), "does not stand in its camera's chain"),
    ("another key under the owner's name", forged, "The manifest names another key"),
    ("a number that is none", lambda f: retold(f, numbered_in_words), "does not stand in its camera's chain"),
    ("a name of two lines", lambda f: (f / "a\nAll of it is as it was signed.").write_bytes(b"x"),
     "a\\nAll of it is as it was signed. is not in the manifest."),
    ("a name out of the folder", lambda f: retold(
        f, lambda m: m["files"][0].update(name="../keys/video.pem")), "../keys/video.pem is missing."),
]  # fmt: skip


@pytest.mark.anyio
async def test_each_way_of_tampering_is_found_in_one_sentence(unpacked: Path) -> None:
    assert faults(unpacked) == []
    for what, tamper, sentence in TAMPERED:
        copy = unpacked.parent / "copy"
        shutil.copytree(unpacked, copy)
        tamper(copy)
        told = faults(copy)
        assert any(sentence in one for one in told), (what, told)
        assert all(one.endswith(".") and "\n" not in one for one in told), what
        shutil.rmtree(copy)


@pytest.mark.anyio
async def test_a_foreign_key_is_found_where_the_right_one_is_pinned(unpacked: Path, tmp_path: Path) -> None:
    private_key(tmp_path / "other" / "video.pem")
    assert faults(unpacked, str(tmp_path / "keys" / "video.pub")) == []
    (told,) = faults(unpacked, str(tmp_path / "other" / "video.pub"))
    assert told.startswith("It was signed by another key")
    with pytest.raises(NotVerifiable, match="neither a key's 16 hex digits"):
        faults(unpacked, "nothing")


@pytest.mark.anyio
async def test_what_is_no_export_is_one_sentence_and_no_traceback(
    unpacked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = (tmp_path / "x.zip").read_bytes()
    cut, noise, empty, foreign = (tmp_path / name for name in ("cut.zip", "noise.zip", "empty", "foreign"))
    cut.write_bytes(archive[:-100])
    noise.write_bytes(b"\x00" * 500)
    empty.mkdir()
    foreign.mkdir()
    (foreign / "manifest.json").write_text('{"format": "other"}')
    for path in (cut, noise, empty, foreign, tmp_path / "nowhere.zip"):
        assert evidence.main([str(path)]) == 1
        assert len(capsys.readouterr().out.strip().splitlines()) == 1
    for files in ([7], [{"name": "a", "source": []}], "a"):
        (foreign / "manifest.json").write_text(json.dumps({"format": evidence.FORMAT, "files": files}))
        assert evidence.main([str(foreign)]) == 1
        assert "none of a recordings' export" in capsys.readouterr().out
    (foreign / "manifest.json").write_text("[" * 100_000)
    assert evidence.main([str(foreign)]) == 1
    changed = bytearray(archive)
    changed[len(archive) // 3] ^= 1
    noise.write_bytes(changed)
    assert evidence.main([str(noise)]) == 1


@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore:Duplicate name")
async def test_an_archive_bent_as_no_folder_can_be_is_found(unpacked: Path, tmp_path: Path) -> None:
    bent = tmp_path / "bent.zip"

    def added(name: str, data: bytes) -> list[str]:
        shutil.copy(tmp_path / "x.zip", bent)
        with zipfile.ZipFile(bent, "a") as archive:
            archive.writestr(name, data)
        return faults(bent)

    again = (unpacked / "manifest.json").read_bytes()
    (told,) = added("manifest.json", again)
    assert told == "manifest.json is there 2 times: which of them is meant nobody can tell."
    name = clips(unpacked)[0].relative_to(unpacked).as_posix()
    assert any("is there 2 times" in one for one in added(name, clips(unpacked)[0].read_bytes()))
    assert "../../x is not in the manifest." in added("../../x", b"x")
    secret = bytearray((tmp_path / "x.zip").read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the first file tells that it is enciphered
        secret[secret.index(mark) + at] |= 1
    bent.write_bytes(secret)
    assert any("was changed: its bytes" in one for one in faults(bent))


@pytest.mark.anyio
async def test_a_signed_name_that_leads_out_of_the_export_is_found(unpacked: Path, tmp_path: Path) -> None:
    name = clips(unpacked)[0].relative_to(unpacked).as_posix()
    for out in ("../x.mp4", "/x.mp4", "a\\..\\..\\x.mp4", "C:x.mp4"):
        retold(unpacked, lambda m, out=out: m["files"][0].update(name=out))  # type: ignore[misc]
        with zipfile.ZipFile(tmp_path / "x.zip") as old, zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
            for told in old.namelist():
                data = (unpacked / told).read_bytes()
                archive.writestr(out if told == name else told, data)
        assert faults(tmp_path / "out.zip") == [f"{out} leads out of the export."]


def test_a_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    one, again = (private_key(tmp_path / "keys" / "video.pem") for _ in range(2))
    assert one.private_bytes_raw() == again.private_bytes_raw()
    assert (tmp_path / "keys" / "video.pem").stat().st_mode & 0o077 == 0
    assert START.tzinfo is UTC
