"""The server wired together: the only place where its parts are built and handed to each other."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from geo_server.access.accounts import Gate
from geo_server.access.headers import Guard
from geo_server.access.oidc import Relying
from geo_server.access.visiting import ToldOnce, named
from geo_server.api import (
    accounts,
    audit,
    calibration,
    callers,
    calls,
    camera_poses,
    cameras,
    clocks,
    closures,
    compliance,
    contacts,
    cover,
    coverage,
    crew,
    dispatches,
    enrolment,
    events,
    exports,
    forbidden_zones,
    geocoder,
    grants,
    grounds,
    health,
    history,
    holds,
    hotlist,
    incidents,
    jobs,
    lifecycle,
    notices,
    oidc,
    panics,
    placement_cameras,
    placements,
    plans,
    premises,
    ptz,
    record,
    recordings,
    redundancy,
    register,
    register_imports,
    replay,
    reports,
    roster,
    rules,
    session,
    sources,
    statuses,
    units,
    video,
    video_health,
)
from geo_server.api.features import OPENAPI, features_router
from geo_server.api.geojson import to_json
from geo_server.api.map import map_router
from geo_server.api.tiles import TileStore, Versions, tiles_router
from geo_server.audit.doors import Teller
from geo_server.audit.sealing import Sealer
from geo_server.beating import Beat
from geo_server.clocks.keeping import ClockKeeper
from geo_server.crews.proposals import Watching
from geo_server.crews.rostering import RosterKeeper
from geo_server.door import certificates
from geo_server.errors import answer_errors
from geo_server.live import socket
from geo_server.live.bell import Bell
from geo_server.live.hub import Hub
from geo_server.live.tickets import Tickets
from geo_server.metrics import Measured
from geo_server.notify.channel import Receipt
from geo_server.notify.delivering import Delivery
from geo_server.notify.register import Wiring, built
from geo_server.openapi import describe
from geo_server.planning.aside import Aside
from geo_server.planning.keeping import coverage_keeper
from geo_server.planning.placement.keeping import placement_keeper
from geo_server.planning.reports.keeping import ReportTidier, report_keeper
from geo_server.plans import versions
from geo_server.recordings import departed
from geo_server.register.keeping import register_keeper
from geo_server.routing.keeping import Keeping
from geo_server.routing.nightly import Nightly
from geo_server.routing.roads import RoadsNow
from geo_server.settings import Settings, settings_told
from geo_server.windows import Windows
from layers import logs
from layers.areas.scope import visit_whole
from layers.database import engine_for
from layers.refusals.tally import Tally
from layers.register import LAYERS

log = structlog.get_logger()
# Connections, in pairs. What runs beside the answering never waits behind it: the live feed goes on.
ANSWERING, BESIDE = 10, 4
SWEEPS = (50_000, 20, 50)  # objects: what is kept for good is looked through seldom
ROADS_AGAIN_S = 2.0
GIVE_WAY_S = 0.0005  # a thread that ranks units lets those who wait for an answer go on after so long


def create_app(settings: Settings) -> FastAPI:
    """Build the whole server on a store; it connects when it starts."""
    app = FastAPI(title="Qyran", version="0.1.0", lifespan=_life, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.engine = engine_for(settings.database_url, size=ANSWERING)
    app.state.beside = beside = engine_for(settings.database_url, size=BESIDE)
    app.state.gate = Gate(app.state.engine, settings.demo)
    app.state.bell = Bell(settings.database_url)
    app.state.hub = Hub(beside, app.state.bell, LAYERS, demo=settings.demo)
    app.state.tiles = TileStore(Versions(app.state.engine))
    app.state.told_once = ToldOnce()
    app.state.sealer = Sealer(beside, settings.home)
    app.state.refusals = Tally("people", partial(visit_whole, beside))
    app.state.teller = Teller(beside)
    app.state.live_tickets = Tickets()
    app.state.relying = None if settings.provider is None else Relying(settings.provider)
    app.state.roads = RoadsNow()
    app.state.watching = Watching(beside)
    app.state.delivery = _delivery(beside, settings)
    app.state.clocks = ClockKeeper(beside)
    app.state.aside = Aside()
    app.state.beats = ()  # of what runs beside the answering, once it does
    for router in _routers(settings):
        app.include_router(router, prefix="/api")
    app.include_router(health.metrics)
    app.mount("/", Windows(settings.web_dist))
    answer_errors(app)
    app.add_middleware(Guard, refused=app.state.refusals.count, video=settings.video_address)
    app.add_middleware(Measured)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def serve() -> None:
    """Run the server of the environment's settings until it is told to stop."""
    logs.configure("geo_server")
    # uvicorn writes each handshake of a socket with its address, and in that stands the ticket
    logging.getLogger("uvicorn.error").addFilter(lambda record: "WebSocket" not in str(record.msg))
    settings = settings_told()
    sys.setswitchinterval(GIVE_WAY_S)
    gc.set_threshold(*SWEEPS)
    pair = certificates.pair_told(settings.tls_cert, settings.tls_key)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ssl_certfile=None if pair is None else pair.cert,
        ssl_keyfile=None if pair is None else pair.key,
        proxy_headers=False,  # where somebody came from stands in the audit: no header of theirs may say it
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # it costs 8 to 68 times the CPU on frames that hardly shrink
        ws_max_size=65_536,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,  # a window that rests half a minute between its questions connects for none of them anew
    )
    uvicorn.Server(config).run()


def _routers(settings: Settings) -> list[APIRouter]:
    return [
        health.router,
        session.router,
        oidc.router,
        accounts.router,
        map_router(LAYERS, settings.data),
        events.router,
        recordings.router,
        holds.router,
        exports.router,
        record.router,  # before the incidents: its addresses are words where theirs are ids
        incidents.router,
        history.router,
        premises.router,
        cameras.router,
        video.router,
        video_health.router,
        ptz.router,
        calibration.router,
        camera_poses.router,
        clocks.router,
        lifecycle.router,
        replay.router,
        plans.router,
        dispatches.router,
        callers.router,
        calls.router,
        grants.router,
        sources.router,
        hotlist.router,
        audit.router,
        enrolment.router,  # before the units: theirs takes any word for an id
        roster.router,
        rules.router,
        units.router,
        crew.router,
        panics.router,
        statuses.router,
        notices.router,
        contacts.router,
        closures.router,
        geocoder.router,
        cover.router,
        coverage.router,
        grounds.router,
        placements.router,
        placement_cameras.router,
        forbidden_zones.router,
        redundancy.router,
        compliance.router,
        reports.router,
        jobs.router,
        register_imports.router,
        register.router,
        tiles_router(LAYERS),
        features_router(LAYERS),
        _definition(),
        socket.router,
    ]


def _delivery(engine: AsyncEngine, settings: Settings) -> Delivery:
    receipts: asyncio.Queue[Receipt] = asyncio.Queue()
    wiring = Wiring(settings=settings, home=settings.home, engine=engine, receipts=receipts)
    return Delivery(engine, built(wiring), receipts)


def _definition() -> APIRouter:
    router = APIRouter()

    @router.get("/openapi.json", include_in_schema=False, dependencies=[named("api.describe")])
    async def definition(request: Request) -> Response:  # holds no app: FastAPI keeps it when its app is gone
        return Response(to_json(request.app.openapi()), media_type=OPENAPI)

    return router


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part) for part in _parts(app)]
    for task in tasks:
        task.add_done_callback(_tell_end)
    try:
        yield
    finally:
        app.state.hub.close()
        app.state.aside.close()
        for task in tasks:
            await _end(task)
        await app.state.refusals.close()
        await app.state.engine.dispose()
        await app.state.beside.dispose()


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: a cancel that meets the store in a query is lost as an OperationalError of psycopg."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1)


def _tell_end(task: asyncio.Task[None]) -> None:
    """Say at once that a part has ended of what nobody foresaw; its health tells it from then on."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("part_failed", exc_info=error)


def _parts(app: FastAPI) -> tuple[Coroutine[Any, Any, None], ...]:
    """Return what runs beside the answering."""
    state = app.state
    keeping = Keeping(state.beside, state.roads)
    nightly = Nightly(state.beside, state.settings.database_url)
    roster = RosterKeeper(state.beside)
    url = state.settings.database_url
    beside = (
        coverage_keeper(state.beside, url),
        placement_keeper(state.beside, url),
        report_keeper(state.beside, url, state.settings.home),
        register_keeper(state.beside, url),
        ReportTidier(state.settings.home),
    )
    state.beats = (
        state.clocks.beat,
        roster.beat,
        keeping.beat,
        state.watching.beat,
        nightly.beat,
        *(one.beat for one in beside),
    )
    return (
        state.bell.listen(),
        state.hub.run(),
        state.sealer.run(),
        state.refusals.run(),
        state.teller.run(),
        state.delivery.run(),
        state.clocks.run(),
        roster.run(),
        _load_roads(app),
        keeping.run(),
        state.watching.run(),
        nightly.run(),
        *(one.run() for one in beside),
        departed.tell(state.beside),
        versions.take_files(state.beside, state.settings.data),
    )


async def _load_roads(app: FastAPI) -> None:
    """Load the road graph beside the serving; until it is there, units are ranked by straight line."""
    beat = Beat("roads", ROADS_AGAIN_S)
    while True:
        if await beat.take(lambda: app.state.roads.load(app.state.engine)):
            return
        await asyncio.sleep(ROADS_AGAIN_S)
