"""The living demo: cameras over RTSP, traffic, calls and crews in one process, each kept alive by itself."""

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo import calls, crew, traffic
from ingest.demo.clips import h264_of
from ingest.demo.crew import Office
from ingest.demo.fleet import Fleet
from ingest.demo.past import Address
from ingest.demo.seed import SEED, keys_at
from ingest.demo.supervise import answers, supervise
from ingest.demo.traffic import Door
from ingest.settings import Settings
from layers.database import visit
from layers.hosts import authority

SYSTEM_PYTHON = Path("/usr/bin/python3")  # GStreamer's bindings come from Debian, not from an index
RTSP_SERVER = Path(__file__).with_name("rtsp_server.py")
_HAS_GSTREAMER = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
_WITHOUT_RTSP = (
    f"{SYSTEM_PYTHON} has no GStreamer RTSP server, so the demo's RTSP cameras stay dark: "
    "apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 mends it."
)
log = structlog.get_logger()


class LiveSettings(Settings):
    """What ingest is told, and the port at which the demo's crews reach the server."""

    port: int = 8080
    tls_cert: Path | None = None  # what the server shows them there


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the parts of the demo share: the cars, the places that callers speak of, and the keys of its sources."""

    fleet: Fleet
    houses: list[Address]
    crossings: list[Address]
    positions_key: str
    exchange_key: str


async def live(settings: LiveSettings, engine: AsyncEngine) -> None:
    """Live until SIGTERM or SIGINT, then stop every part."""
    everything = asyncio.create_task(_everything(settings, engine))
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, everything.cancel)
    await asyncio.wait([everything])
    if not everything.cancelled():
        everything.result()
    log.info("demo_stopped")


async def _everything(settings: LiveSettings, engine: AsyncEngine) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(supervise("rtsp", lambda: rtsp(settings)))
        group.create_task(supervise("city", lambda: _city(settings, engine)))


async def _city(settings: LiveSettings, engine: AsyncEngine) -> None:
    """Run what needs the imported city; fails, to be begun again, while there is none."""
    world = await load(settings.home, engine)
    log.info("demo_city", units=len(world.fleet.devices), houses=len(world.houses))
    async with asyncio.TaskGroup() as group:
        group.create_task(supervise("traffic", lambda: _traffic(settings, world)))
        group.create_task(supervise("calls", lambda: _calls(settings, world)))
        group.create_task(supervise("crew", lambda: _crew(settings, world)))


async def load(home: Path, engine: AsyncEngine) -> World:
    """Read the city, the units and the keys; raises where the demo was not seeded."""
    keys = keys_at(home)
    async with visit(engine) as session:
        streets = await traffic.load_streets(session)
        fleet = await traffic.load_fleet(session, streets, seed=SEED)
        houses, crossings = await calls.load_places(session, streets)
    return World(
        fleet=fleet,
        houses=houses,
        crossings=crossings,
        positions_key=keys["positions_key"],
        exchange_key=keys["exchange_key"],
    )


async def _traffic(settings: LiveSettings, world: World) -> None:
    url = f"http://{authority(settings.host, settings.ingest_port)}"
    await answers(f"{url}/health")
    await traffic.run(world.fleet, Door(url=url, key=world.positions_key))


async def _calls(settings: LiveSettings, world: World) -> None:
    url = f"http://{authority(settings.host, settings.ingest_port)}"
    await answers(f"{url}/health")
    await calls.run(world.houses, world.crossings, Door(url=url, key=world.exchange_key))


async def _crew(settings: LiveSettings, world: World) -> None:
    scheme = "http" if settings.tls_cert is None else "https"
    url = f"{scheme}://{authority(settings.host, settings.port)}"
    await answers(f"{url}/api/health", trusted=settings.tls_cert)
    await crew.run(world.fleet, Office(url=url, trusted=settings.tls_cert))


async def rtsp(settings: LiveSettings) -> None:
    """Run the RTSP server; one sentence and a return where the system lacks it, RuntimeError when the server ends."""
    if not await _system_has_rtsp():
        log.warning("demo_without_rtsp", reason=_WITHOUT_RTSP)
        return
    film = settings.home / "fetched" / "vtest.avi"
    clip = await asyncio.to_thread(h264_of, film, settings.home / "clips" / "vtest.h264")
    process = await asyncio.create_subprocess_exec(SYSTEM_PYTHON, RTSP_SERVER, str(settings.rtsp_port), str(clip))
    try:
        _ended(await process.wait())
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _ended(code: int) -> NoReturn:
    raise RuntimeError(f"the RTSP server ended with code {code}")


async def _system_has_rtsp() -> bool:
    quiet = asyncio.subprocess.DEVNULL
    try:
        probe = await asyncio.create_subprocess_exec(SYSTEM_PYTHON, "-c", _HAS_GSTREAMER, stdout=quiet, stderr=quiet)
    except FileNotFoundError:
        return False
    return await probe.wait() == 0
