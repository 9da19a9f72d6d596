"""What people ask of PTZ cameras is done: the bell rings, the newest command of each camera is taken, and its end told.

No queue: a newer command breaks off the one before it. A camera that does not answer is told in one word, and none is
left moving: what began a while ago has ended, whatever became of who began it.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.hearing import hear
from ingest.onvif.aiming import aim, nearest_preset, position_for
from ingest.onvif.camera import Camera
from ingest.onvif.errors import OnvifError
from ingest.onvif.hosts import check_host
from ingest.onvif.soap import Endpoint
from ingest.onvif.values import Node, Position, PresetTold
from layers.cameras import command_queries as commands
from layers.cameras.commands import CHANNEL, Commanded, Outcome, Preset
from layers.changes import ring
from layers.database import visit
from layers.values import LonLat, Title

log = structlog.get_logger()
LOOK_S, SWEEP_S, NEW_S = 5.0, 5.0, 15.0  # without the bell; for what moves for ever; for cameras that are new
TAKES_S = 25.0  # a command that is not done by then has failed, before the sweep lets its camera stand
KNOWN_S, UNKNOWN_S = 600.0, 60.0  # until presets are read again, of a camera that told them and of one that did not
POLL_S, SETTLES_S, MOVE_S = 0.25, 20.0, 1.5
STILL_LOOKS = 3  # a head may take a moment to begin: it stands once it stood for so many looks
AT_ONCE = 8  # cameras whose presets are read at the same time
LOCKING = ("unauthorized", "certificate_changed")  # who asks on with these is locked out, and gains nothing
STILL = 0.002  # of a unit: a camera that has moved less between two looks stands

Met = tuple[str | None, str | None, str | None]  # the address and the profile of an ONVIF, the pin of its certificate
Turning = tuple[int, Met]  # with the camera's id


@dataclass(slots=True)
class Known:
    """A camera that was met, and what it can do."""

    camera: Camera
    profile: str
    node: Node | None


@dataclass(slots=True, kw_only=True)
class Acting:
    """Turns cameras until cancelled. `resolve` checks the hosts of cameras."""

    engine: AsyncEngine
    database_url: str
    resolve: Callable[[str], str] = check_host
    settles_s: float = SETTLES_S
    _due: dict[Turning, float] = field(default_factory=dict)
    _knock: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _known: dict[Met, Known] = field(default_factory=dict)

    async def run(self) -> None:
        """Do it."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(hear(self.database_url, CHANNEL, self._knock.set))
                group.create_task(self._again(LOOK_S, self._take, self._knock))
                group.create_task(self._again(SWEEP_S, self._sweep))
                group.create_task(self._again(NEW_S, self._read_presets))
        finally:
            for task in list(self._tasks.values()):
                task.cancel()

    async def _again(
        self, every_s: float, act: Callable[[], Coroutine[None, None, None]], knock: asyncio.Event | None = None
    ) -> None:
        while True:
            try:
                await act()
            except (DBAPIError, OSError) as error:
                log.warning("cameras_wait_to_turn", reason=type(error).__name__)
                await asyncio.sleep(1)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for((knock or asyncio.Event()).wait(), every_s)
            if knock is not None:
                knock.clear()

    async def _take(self) -> None:
        async with visit(self.engine) as session:
            taken = await commands.take(session)
            await commands.move(session, [one.camera_id for one in taken])
            await ring(session, {"cameras": [one.camera_id for one in taken]})
        for one in taken:
            if (before := self._tasks.get(one.camera_id)) is not None:
                before.cancel()
            task = self._tasks[one.camera_id] = asyncio.create_task(self._act(one))
            task.add_done_callback(lambda done, id=one.camera_id: self._forget(id, done))  # type: ignore[misc]

    def _forget(self, camera_id: int, done: "asyncio.Task[None]") -> None:
        if self._tasks.get(camera_id) is done:
            del self._tasks[camera_id]
        if not done.cancelled() and (error := done.exception()) is not None:
            log.warning("command_left", camera=camera_id, reason=type(error).__name__)  # the sweep ends it

    async def _act(self, command: Commanded) -> None:
        preset, outcome, code = None, "done", None
        try:
            async with asyncio.timeout(TAKES_S):
                preset = await self._turn(command)
        except TimeoutError:
            outcome, code = "failed", "silent"
            log.warning("camera_not_turned", camera=command.code, code=code, reason=f"It took more than {TAKES_S:g} s.")
        except OnvifError as error:
            outcome, code = "failed", error.code
            log.warning("camera_not_turned", camera=command.code, code=error.code, reason=str(error))
        await self._end(command, outcome, code, preset)  # type: ignore[arg-type]

    async def _turn(self, command: Commanded) -> str | None:
        """Do it, meeting the camera anew where it knows us no more: its clock may have been set since we met it."""
        met = (command.onvif_url, command.onvif_profile, command.onvif_pin)
        for fresh in (met not in self._known, True):
            try:
                known = await self._meet(met)
                if command.kind != "stop":
                    await self._tell_turned(command.camera_id)
                preset = await self._do(known, command)
                await self._settled(known)
                return preset
            except OnvifError as error:
                self._known.pop(met, None)
                if fresh or error.code != "unauthorized":
                    raise
        return None

    async def _tell_turned(self, camera_id: int) -> None:
        async with visit(self.engine) as session:
            await commands.turn_away(session, camera_id)

    async def _end(self, command: Commanded, outcome: Outcome, code: str | None, preset: str | None) -> None:
        async with visit(self.engine) as session:
            await commands.end(session, command.id, outcome, code)
            await commands.stands(session, command.camera_id, preset, since=command.id)
            await ring(session, {"cameras": [command.camera_id]})

    async def _do(self, known: Known, command: Commanded) -> str | None:
        """Ask the camera for it, and return the preset that it will stand at."""
        args, camera, profile = command.args, known.camera, known.profile
        match command.kind:
            case "stop":
                await camera.stop(profile)
            case "move":
                speed = Position(pan=args["pan"], tilt=args["tilt"], zoom=args["zoom"])
                await camera.move(profile, speed, MOVE_S)
                await asyncio.sleep(MOVE_S)  # who keeps the key down asks again before that
                await camera.stop(profile)
            case "preset":
                await camera.goto_preset(profile, args["token"])
                return str(args["token"])
            case "look_at":
                return await self._look(known, command, LonLat(lon=args["lon"], lat=args["lat"]))
        return None

    async def _look(self, known: Known, command: Commanded, place: LonLat) -> str | None:
        """Turn to a place: straight at it, or by a preset that shows it where the camera cannot."""
        async with visit(self.engine) as session:
            presets = await commands.presets(session, command.camera_id)
        to = aim(command.place, command.height_m, place)
        node = known.node
        position = None if node is None else position_for(to, node, presets, command.heading_deg)
        if position is not None and node is not None:
            await known.camera.move_to(known.profile, position, node.space)
            return None
        preset = nearest_preset(to, presets)
        if preset is None:
            raise OnvifError("cannot_aim", "The camera turns to presets alone, and none of them shows the place.")
        await known.camera.goto_preset(known.profile, preset.token)
        return preset.token

    async def _settled(self, known: Known) -> None:
        """Wait until the camera stands; one that never says so is taken at its word no longer than so many seconds."""
        until, before, stood = time.monotonic() + self.settles_s, None, 0
        while time.monotonic() < until:
            await asyncio.sleep(POLL_S)
            status = await known.camera.status(known.profile)
            still = before is not None and status.position is not None and _apart(before, status.position) < STILL
            stands = (still and status.moving is not True) or (status.moving is False and status.position is None)
            stood = stood + 1 if stands else 0
            if stood == STILL_LOOKS:
                return
            before = status.position

    async def _meet(self, met: Met) -> Known:
        """Return the camera, met before or now."""
        url, profile, pin = met
        if url is None:
            raise OnvifError("no_onvif", "The camera's row tells no ONVIF address.")
        if met not in self._known:
            camera = await Camera(Endpoint.of(url, self.resolve, pin)).open()
            token = profile or next((one.token for one in await camera.profiles() if one.turns), None)
            if token is None:
                raise OnvifError("unsupported", "The camera has no profile that turns.")
            self._known[met] = Known(camera=camera, profile=token, node=await camera.node())
        return self._known[met]

    async def _sweep(self) -> None:
        async with visit(self.engine) as session:
            still = await commands.settle(session)
            await commands.forget(session)
            await ring(session, {"cameras": still})

    async def _read_presets(self) -> None:
        """Read what each camera knows, where that is due; one that does not answer keeps what it told before."""
        async with visit(self.engine) as session:
            rows = await commands.with_presets(session)
        turns, now = asyncio.Semaphore(AT_ONCE), time.monotonic()
        due = [row for row in rows if self._due.get(row, 0.0) <= now]
        self._due = {row: self._due.get(row, 0.0) for row in rows} | dict.fromkeys(due, now + UNKNOWN_S)
        await asyncio.gather(*(self._keep_presets(turns, row) for row in due))

    async def _keep_presets(self, turns: asyncio.Semaphore, row: Turning) -> None:
        camera_id, met = row
        async with turns:
            try:
                known = await self._meet(met)
                told = await known.camera.presets(known.profile)
            except OnvifError as error:
                self._known.pop(met, None)
                if error.code in LOCKING:
                    self._due[row] = time.monotonic() + KNOWN_S
                log.info("presets_not_read", camera=camera_id, code=error.code, reason=str(error))
                return
            await self._keep_told(camera_id, [_preset(one) for one in told])
        self._due[row] = time.monotonic() + KNOWN_S

    async def _keep_told(self, camera_id: int, told: list[Preset]) -> None:
        async with visit(self.engine) as session:
            moved = await commands.keep_presets(session, camera_id, told)
            await ring(session, {"cameras": [camera_id] if moved else []})
        if moved:
            log.warning("presets_saved_anew", camera=camera_id, presets=moved)


def _preset(told: PresetTold) -> Preset:
    plain, at = "".join(letter for letter in told.name if letter.isprintable())[:80] or told.token, told.position
    title = Title(kk=plain, ru=plain, en=plain)
    if at is None:
        return Preset(token=told.token, name=title)
    return Preset(token=told.token, name=title, pan=at.pan, tilt=at.tilt, zoom=at.zoom)


def _apart(one: Position, other: Position) -> float:
    return max(abs(one.pan - other.pan), abs(one.tilt - other.tilt), abs(one.zoom - other.zoom))
