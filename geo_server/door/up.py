"""`up`: sets the store, the map and the demo up step by step, then keeps the processes alive until told to stop."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from geo_server.door import certificates, fetch, prepared, windows
from geo_server.door.cluster import ROLE, Cluster, Store, store_of
from geo_server.door.processes import Program, Supervisor, ask, asked_to_stop, ensure_free, only_one
from geo_server.door.steps import ROOT, console, ensure_space, growing, python, run, step
from geo_server.door.trouble import Trouble
from layers.database import INGEST, SERVER
from layers.hosts import authority, check_demo

WEB = ROOT / "web"
WORDS = (ROOT / "data" / "words", ROOT / "data" / "statuses.json")  # built into the windows
SPACE_MB = 1500
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `up` was asked for; `city` is a name, a file, or nothing for the demo city (none without the demo)."""

    home: Path
    port: int = 8080
    ingest_port: int = 5055
    video_port: int = 5056
    rtsp_port: int = 8554
    city: str | None = None
    demo: bool = True
    host: str = LOOPBACK
    tls: bool = False
    tls_cert: Path | None = None  # given, or the home's own once it is made
    tls_key: Path | None = None

    @property
    def address(self) -> str:
        """Return where people meet the map."""
        return self._at(self.port)

    @property
    def video_address(self) -> str:
        """Return where the windows get live video from."""
        return self._at(self.video_port)

    def _at(self, port: int) -> str:
        return f"http{'s' if self.tls else ''}://{authority(self.host, port)}"


def up(plan: Plan) -> None:
    """Bring everything up and stay until Ctrl-C; raises Trouble in one sentence when a step fails."""
    since = time.monotonic()
    refuse_early(plan)
    with asked_to_stop(), only_one(plan.home, plan.address):
        plan = certified(plan)
        build_windows(plan.home)
        fetch_files(plan.home, "up")
        with standing(store_of(plan.home)) as store:
            environment = environment_of(plan, store)
            set_up(plan, store, environment)
            with Supervisor(programs(plan, store, environment), plan.home / "logs", _say) as kept:
                with step("Starting the processes"):
                    kept.start()
                _welcome(plan, time.monotonic() - since)
                _stay(kept)
        console.print("Stopped; every process has ended.")


def _stay(kept: Supervisor) -> None:
    try:
        while True:
            kept.tend()
            time.sleep(0.3)
    except KeyboardInterrupt:
        console.print("\nStopping …")


def set_up(plan: Plan, store: Store, environment: Mapping[str, str]) -> None:
    """Run every step between an empty database and a map; nothing is started where all is as the last `up` left it."""
    asked = _asked(plan)
    if prepared.is_done(store, plan.home, asked):
        console.print("[green]✓[/] The store, the city and the model are as the last run left them")
        return
    for title, command, mend in prepare(plan):
        run(title, command, plan.home / "logs" / "setup.log", environment=environment, mend=mend)
    prepared.remember(store, plan.home, asked)


def _asked(plan: Plan) -> list[str]:
    """Say what the steps depend on: what they run, the extract as it lies there, and where the demo's cameras point."""
    city = find_city(plan)
    extract = "" if city is None else f"{city} {city.stat().st_size} {city.stat().st_mtime_ns}"
    # without the interpreter, which is the same Python by whatever path it was called
    return [*(" ".join(command[1:]) for _, command, _ in prepare(plan)), extract, str(plan.rtsp_port)]


def refuse_early(plan: Plan) -> None:
    """Say what cannot work before anything is started or changed; raises Trouble."""
    try:
        check_demo(demo=plan.demo, host=plan.host)
    except ValueError as error:
        raise Trouble(str(error), mend="Unset QYRAN_HOST, or run without the demo: --no-demo.") from None
    find_city(plan)
    certificates.pair_told(plan.tls_cert, plan.tls_key)
    ports = {"--port N": plan.port, "--ingest-port N": plan.ingest_port, "--video-port N": plan.video_port}
    if plan.demo:
        ports["QYRAN_RTSP_PORT=N in the environment"] = plan.rtsp_port
    if len(set(ports.values())) < len(ports):
        raise Trouble(f"Two doors cannot share one port: {[*ports.values()]}.", mend="Choose different ports.")
    ensure_space(plan.home, SPACE_MB)
    with only_one(plan.home, "starting"):  # another `up` of this home explains a taken port better than the port does
        ensure_free(plan.host, ports)


def certified(plan: Plan) -> Plan:
    """Return the plan with the home's own certificate where TLS was asked for and none was given; raises Trouble."""
    if not plan.tls or plan.tls_cert is not None:
        return plan
    own = certificates.own(plan.home, plan.host)
    console.print(f"[green]✓[/] TLS by the home's own certificate {own.cert}; browsers ask before they trust it")
    return replace(plan, tls_cert=own.cert, tls_key=own.key)


def build_windows(home: Path) -> None:
    """Install what the windows are built with, and build them, each only when something changed."""
    if not (WEB / "package.json").exists():
        return
    log = home / "logs" / "windows.log"
    mend = "Check the network, then run again; `rm -r web/node_modules` starts afresh."
    if not windows.installed(WEB):
        run("Installing what the windows need", [*windows.npm(), "ci"], log, environment=_node(), folder=WEB, mend=mend)
        windows.mark_installed(WEB)
    if not windows.built(WEB, *WORDS):
        run("Building the windows", [*windows.npm(), "run", "build"], log, environment=_node(), folder=WEB)
        windows.mark_built(WEB, *WORDS)


def fetch_files(home: Path, command: str) -> None:
    """Put every file that the command needs into `home/fetched`, checked by its checksum."""
    items = fetch.wanted(fetch.listed(), command)
    placed = fetch.place(items, home / "fetched", watching=growing)
    what = f"Fetched and checked: {', '.join(placed)}" if placed else f"All {len(items)} fetched files are in place"
    console.print(f"[green]✓[/] {what}")


@contextmanager
def standing(store: Store) -> Iterator[Store]:
    """Give a store that answers and has our database; stop it afterwards if it was not running before."""
    was_running = store.running()
    try:
        if not was_running:
            with step("Starting PostgreSQL"):
                store.start()
        if isinstance(store, Cluster) and store.note:
            console.print(f"[yellow]![/] {store.note}")
        store.create_database(ROLE) if isinstance(store, Cluster) else store.create()
        yield store
    finally:
        if not was_running:
            store.stop()


def import_city(home: Path, file: Path) -> None:
    """Import an extract into the home's store, whether or not `up` is running."""
    plan = Plan(home=home, city=str(file))
    find_city(plan)
    fetch_files(home, "up")
    with standing(store_of(home)) as store:
        wanted = {"Bringing the store to the newest shape", "Loading the tree of areas"}
        for title, command, mend in prepare(plan):
            if title in wanted or title.startswith("Importing"):
                run(title, command, home / "logs" / "setup.log", environment=environment_of(plan, store), mend=mend)


def environment_of(plan: Plan, store: Store) -> dict[str, str]:
    """Tell our processes by environment what they were asked for."""
    told = {
        "QYRAN_HOME": str(plan.home),
        "QYRAN_DATABASE_URL": store.url(),
        "QYRAN_HOST": plan.host,
        "QYRAN_PORT": str(plan.port),
        "QYRAN_INGEST_PORT": str(plan.ingest_port),
        "QYRAN_RTSP_PORT": str(plan.rtsp_port),
        "QYRAN_VIDEO_PORT": str(plan.video_port),
        "QYRAN_VIDEO_ADDRESS": plan.video_address,
        "QYRAN_WINDOWS_ORIGIN": plan.address,
        "QYRAN_DEMO": str(int(plan.demo)),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    for name, file in (("QYRAN_TLS_CERT", plan.tls_cert), ("QYRAN_TLS_KEY", plan.tls_key)):
        told |= {} if file is None else {name: str(file.expanduser().absolute())}
    return os.environ | told


def prepare(plan: Plan) -> Iterator[tuple[str, list[str], str]]:
    """List the steps between an empty database and a map: title, command, what mends it. Each is safe to repeat."""
    yield "Bringing the store to the newest shape", python("geo_server", "migrate"), ""
    yield "Converting the detector", python("ingest.models.cli", "convert"), ""
    yield "Compiling what reckons cover", python("geo_server.planning.cli", "compile"), ""
    yield "Loading the tree of areas", python("ingest", "areas"), ""
    city = find_city(plan)
    if city is not None:
        mend = "Give a whole .osm.pbf extract: --city FILE.osm.pbf"
        yield f"Importing the city {city.name}", python("ingest", "city", "import", str(city)), mend
    elif plan.demo or plan.city:
        yield "Making the demo city", python("ingest", "city", "generate"), ""
    if plan.demo:
        yield "Seeding the demo", python("ingest", "demo", "seed"), ""
        yield "Filling the demo's register of cameras", python("ingest", "demo", "register"), ""
        yield "Making the demo accounts", python("geo_server", "accounts", "demo"), ""


def find_city(plan: Plan) -> Path | None:
    """Find the extract that `--city` means; nothing stands for the generated demo city. Raises Trouble."""
    if plan.city in (None, "demo"):
        return None
    asked = Path(str(plan.city)).expanduser()
    if asked.suffix == ".pbf" or len(asked.parts) > 1 or asked.is_file():
        if not asked.is_file():
            raise Trouble(
                f"There is no file {asked}.", mend="Give the path of an .osm.pbf extract: --city FILE.osm.pbf"
            )
        return asked.resolve()
    known = {path.name.partition(".")[0].lower(): path for path in plan.home.glob("*/*.osm.pbf")}
    if str(plan.city).lower() not in known:
        names = ", ".join(sorted({"demo", *known}))
        raise Trouble(f"No city is named {plan.city}.", mend=f"Known are: {names}; or give a file: --city FILE.osm.pbf")
    return known[str(plan.city).lower()]


def programs(plan: Plan, store: Store, environment: Mapping[str, str]) -> list[Program]:
    """List the processes to keep alive, in the order they start; each wing comes to the store as its own role."""
    server, ingest = ({**environment, "QYRAN_DATABASE_URL": store.url_as(role)} for role in (SERVER, INGEST))
    door = f"http://{authority(plan.host, plan.ingest_port)}/health"
    kept = [
        Program(
            name="server",
            command=python("geo_server", "serve"),
            health=f"{plan.address}/api/health",
            trusted=plan.tls_cert,
            environment=server,
        ),
        Program(name="ingest", command=python("ingest", "serve"), health=door, environment=ingest),
        Program(
            name="footage",
            command=python("ingest", "footage"),
            health=f"{plan.video_address}/health",
            trusted=plan.tls_cert,
            environment=ingest,
        ),
    ]
    demo = Program(name="demo", command=python("ingest", "demo", "live"), environment=environment)
    return [*kept, demo] if plan.demo else kept


def unready(health: str, trusted: Path | None = None) -> list[str]:
    """Name the parts that the server at that address does not call ok yet: it serves before its roads are loaded."""
    try:
        with ask(health, trusted) as answer:
            return [str(part["name"]) for part in json.load(answer)["parts"] if part["state"] != "ok"]
    except (OSError, ValueError, KeyError, TypeError):
        return ["server"]


def _node() -> dict[str, str]:
    return windows.environment()


def _say(words: str) -> None:
    console.print(words, markup=False, style="yellow")


def _welcome(plan: Plan, took_s: float) -> None:
    console.print(f"\nQyran is ready after {took_s:.1f} s: [bold]{plan.address}[/]")
    if waiting := unready(f"{plan.address}/api/health", plan.tls_cert):
        console.print(f"[dim]Still getting ready: {', '.join(waiting)}.[/]")
    if plan.demo:
        console.print("Sign in as [bold]dispatcher[/] or commander-republic, commander-oblast, commander-city,")
        console.print("commander-district, planner, admin; the password of each is [bold]demo[/].")
    else:
        console.print("Make an account: ./qyran accounts add --help")
    machines = f"http://{authority(plan.host, plan.ingest_port)}"
    console.print(f"[dim]Machines send to {machines}; logs in {plan.home / 'logs'}.[/]")
    console.print("[dim]Ctrl-C stops everything.[/]")
