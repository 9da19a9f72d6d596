"""Plates read off vehicles and held against the hotlist; what does not hit is told to nobody and kept nowhere.

Only the vote of a vehicle that is in sight holds a plate. No fault may tell one either: whatever goes wrong leaves this
file as the name of its class.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Annotated

import structlog
from msgspec import Meta

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.detector import NotHere, Surroundings
from ingest.detectors.setting import LONGEST_S
from ingest.models.tfjs import ModelError
from ingest.plates.reading import PlateReader, open_plates
from ingest.plates.voting import Decided, Vote, gone, is_ripe
from ingest.values import Image, Scene, Seen, Track
from layers.cameras.reasons import Reason
from layers.hotlist.schema import HIT, Wanted

log = structlog.get_logger()

MOST_VEHICLES = 64
AROUND = 0.03  # how much of its size a box is widened: plates hang at its edge


class PlateFault(Exception):
    """Reading failed; the text names no more than the class of the fault, which may hold a plate in its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateRead:
    """Settings. Which vehicle is read first: the one that was looked at least, the larger before the smaller."""

    frames: Annotated[
        int,
        Meta(ge=1, le=20, description="After so many reads that agree a vehicle is decided on, or when it has gone."),
    ] = 3
    reads_per_s: Annotated[
        float,
        Meta(
            ge=0.1,
            le=30,
            description="Pictures of vehicles read a second, at most: a busy road costs no more than this.",
        ),
    ] = 4.0
    least_px: Annotated[
        float,
        Meta(
            ge=60,
            le=2000,
            description="Plates narrower than this, in pixels, are not trusted; Almaty 213, art. 12 asks for 150.",
        ),
    ] = 60.0
    certainty: Annotated[
        float, Meta(gt=0, le=1, description="What is less certain than this, from 0 to 1, is not told.")
    ] = 0.5
    cooldown_s: Annotated[
        float,
        Meta(
            ge=0, le=LONGEST_S, description="Seconds of quiet after a hit of an entry; its hits meanwhile are counted."
        ),
    ] = 120.0
    labels: Annotated[tuple[str, ...], Meta(description="What is taken for a vehicle.")] = (
        "car",
        "truck",
        "bus",
        "motorcycle",
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be: numbers that are not, times below nought. ValueError."""
        if not 1 <= self.frames <= 20:
            raise ValueError("frames must be from 1 to 20")
        if not 0.1 <= self.reads_per_s <= 30:
            raise ValueError("reads_per_s must be from 0.1 to 30")
        if not 60 <= self.least_px <= 2000:
            raise ValueError("least_px must be from 60 to 2000")
        if not 0 < self.certainty <= 1:
            raise ValueError("certainty must lie above 0 and not above 1")
        if not (isfinite(self.cooldown_s) and self.cooldown_s >= 0):
            raise ValueError("cooldown_s must not be negative")


def plate_read(settings: PlateRead, among: Surroundings) -> "PlateReadRule":
    """Build the function for a camera. NotHere where a model is lacking; the log says which."""
    try:
        return PlateReadRule(settings, among, open_plates(among.home))
    except ModelError as error:
        log.error("no_plate_reader", camera=among.camera_code, reason=str(error))
        raise NotHere(Reason("no_plate_reader")) from None


@dataclass(slots=True, repr=False)
class PlateReadRule:
    """The state machine: a vote a vehicle, until it is decided on; of a vehicle decided on its number alone."""

    settings: PlateRead
    among: Surroundings
    reader: PlateReader
    _votes: dict[int, Vote] = field(default_factory=dict)
    _done: dict[int, datetime] = field(default_factory=dict)
    _last: dict[int, Track] = field(default_factory=dict)
    _quiet: dict[int, Cooldown] = field(default_factory=dict)
    _read_at: datetime | None = None

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Look at one vehicle at most and return the hits of those that are decided on now."""
        try:
            return tuple(self._update(scene))
        except Exception as error:  # noqa: BLE001 - a KeyError or a UnicodeError may hold the plate itself
            self._votes.clear()
            raise PlateFault(type(error).__name__) from None

    def _update(self, scene: Scene) -> list[Seen]:
        vehicles = [track for track in scene.tracks if self._counts(track)]
        for track in vehicles:
            vote = self._votes.setdefault(track.id, Vote(at=scene.at))
            vote.at, self._last[track.id] = scene.at, track
        if scene.image is not None and vehicles and self._may_read(scene.at):
            self._read(scene.image, min(vehicles, key=lambda one: (self._votes[one.id].tries, -_width(one))))
        ripe = [number for number, vote in self._votes.items() if is_ripe(vote, self.settings.frames)]
        return [seen for number in (*ripe, *gone(self._votes, scene.at)) for seen in self._decide(number, scene.at)]

    def _counts(self, track: Track) -> bool:
        new = track.id not in self._done and (track.id in self._votes or len(self._votes) < MOST_VEHICLES)
        wide = _width(track) >= 1.5 * self.settings.least_px  # a vehicle is wider than its plate
        return new and track.label in self.settings.labels and track.confirmed and track.seen and wide

    def _may_read(self, at: datetime) -> bool:
        """Say whether the next picture may be read; a clock that jumps back holds nobody up."""
        passed_s = 1e9 if self._read_at is None else abs((at - self._read_at).total_seconds())
        if passed_s * self.settings.reads_per_s < 1 - 1e-6:
            return False
        self._read_at = at
        return True

    def _read(self, image: Image, track: Track) -> None:
        vote = self._votes[track.id]
        vote.tries += 1
        read = self.reader.read(_cut(image, track))
        if read is not None:
            vote.add(read, least_px=self.settings.least_px)

    def _decide(self, number: int, at: datetime) -> list[Seen]:
        """Close a vote; only here is a plate held against the list, and what is not on it ends here."""
        vote, track = self._votes.pop(number, None), self._last.pop(number, None)
        self._done = {one: then for one, then in self._done.items() if abs(at - then) < timedelta(minutes=2)}
        self._done[number] = at
        decided = vote.outcome() if vote else None
        if decided is None or track is None or decided.certainty < self.settings.certainty:
            return []
        entries = self.among.hotlist.wanted(decided.text, self.among.camera_id, at)
        hits = [self._hit(entry, decided, track, at) for entry in entries]
        return [hit for hit in hits if hit is not None]

    def _hit(self, entry: Wanted, decided: Decided, track: Track, at: datetime) -> Seen | None:
        self._quiet = {one: quiet for one, quiet in self._quiet.items() if one == entry.id or quiet.is_quiet(at)}
        quiet = self._quiet.setdefault(entry.id, Cooldown(cooldown_s=self.settings.cooldown_s))
        merged = quiet.speak(at, 1)
        if merged is None:
            return None
        told = {"entry": entry.id, "plate": entry.plate, "wanted": entry.kind, "track": track.id, "merged": merged}
        grounds = {"legal_basis": entry.legal_basis, "owner": entry.owner, "reads": decided.reads}
        size = {"plate_width_px": round(decided.width_px)}  # how it is seen in practice: Almaty 213, art. 12.6
        box, foot = track.box, track.foot
        return Seen(
            kind=HIT, at=at, certainty=decided.certainty, box=box, foot=foot, details={**told, **grounds, **size}
        )


def _width(track: Track) -> float:
    return track.box[2] - track.box[0]


def _cut(image: Image, track: Track) -> Image:
    height, width = image.shape[:2]
    x0, y0, x1, y1 = track.box
    by_x, by_y = AROUND * (x1 - x0), AROUND * (y1 - y0)
    left, right = max(0, int(x0 - by_x)), min(width, int(x1 + by_x) + 1)
    top, bottom = max(0, int(y0 - by_y)), min(height, int(y1 + by_y) + 1)
    return image[top:bottom, left:right]
