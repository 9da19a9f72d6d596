"""The private PostgreSQL + PostGIS cluster of one home: on a unix socket, with checksums, nobody else's concern."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from geo_server.door.trouble import Trouble
from layers.database import StoreRole, as_role

ROLE = "qyran"
PORT = 5432  # only part of the socket's name: nothing listens on TCP
SOCKET_LIMIT = 107  # bytes of sockaddr_un.sun_path on Linux, less the closing zero
OLDEST = 15  # the newest feature we lean on (MERGE, ICU-free C.UTF-8, wal_compression=lz4) is of 15
START_S = 60
_DEBIAN = Path("/usr/lib/postgresql")
_UNSAFE = {  # a cluster of tests need not outlive a crash, nor hold more than a few small databases
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "128MB",
    "shared_buffers": "128MB",
    "shared_preload_libraries": "postgis-3",  # else each of some ten thousand connections links it anew
}


class Store(Protocol):
    """A place for databases: our own cluster, or one that stands already."""

    def create(self) -> None: ...  # noqa: D102 - each says what its namesake of Cluster says
    def start(self, fast_but_unsafe: bool = False) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    def running(self) -> bool: ...  # noqa: D102
    def url(self, database: str = ROLE) -> str: ...  # noqa: D102
    def url_as(self, role: StoreRole) -> str: ...  # noqa: D102
    def create_database(self, name: str, template: str | None = None) -> None: ...  # noqa: D102
    def drop_database(self, name: str) -> None: ...  # noqa: D102


def store_of(home: Path) -> Store:
    """Give the store of a home: the one `QYRAN_DATABASE_URL` names, or the private cluster under `home/pg`."""
    given = os.environ.get("QYRAN_DATABASE_URL")
    return Given(given) if given else Cluster(home / "pg")


class _Databases:
    """What a store of either kind does with its databases."""

    def url(self, database: str = ROLE) -> str:
        """Say how to reach a database, as `postgresql://…`."""
        raise NotImplementedError

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, empty or a copy of `template`, to which nobody may be connected; fine when it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return
            copy = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template or "template0"))
            if template:  # file by file: a copy through the log, PostgreSQL's default, writes everything twice
                copy += sql.SQL(" STRATEGY file_copy")
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy)

    def drop_database(self, name: str) -> None:
        """Drop a database and whoever is connected to it; no error when there is none."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Given(_Databases):
    """A store that stands already: never started, stopped or changed by us beyond our own databases."""

    def __init__(self, url: str) -> None:
        """Take `postgresql://…`; its database is the one the demo and the server use."""
        self._url = url

    def create(self) -> None:
        """Make the named database if the server stands without it."""
        try:
            psycopg.connect(self._url, connect_timeout=5).close()
        except psycopg.ProgrammingError as error:
            mend = "Give postgresql://user@host:5432/name, or unset it."
            raise Trouble("QYRAN_DATABASE_URL is no address of a database.", mend=mend) from error
        except psycopg.OperationalError as error:
            if "does not exist" not in str(error):
                raise Trouble(
                    "The store named by QYRAN_DATABASE_URL does not answer.", mend=f"It said: {_last_line(str(error))}"
                ) from error
            self.create_database(urlsplit(self._url).path.lstrip("/"))

    def start(self, fast_but_unsafe: bool = False) -> None:
        """Nothing to start; makes sure that it answers."""
        self.create()

    def stop(self) -> None:
        """Nothing to stop: it is not ours."""

    def running(self) -> bool:
        """Tell whether it answers."""
        try:
            psycopg.connect(self._url, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = ROLE) -> str:
        """Say how to reach a database; `qyran` stands for the one the given address names."""
        if database == ROLE:
            return self._url
        parts = urlsplit(self._url)
        # urlunsplit drops the empty host of postgresql:///name and postgresql://user@/name stays as it is
        changed = urlunsplit(parts._replace(path=f"/{quote(database)}"))
        return changed if "://" in changed else changed.replace(":/", ":///", 1)

    def url_as(self, role: StoreRole) -> str:
        """Say how a wing reaches the database: it comes in as whom we were given and becomes its role at once."""
        parts = urlsplit(self._url)
        become = f"options={quote(f'-c role={role}')}"
        changed = urlunsplit(parts._replace(query=f"{parts.query}&{become}" if parts.query else become))
        return changed if "://" in changed else changed.replace(":/", ":///", 1)


class Cluster(_Databases):
    """PostgreSQL 15 with PostGIS in a folder of its own; started by root it runs as the system user `postgres`."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that holds data, socket and log; nothing is touched before `create`."""
        self.asked = folder.absolute()
        self.folder = _reachable(self.asked)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.socket = _short(self.folder / "socket")

    @property
    def note(self) -> str:
        """Say where the data lies when that is not where it was asked to lie, else nothing."""
        if self.folder == self.asked:
            return ""
        return f"the store lies in {self.folder}, because the system user postgres may not enter {self.asked.parent}"

    def url(self, database: str = ROLE) -> str:
        """Say how to reach a database through the socket."""
        return f"postgresql://{ROLE}@/{quote(database)}?host={quote(str(self.socket))}&port={PORT}"

    def url_as(self, role: StoreRole) -> str:
        """Say how a wing reaches the database, as a role that cannot look past its policies."""
        return as_role(self.url(), role)

    def create(self) -> None:
        """Make the cluster once (initdb, checksums, C.UTF-8); raises Trouble with PostgreSQL's own words."""
        if (self.data / "PG_VERSION").exists():
            return
        fresh = self.folder / "data.new"  # renamed when whole, so that a kill leaves no half-made store
        self._own(self.folder)
        shutil.rmtree(fresh, ignore_errors=True)
        encoding = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth=trust", f"--username={ROLE}"]
        self._run("initdb", ["--no-instructions", *encoding, "-D", str(fresh)], "PostgreSQL's store could not be made.")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude 'qyran.conf'  # written anew at every start\n")
        # trust is safe here: only who may enter the socket's folder (mode 0700) can knock
        (fresh / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n", encoding="utf-8")
        fresh.rename(self.data)

    def start(self, fast_but_unsafe: bool = False) -> None:
        """Start it if it is not running and wait until it answers; `fast_but_unsafe` gives up durability, for tests."""
        self.create()
        if self.running():
            return
        self._clear_stale()
        for folder in (self.folder, self.log, self.socket):
            self._own(folder)
        self._write_settings(fast_but_unsafe)
        boot = self.log / "start.log"
        boot.unlink(missing_ok=True)
        wait = ["-w", "-t", str(START_S), "-D", str(self.data), "-l", str(boot)]
        self._run("pg_ctl", ["start", *wait], "PostgreSQL did not start.", log=boot)

    def stop(self) -> None:
        """Stop it, sending connected sessions away; nothing happens when it is not running."""
        if self.running():
            self._run("pg_ctl", ["stop", "-w", "-m", "fast", "-D", str(self.data)], "PostgreSQL did not stop.")

    def running(self) -> bool:
        """Tell whether the postmaster of this very folder is alive."""
        return self._postmaster() is not None

    def remove(self) -> None:
        """Stop it and delete everything of it."""
        self.stop()
        for folder in (self.folder, self.socket):
            shutil.rmtree(folder, ignore_errors=True)

    def _postmaster(self) -> int | None:
        """Read the process id left in the data folder and believe it only when that process works in this folder."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
            return pid if _is_postgres(Path(f"/proc/{pid}"), self.data) else None
        except (OSError, ValueError, IndexError):
            return None

    def _clear_stale(self) -> None:
        """Remove what a crash left: PostgreSQL itself takes any process that got the old number for its own."""
        deadline = time.monotonic() + 20
        while left := _at_work_in(self.data):  # backends outlive a killed postmaster briefly
            if time.monotonic() > deadline:
                mend = f"End it (kill {left}), then run again."
                raise Trouble(f"Process {left} of an earlier PostgreSQL still works in {self.data}.", mend=mend)
            time.sleep(0.1)
        for lock in (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, _system_user().pw_uid, _system_user().pw_gid)

    def _write_settings(self, fast_but_unsafe: bool) -> None:
        lines = settings(_memory_mb(), self.socket, self.log, fast_but_unsafe=fast_but_unsafe)
        conf = self.data / "qyran.conf"
        conf.write_text("".join(f"{name} = '{value}'\n" for name, value in lines.items()), encoding="utf-8")
        conf.chmod(0o644)

    def _run(self, program: str, arguments: Sequence[str], failed: str, log: Path | None = None) -> None:
        command = [*_as_system_user(), str(binaries(self.data) / program), *arguments]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:  # a pipe would be held open by the postmaster
            done = subprocess.run(
                command, cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
            if done.returncode == 0:
                return
            said.seek(0)
            words = said.read()
        if log and log.exists():
            words += log.read_text(encoding="utf-8", errors="replace")
        raise Trouble(failed, mend=_advice(words), log=log)


def settings(memory_mb: int, socket: Path, log: Path, *, fast_but_unsafe: bool) -> dict[str, str]:
    """Choose PostgreSQL's settings for a machine that also runs the video and the server (memory in MiB)."""
    shared = max(64, min(memory_mb // 8, 2048))
    chosen = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
        "work_mem": f"{max(4, min(memory_mb // 512, 32))}MB",
        "maintenance_work_mem": f"{max(64, min(memory_mb // 32, 512))}MB",
        "max_wal_size": "2GB",
        "wal_compression": "lz4",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",  # queries here take milliseconds; compiling one takes longer
        "timezone": "UTC",
        "log_timezone": "UTC",
        "synchronous_commit": "on",
        "logging_collector": "on",
        "log_directory": str(log),
        "log_filename": "postgresql-%a.log",  # a week of files, each overwritten a week later
        "log_truncate_on_rotation": "on",
        "log_rotation_size": "0",
        "log_parameter_max_length_on_error": "0",  # personal data stays out of the log
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",  # without DETAIL, which repeats the row that a CHECK refused
    }
    return chosen | (_UNSAFE if fast_but_unsafe else {})


def binaries(data: Path | None = None) -> Path:
    """Find PostgreSQL's programs: those of the version that made `data`, else 15, else the newest; raises Trouble."""
    made_by = (data / "PG_VERSION") if data else None
    asked = made_by.read_text(encoding="ascii").strip() if made_by and made_by.exists() else None
    for version, folder in _installed():
        if asked in (None, version):
            return folder
    what = f"PostgreSQL {asked or OLDEST} is not installed on this machine."
    raise Trouble(
        what, mend="Install it: apt-get install postgresql-15-postgis-3 (`./qyran up` does so when run as root)."
    )


def _installed() -> list[tuple[str, Path]]:
    versions = sorted(
        (folder for folder in _DEBIAN.glob("*") if folder.name.isdigit() and int(folder.name) >= OLDEST),
        key=lambda folder: int(folder.name),
    )
    found = [(folder.name, folder / "bin") for folder in versions if (folder / "bin/initdb").exists()]
    return found + ([] if found else _by_pg_config())


def _by_pg_config() -> list[tuple[str, Path]]:
    program = shutil.which("pg_config")
    if not program:
        return []
    said = subprocess.run([program, "--bindir", "--version"], capture_output=True, text=True).stdout.splitlines()
    version = re.search(r"\d+", said[1]) if len(said) == 2 else None
    fits = version and int(version[0]) >= OLDEST and (Path(said[0]) / "initdb").exists()
    return [(version[0], Path(said[0]))] if version and fits else []


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise Trouble(
            "PostgreSQL refuses to run as root and there is no system user `postgres`.",
            mend="Install postgresql-15-postgis-3, which makes that user, or start as an ordinary user.",
        ) from None


def _as_system_user() -> list[str]:
    return ["runuser", "-u", _system_user().pw_name, "--"] if os.geteuid() == 0 else []


def _environment() -> dict[str, str]:
    """Hide the caller's PG* variables: PGDATA or PGHOST of another cluster must not lead ours astray."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def _reachable(folder: Path) -> Path:
    """Keep the folder, or move aside to /var/lib when the system user may not enter one of its parents."""
    if os.geteuid() != 0:
        return folder
    standing = next(parent for parent in folder.parents if parent.exists())
    try:
        _system_user()
    except Trouble:
        return folder  # said when it matters: at `create`
    can_enter = subprocess.run([*_as_system_user(), "test", "-x", str(standing)], cwd="/").returncode == 0
    return folder if can_enter else Path(f"/var/lib/qyran-{_key(folder)}")


def _short(socket: Path) -> Path:
    """Keep the socket's folder, or take a short one: a unix socket's path may have 107 bytes."""
    longest = os.fsencode(socket / f".s.PGSQL.{PORT}")
    if len(longest) <= SOCKET_LIMIT and "," not in str(socket):  # a comma parts folders in PostgreSQL's list
        return socket
    base = Path("/run") if os.geteuid() == 0 else Path("/tmp")
    return base / f"qyran-{os.geteuid()}-{_key(socket)}"


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _memory_mb() -> int:
    """Physical memory in MiB, or the limit of our control group when that is smaller."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    said = limit.read_text(encoding="ascii").strip() if limit.exists() else "max"
    return min(machine, int(said) if said.isdigit() else machine) // 2**20


def _at_work_in(data: Path) -> int | None:
    """Find a PostgreSQL process that still works in the data folder."""
    return next((int(path.name) for path in Path("/proc").glob("[0-9]*") if _is_postgres(path, data)), None)


def _is_postgres(process: Path, data: Path) -> bool:
    try:
        return (process / "cwd").readlink() == data.resolve() and (process / "comm").read_text() == "postgres\n"
    except OSError:  # gone, or another user's
        return False


def _advice(words: str) -> str:
    if "No space left on device" in words:
        return "The disk is full: free some space and run it again."
    return f"It said: {_last_line(words)}"


def _last_line(words: str) -> str:
    """Pick the line that tells most: the last fatal one, else the last of all."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|error:|could not|failed", line)]
    return (telling or lines or ["nothing"])[-1]
