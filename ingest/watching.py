"""The cameras being watched: one reader and one pipeline each, a few workers for all of them."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import cv2
import msgspec
import numpy as np
import structlog

from ingest import pipeline, snapshots
from ingest.detectors.detector import (
    Function,
    FunctionEntry,
    ObjectDetector,
    RuleError,
    Surroundings,
)
from ingest.detectors.keeping import Views
from ingest.detectors.rule import any_awaits, by_motion, function_of, masks_of
from ingest.gate import MotionGate
from ingest.geolocate import GeolocateError, Locator, Locators, itself
from ingest.lying import Lying
from ingest.models.tfjs import ModelError
from ingest.pipeline import Moment, Step
from ingest.plates.hotlist import NOTHING_WANTED, Hotlist
from ingest.sources.jpegs import TOO_BIG_PX
from ingest.sources.register import open_source
from ingest.sources.source import Health, Source, SourceError, SourceSettings
from ingest.tallies import Tallies
from ingest.tracking import Tracker
from ingest.values import CameraNow, EventDraft, Frame, Image, Placed, Point
from ingest.video_metrics import AWAKE, DROPPED, FAULTS, FRAMES, SECONDS
from layers.cameras.calibration_queries import Snapshot
from layers.cameras.optics import Optics, locator_of
from layers.cameras.queries import CameraRow
from layers.cameras.reasons import Reason, in_english
from layers.cameras.views import KeptView
from layers.faults import told
from layers.values import LonLat

log = structlog.get_logger()
BROKEN = Reason("shifted")
T = TypeVar("T")


class Watch:
    """One camera: what its row says, its reader, its steps. A fault in the row is kept as a sentence, not raised."""

    def __init__(
        self,
        row: CameraRow,
        home: Path,
        detector: ObjectDetector | None,
        hotlist: Hotlist | None = None,
        views: Mapping[str, KeptView] | None = None,
    ) -> None:
        """Build everything the row asks for; nothing is opened yet. `views` are how it looked before, by preset."""
        self.row, self.home, self.hotlist = row, home, hotlist or NOTHING_WANTED
        self.now = CameraNow()  # told anew every second: it changes oftener than a row may
        self.wanted = False  # somebody asks for a picture
        self.picture: Snapshot | None = None
        self.views = Views(stream=_stream_of(row), turns=row.kind == "ptz", before=views or {})
        self.faults: list[Reason] = []
        self.failing: Reason | None = None  # why its last frame came to nothing
        self.tallies = Tallies()
        self._dropped = 0  # frames, as far as they are counted
        self.source = self._open(row, home)
        self.steps = self._steps(row, detector)
        self._taken = threading.Lock()  # held while this camera stands in the queue or is being worked on

    def start(self, ready: "SimpleQueue[Watch | None]") -> None:
        """Start the reader; each frame puts the camera into the queue, once."""
        if self.source is None:
            return

        self.source.mailbox.on_frame = partial(self._queue_up, ready)
        self.source.start()

    def leave(self, ready: "SimpleQueue[Watch | None]") -> None:
        """Let the next frame queue this camera again; one that came during the work does so at once."""
        self._taken.release()
        if self.source is not None and self.source.mailbox.holds_frame:
            self._queue_up(ready)

    def work(self) -> tuple[EventDraft, ...]:
        """Lead the latest frame through the steps, which remember: one worker at a time. Return what came of it."""
        frame = self.source.mailbox.take() if self.source else None
        if frame is None or self.source is None:
            return ()
        code = self.row.code
        FRAMES.labels(code).inc()
        self.tallies.frames += 1
        self._count_dropped(self.source.mailbox.dropped)
        if self.wanted:
            self._take_picture(frame)
        moment = pipeline.run(self.steps, frame)
        SECONDS.observe(max(0.0, (datetime.now(UTC) - frame.at).total_seconds()))
        self.failing = None
        return moment.drafts if moment else ()

    def health(self) -> Health:
        """Say how the camera is; what is wrong with its row stands as the reason."""
        faults = (*self.faults, *([BROKEN] if self.now.broken else []), *([self.failing] if self.failing else []))
        if self.source is None:
            return Health(state="down", why=faults, last_frame_at=None, fps=None)
        health = self.source.health()
        return replace(health, why=(*health.why, *faults))

    def failed(self, error: Exception) -> None:
        """Note that a frame came to nothing; of many in a row the first is logged."""
        FAULTS.labels(self.row.code).inc()
        self.tallies.faults += 1
        if self.failing is None:
            log.warning("pipeline_failed", camera=self.row.code, error=told(error))
        self.failing = Reason("model_unfit" if isinstance(error, ModelError) else "not_analysed")

    def _count_dropped(self, dropped: int) -> None:
        DROPPED.labels(self.row.code).inc(dropped - self._dropped)
        self._dropped = dropped

    def _take_picture(self, frame: Frame) -> None:
        self.wanted = False
        try:
            self.picture = snapshots.taken(frame, self.row, self.now)
        except Exception as error:  # noqa: BLE001 - masks that cannot be read, or a picture that cannot be written
            log.warning("no_picture", camera=self.row.code, error=told(error))

    def _hide(self, image: Image) -> Image | None:
        try:
            return snapshots.hidden(image, self.row, self.now)
        except msgspec.ValidationError as error:
            log.warning("masks_unreadable", camera=self.row.code, error=told(error))
            return np.zeros_like(image)

    def _place(self, locators: Locators, foot: Point) -> Placed:
        return locators.place(foot, self.now)

    def _queue_up(self, ready: "SimpleQueue[Watch | None]") -> None:
        if self._taken.acquire(blocking=False):
            ready.put(self)

    def _open(self, row: CameraRow, home: Path) -> Source | None:
        settings = SourceSettings(camera_id=row.id, url=row.url, home=home, transport=row.transport, fps=row.fps_limit)
        return self._or_fault(lambda: open_source(row.reader, settings))

    def _steps(self, row: CameraRow, detector: ObjectDetector | None) -> list[Step]:
        wake = self.source.set_active if self.source else lambda _: None
        where = partial(self._place, self._locators(row))
        built = self._functions(row, where)
        self._note_silent(built, detector)
        seeing: list[Step] = [self.tallies.detect(pipeline.detect(detector))] if detector else []
        if detector and any(entry.lying for entry, _ in built):
            seeing.append(Lying(detector).step)
        by = {looks: [one for entry, one in built if entry.looks in (looks, "both")] for looks in ("picture", "tracks")}
        pinned = row.life_safety or any(entry.unblinking for entry, _ in built)
        return [
            *self._fit(row),
            pipeline.look(by["picture"]),
            self.tallies.gate(
                pipeline.Gate(gate=MotionGate(), wake=wake, pinned=pinned, awaited=partial(any_awaits, built))
            ),
            pipeline.awake(_count(row.code)),
            *seeing,
            pipeline.track(Tracker()),
            pipeline.tell(by["tracks"], with_image=any(entry.wants_image for entry, _ in built)),
            pipeline.place(where, itself(row.place)),
            pipeline.draft(row.code, self._hide),
        ]

    def _note_silent(self, built: Sequence[tuple[FunctionEntry, Function]], detector: ObjectDetector | None) -> None:
        """Without a detector no rule that waits for objects ever tells anything: that is said."""
        silent = sorted(
            {entry.name for entry, function in built if entry.looks == "tracks" and not by_motion(function)}
        )
        if detector is None and silent:
            self.faults.append(Reason("no_detector", {"rules": ", ".join(silent)}))

    def _fit(self, row: CameraRow) -> list[Step]:
        if not row.width_px or not row.height_px:
            return []
        if row.width_px * row.height_px > TOO_BIG_PX:
            self.faults.append(Reason("too_big", {"width": row.width_px, "height": row.height_px}))
            return []
        return [pipeline.fit(row.width_px, row.height_px)]

    def _functions(self, row: CameraRow, where: Callable[[Point], Placed]) -> list[tuple[FunctionEntry, Function]]:
        size_px = (row.width_px, row.height_px) if row.width_px and row.height_px else None
        rules = row.rules if isinstance(row.rules, list) else [row.rules]
        among = Surroundings(
            home=self.home,
            camera_id=row.id,
            camera_code=row.code,
            size_px=size_px,
            place=where,
            hotlist=self.hotlist,
            views=self.views,
            fps=row.fps_limit,
            functions=frozenset(str(rule.get("function")) for rule in rules if isinstance(rule, dict)),
        )
        masks = row.masks if self._or_fault(lambda: masks_of(row.masks)) is not None else []
        looks = [(rule, masks_of(masks, _view_of(rule))) for rule in rules]
        built = [self._or_fault(partial(function_of, rule, among, past, lambda: self.now)) for rule, past in looks]
        return [one for one in built if one is not None]

    def _locators(self, row: CameraRow) -> Locators:
        fixed = self._or_fault(lambda: locator_of(optics_of(row)))
        turning = row.presets if row.kind == "ptz" else []  # of one that turned once and is fixed now they stay
        said = {preset.pop("token"): preset for preset in map(dict, turning)}
        presets = {token: self._preset(row, token, preset) for token, preset in said.items()}
        return Locators(origin=row.place, fixed=fixed, presets=presets)

    def _preset(self, row: CameraRow, token: str, preset: dict[str, Any]) -> Locator | None:
        try:
            return locator_of(optics_of(row, **preset))
        except GeolocateError as error:
            self.faults.append(Reason("preset", {"token": str(token), "said": str(error)}))
        except Exception as error:  # noqa: BLE001 - a row may hold anything
            log.warning("camera_row_unusable", camera=row.code, preset=str(token), error=type(error).__name__)
            self.faults.append(Reason("preset_row", {"token": str(token)}))
        return None

    def _or_fault(self, build: Callable[[], T]) -> T | None:
        """Build one part; whatever is wrong with the row is kept as a sentence, and stops no other camera."""
        try:
            return build()
        except (SourceError, RuleError) as error:
            self.faults.append(error.reason)
        except GeolocateError as error:
            self.faults.append(Reason("pose", {"said": str(error)}))
        except Exception as error:  # noqa: BLE001 - a row may hold anything
            log.warning("camera_row_unusable", camera=self.row.code, error=type(error).__name__)
            self.faults.append(Reason("row"))
        return None


def optics_of(row: CameraRow, **preset: Any) -> Optics:
    """Return how a camera's row says that it sees; of a preset what the preset says of it."""
    own = {one.name: getattr(row, one.name) for one in fields(Optics)}
    return Optics(**{**own, **preset})


class Watching:
    """All cameras and the workers that lead their frames: the latest frame of each, in turn."""

    def __init__(
        self,
        home: Path,
        detector: ObjectDetector | None,
        tell: Callable[[EventDraft], None],
        workers: int,
        hotlist: Hotlist | None = None,
    ) -> None:
        """Take the home, the detector (None: motion alone), whom to tell of events, and how many frames at once."""
        cv2.setNumThreads(1)  # the workers are the threads
        self.home, self.detector, self.tell, self.hotlist = home, detector, tell, hotlist
        self.watches: dict[int, Watch] = {}
        self._ready: SimpleQueue[Watch | None] = SimpleQueue()
        self._held: list[tuple[float, CameraRow] | None] = [None] * workers  # since when each holds a frame, and whose
        self._threads = [
            threading.Thread(target=self._work, args=(n,), name=f"video-{n}", daemon=True) for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def to_start(self, rows: Sequence[CameraRow]) -> list[int]:
        """Return which of these cameras do not run yet, or run as another row told."""
        return [row.id for row in rows if row.id not in self.watches or _changed(row, self.watches[row.id])]

    def keep(self, rows: Sequence[CameraRow], views: Mapping[int, Mapping[str, KeptView]] | None = None) -> None:
        """Run exactly these cameras: new and changed ones start, others stop, the rest go on undisturbed.

        `views` are how those that start looked before, by camera and preset.
        """
        wanted = {row.id: row for row in rows}
        for camera_id, watch in list(self.watches.items()):
            if _changed(wanted.get(camera_id), watch):
                del self.watches[camera_id]
                _stop(watch)
        for row in rows:
            if row.id not in self.watches:
                watch = self.watches[row.id] = Watch(
                    row, self.home, self.detector, self.hotlist, (views or {}).get(row.id)
                )
                log.info("camera_started", camera=row.code, reader=row.reader, faults=in_english(watch.faults))
                watch.start(self._ready)

    def stand(self, now: Mapping[int, CameraNow]) -> None:
        """Tell each camera what it is at this moment."""
        for camera_id, watch in self.watches.items():
            watch.now = now.get(camera_id, CameraNow())

    def want_pictures(self, camera_ids: Sequence[int]) -> None:
        """Let each of these cameras take a picture of its next frame."""
        for camera_id in camera_ids:
            if (watch := self.watches.get(camera_id)) is not None and watch.picture is None:
                watch.wanted = True

    def pictures_taken(self) -> list[tuple[int, Snapshot]]:
        """Return the pictures taken since this was last asked."""
        taken = [(camera_id, watch.picture) for camera_id, watch in self.watches.items()]
        for watch in self.watches.values():
            watch.picture = None
        return [(camera_id, picture) for camera_id, picture in taken if picture is not None]

    def views_taken(self) -> dict[tuple[int, str], KeptView]:
        """Return the views to keep since this was last asked, by camera and preset."""
        taken = ((camera_id, watch.views.taken()) for camera_id, watch in self.watches.items())
        return {(camera_id, preset): view for camera_id, views in taken for preset, view in views.items()}

    def held_at(self, cameras: Sequence[int]) -> dict[int, list[str]]:
        """Return the presets at which each of these cameras is held to a view."""
        return {one: list(self.watches[one].views.books) for one in cameras if one in self.watches}

    def stuck(self, over_s: float) -> CameraRow | None:
        """Return the camera whose frame a worker has held for longer than that; None where there is none."""
        until_s = time.monotonic() - over_s
        return next((row for since_s, row in filter(None, self._held) if since_s < until_s), None)

    def stop(self) -> None:
        """Stop every camera and every worker."""
        self.keep([])
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join(timeout=2.0)

    def _work(self, number: int) -> None:
        while (watch := self._ready.get()) is not None:
            self._held[number] = time.monotonic(), watch.row
            try:
                for draft in watch.work():
                    self.tell(draft)
            except Exception as error:  # noqa: BLE001 - one camera's bad frame must not end the worker of all
                watch.failed(error)
            finally:
                self._held[number] = None
                watch.leave(self._ready)


def _view_of(rule: Any) -> str | None:
    preset = rule.get("preset") if isinstance(rule, dict) else None
    return preset if isinstance(preset, str) else None


def _changed(row: CameraRow | None, watch: Watch) -> bool:
    return _runs_as(row) != _runs_as(watch.row)  # a NaN in a row equals nothing, not even itself


def _stream_of(row: CameraRow) -> str:
    """Return what stands for a camera's stream, and tells nobody where it is."""
    return sha256(f"{row.url} {row.width_px} {row.height_px}".encode(errors="replace")).hexdigest()[:16]


def _runs_as(row: CameraRow | None) -> str:
    """Return what must not change while a camera runs: one that flies moves on without being opened anew."""
    return repr(replace(row, place=LonLat(lon=0.0, lat=0.0)) if row is not None and row.kind == "drone" else row)


def _stop(watch: Watch) -> None:
    if watch.source is not None:
        watch.source.mailbox.on_frame = None
        watch.source.stop()
    log.info("camera_stopped", camera=watch.row.code)


def _count(code: str) -> Step:
    count = AWAKE.labels(code).inc

    def step(moment: Moment) -> Moment:
        count()
        return moment

    return step
