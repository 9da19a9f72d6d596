"""The settings that functions share, each with the sentence that windows and the API show, and their common bounds."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from ingest.detectors.plane import SMALLEST_MOVING_PX2, finite
from ingest.values import Point

# Labels of the model of the house (COCO), as functions count them.
PEOPLE = ("person",)
VEHICLES = ("car", "truck", "bus", "motorcycle")

# How large a number may be, whatever it means: no rule needs more, and the clock of none runs over its end.
LONGEST_S = 30 * 86_400.0
MOST_HEIGHTS = 1000.0
MOST_COUNTED = 1_000_000
MOST_CORNERS = 256  # of a zone or a mask: each is looked at for every object of every frame

LASTS = "Seconds that it must last before it is told."

Coordinate = Annotated[float, Meta(ge=-1e6, le=1e6)]
Corner = tuple[Coordinate, Coordinate]  # x, y in pixels of the frame; it may lie beyond its edge

Zone = Annotated[
    tuple[Corner, ...],
    Meta(min_length=3, max_length=MOST_CORNERS, description="The corners of the zone, pixels of the frame."),
]
AnyZone = Annotated[
    tuple[Corner, ...],
    Meta(
        max_length=MOST_CORNERS,
        description="The corners of the zone, pixels of the frame; none: the whole picture.",
        extra_json_schema={"if": {"minItems": 1}, "then": {"minItems": 3}},
    ),
]
Ends = Annotated[tuple[Corner, Corner], Meta(extra_json_schema={"uniqueItems": True})]
Line = Annotated[
    Ends,
    Meta(description="The two ends of the line, pixels of the frame; left and right are those of one who walks it."),
]
Labels = Annotated[tuple[str, ...], Meta(description="Which objects count, by the model's labels; none: all.")]
Cooldown_s = Annotated[
    float,
    Meta(
        ge=0,
        le=LONGEST_S,
        description="Seconds of quiet after an event; what happens meanwhile is counted in the next.",
    ),
]
Settle_s = Annotated[float, Meta(ge=0, le=LONGEST_S, description="Seconds of quiet after a start.")]
LeastArea = Annotated[
    float,
    Meta(
        ge=SMALLEST_MOVING_PX2,
        le=1e9,
        description="The smallest object that counts, square pixels (Almaty 213, art. 13.3).",
    ),
]
Margin_px = Annotated[float, Meta(ge=0, le=1e6, description="Pixels beyond the line from which a step over it counts.")]
Dwell_s = Annotated[float, Meta(ge=0, le=LONGEST_S, description=LASTS)]
Hold_s = Annotated[float, Meta(gt=0, le=LONGEST_S, description=LASTS)]
Every_s = Annotated[float, Meta(gt=0, le=LONGEST_S, description="Seconds between two looks at the picture.")]
LeastBlocks = Annotated[
    int,
    Meta(
        ge=1,
        le=MOST_COUNTED,
        description="The smallest that is told: blocks of 8 x 8 pixels of a picture about 320 wide.",
    ),
]
LimitPercent = Annotated[
    Annotated[float, Meta(ge=0.2, lt=100)] | None,
    Meta(description="The limit, % of the picture's width or height from 0.2 on; none: the norm's (Almaty 213)."),
]
Count = Annotated[int, Meta(ge=0, le=MOST_COUNTED)]
Share = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every function of tracks may be told: which objects count, and how often it speaks."""

    labels: Labels = PEOPLE
    min_area_px2: LeastArea = SMALLEST_MOVING_PX2
    cooldown_s: Cooldown_s = 60.0
    settle_s: Settle_s = 0.0

    def __post_init__(self) -> None:
        """Refuse negative times, a NaN among them, and objects smaller than the norm's. ValueError."""
        if not (min(self.cooldown_s, self.settle_s) >= 0 and self.min_area_px2 >= SMALLEST_MOVING_PX2):
            raise ValueError("times must not be negative, min_area_px2 not below 256")


def check_zone(zone: tuple[Point, ...], *, whole: bool = False) -> None:
    """Refuse a zone of fewer than three points or with a NaN; `whole` lets none stand for all. ValueError."""
    if (len(zone) < 3 and not (whole and not zone)) or not finite(zone):
        raise ValueError("the zone needs three or more finite points")


def check_line(line: tuple[Point, Point]) -> None:
    """Refuse a line without length or with a NaN. ValueError."""
    if not finite(line) or line[0] == line[1]:
        raise ValueError("the line needs two different finite points")


def check_not_negative(**numbers: float) -> None:
    """Refuse numbers below zero and NaN. ValueError names the first."""
    wrong = next((name for name, number in numbers.items() if not number >= 0), None)
    if wrong is not None:
        raise ValueError(f"{wrong} must not be negative")
