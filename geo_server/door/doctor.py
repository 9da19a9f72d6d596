"""`doctor`: each part of the house, its version, its state, and what mends it; looks only, changes nothing."""

import importlib.metadata
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from rich.table import Table

from geo_server.door import fetch, windows
from geo_server.door.cluster import Cluster, binaries, store_of
from geo_server.door.steps import ROOT, free_mb, out
from geo_server.door.trouble import Trouble
from geo_server.door.up import SPACE_MB, WEB, WORDS, Plan

GOOD, LATER, BAD = "ok", "later", "missing"
_COLOURS = {GOOD: "green", LATER: "yellow", BAD: "red"}
_RTSP = """
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
print(Gst.version_string().split()[-1])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of the table; `later` means that `up` brings it by itself."""

    name: str
    state: str
    version: str = ""
    detail: str = ""
    mend: str = ""


def doctor(plan: Plan) -> int:
    """Print the table; 0 when nothing hinders `up`, else 1."""
    parts = list(examine(plan))
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "state", "version"):
        table.add_column(heading, no_wrap=True)
    table.add_column("")
    table.add_column("what mends it")
    for part in parts:
        table.add_row(part.name, f"[{_COLOURS[part.state]}]{part.state}[/]", part.version, part.detail, part.mend)
    out.print(table)
    bad = [part.name for part in parts if part.state == BAD]
    out.print(f"\n{'Nothing hinders `./qyran up`.' if not bad else 'To be mended: ' + ', '.join(bad) + '.'}")
    return int(bool(bad))


def examine(plan: Plan) -> Iterator[Part]:
    """Look at every part in turn; none may fail the others."""
    looks: list[Callable[[Plan], Iterator[Part]]] = [
        _postgresql, _store, _node, _windows, _fetched, _detector, _ports, _disk, _chromium, _rtsp_server, _running,
    ]  # fmt: skip
    for look in looks:
        try:
            yield from look(plan)
        except (Trouble, OSError, ValueError, subprocess.SubprocessError, psycopg.Error) as error:
            yield Part(name=look.__name__.strip("_").replace("_", " "), state=BAD, detail=str(error).splitlines()[0])


def _postgresql(plan: Plan) -> Iterator[Part]:
    try:
        programs = binaries()
    except Trouble as trouble:
        given = bool(os.environ.get("QYRAN_DATABASE_URL"))
        mend = "" if given else "./qyran up (as root or through sudo)"
        detail = "that of QYRAN_DATABASE_URL" if given else str(trouble.what)
        yield Part(name="PostgreSQL", state=GOOD if given else LATER, detail=detail, mend=mend)
        return
    yield Part(name="PostgreSQL", state=GOOD, version=_said(programs / "postgres", "--version").split()[2])
    share = Path(_said(programs / "pg_config", "--sharedir") or f"/usr/share/postgresql/{programs.parent.name}")
    control = share / "extension" / "postgis.control"
    if not control.exists():
        yield Part(name="PostGIS", state=BAD, mend=f"apt-get install postgresql-{programs.parent.name}-postgis-3")
        return
    version = next(line for line in control.read_text(encoding="utf-8").splitlines() if "default_version" in line)
    yield Part(name="PostGIS", state=GOOD, version=version.split("'")[1])


def _store(plan: Plan) -> Iterator[Part]:
    store = store_of(plan.home)
    place = str(store.folder) if isinstance(store, Cluster) else "the one QYRAN_DATABASE_URL names"
    if not store.running():
        made = isinstance(store, Cluster) and (store.data / "PG_VERSION").exists()
        yield Part(
            name="store", state=LATER, detail=f"{place}, {'stopped' if made else 'not made yet'}", mend="./qyran up"
        )
        return
    with psycopg.connect(store.url(), connect_timeout=3) as link:
        checksums = _one(link, "SHOW data_checksums")
        size = _one(link, "SELECT pg_size_pretty(pg_database_size(current_database()))")
        yield Part(name="store", state=GOOD, detail=f"{place}, running, {size}, data checksums {checksums}")
        yield _migration(link)
        yield from _contents(link)


def _migration(link: psycopg.Connection) -> Part:
    there = _one(link, "SELECT to_regclass('alembic_version')::text") and _one(
        link, "SELECT version_num FROM alembic_version"
    )
    newest = max(path.stem.lstrip("v").split("_")[0] for path in (ROOT / "layers/migrations/versions").glob("v*.py"))
    right = str(there or "").startswith(newest)
    state = GOOD if right else LATER
    return Part(name="migration", version=str(there or "none"), state=state, mend="" if right else "./qyran migrate")


def _contents(link: psycopg.Connection) -> Iterator[Part]:
    for table, mend in (("area", "./qyran up"), ("road", "./qyran import FILE.osm.pbf"), ("unit", ""), ("camera", "")):
        if _one(link, f"SELECT to_regclass('{table}')::text") is None:
            continue
        count = int(str(_one(link, f'SELECT count(*) FROM "{table}"')))
        wanted = bool(mend) and not count
        yield Part(name=f"{table}s", state=LATER if wanted else GOOD, detail=f"{count:,}", mend=mend if wanted else "")


def _node(plan: Plan) -> Iterator[Part]:
    yield Part(
        name="Node", state=GOOD, version=_said(windows.node(), "--version").lstrip("v"), detail="of the Python package"
    )


def _windows(plan: Plan) -> Iterator[Part]:
    if (WEB / "package.json").exists():
        done = windows.installed(WEB) and windows.built(WEB, *WORDS)
        detail = "built from these sources" if done else "not built, or from older sources"
        yield Part(name="windows", state=GOOD if done else LATER, detail=detail, mend="" if done else "./qyran up")


def _fetched(plan: Plan) -> Iterator[Part]:
    items = fetch.listed()
    states = fetch.state(items, plan.home / "fetched", fully=True)
    for item in items:
        there = states[item.name] == "there"
        mend = "" if there else "./qyran fetch" + (" --for-tests" if item.needed_by == "test" else "")
        detail = f"{states[item.name]}, sha256 {item.sha256[:12]}…" + (
            " (tests only)" if item.needed_by == "test" else ""
        )
        yield Part(name=item.name, version=item.version, state=GOOD if there else LATER, detail=detail, mend=mend)


def _detector(plan: Plan) -> Iterator[Part]:
    models = sorted(path.stem for path in (plan.home / "models").glob("*.onnx"))
    runtime = importlib.metadata.version("onnxruntime")
    state, mend = (GOOD, "") if models else (LATER, "./qyran up")
    yield Part(
        name="detector", version=runtime, state=state, detail=", ".join(models) or "not converted yet", mend=mend
    )


def _ports(plan: Plan) -> Iterator[Part]:
    up = _up_at(plan.home)
    doors = ("server", plan.port), ("ingest", plan.ingest_port), ("video", plan.video_port), ("RTSP", plan.rtsp_port)
    for name, port in doors:
        taken = _listening(plan.host, port)
        detail = "free" if not taken else f"in use by {up}" if up else "in use by another program"
        state = BAD if taken and not up else GOOD
        yield Part(
            name=f"port {port}", state=state, detail=f"{name}: {detail}", mend="choose another" if state == BAD else ""
        )


def _disk(plan: Plan) -> Iterator[Part]:
    free = free_mb(plan.home)
    enough = free >= SPACE_MB
    mend = "" if enough else "free some space, or choose another --home"
    yield Part(name="disk", state=GOOD if enough else BAD, detail=f"{free:,} MiB free for {plan.home}", mend=mend)


def _chromium(plan: Plan) -> Iterator[Part]:
    found = shutil.which("chromium")
    version = _said(Path(found), "--version").split()[1] if found else ""
    mend = "" if found else "./qyran test"
    yield Part(name="Chromium", state=GOOD if found else LATER, version=version, detail="tests only", mend=mend)


def _rtsp_server(plan: Plan) -> Iterator[Part]:
    done = subprocess.run(["/usr/bin/python3", "-c", _RTSP], capture_output=True, text=True)
    there = done.returncode == 0
    mend = "" if there else "./qyran up"
    yield Part(
        name="RTSP server", state=GOOD if there else LATER, version=done.stdout.strip(), detail="demo only", mend=mend
    )


def _running(plan: Plan) -> Iterator[Part]:
    up = _up_at(plan.home)
    yield Part(
        name="processes",
        state=GOOD if up else LATER,
        detail=f"up: {up}" if up else "not up",
        mend="" if up else "./qyran up",
    )


def _up_at(home: Path) -> str:
    """Tell who holds the home's lock, nothing when nobody does."""
    lock = home / "up.lock"
    if not lock.exists():
        return ""
    said = lock.read_text(encoding="utf-8")
    number = said.removeprefix("process ").partition(",")[0]
    return said if number.isdigit() and Path(f"/proc/{number}").exists() else ""


def _listening(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _said(program: Path, argument: str) -> str:
    try:
        return subprocess.run([str(program), argument], capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        return ""


def _one(link: psycopg.Connection, question: str) -> object:
    row = link.execute(question.encode()).fetchone()
    return row[0] if row else None
