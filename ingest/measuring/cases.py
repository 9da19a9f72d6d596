"""What the cases of all functions share: each plan as boxes and, of a few, as pictures for the model; the footage."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ingest.measuring.clip import Case, Truth, footage
from ingest.measuring.plan import Plot, planned
from ingest.measuring.staged import drawn

PERSON_PX = (34.0, 90.0)  # of those who stand in the middle of vtest.avi
CAR_PX = (100.0, 72.0)
GRASS = [[0, 360], [280, 440], [400, 560], [0, 570]]  # of vtest.avi's background
LAWN = [[0, 480], [240, 490], [360, 565], [0, 570]]  # a part of it, which people in vtest.avi cross once:
ON_LAWN = Truth(since_s=53, until_s=62)  # seen by eye
ROAD = [[200, 300], [760, 250], [760, 460], [420, 360]]  # of vtest.avi: people alone


def both(plots: Sequence[Plot], settings: dict[str, Any], fetched: Path, *, drawn_ones: Iterable[int]) -> list[Case]:
    """Return every plan as boxes, and some of them as pictures."""
    boxes = [planned(plot, on="planned boxes", seed=seed) for seed, plot in enumerate(plots)]
    on = "drawn over vtest.avi, found by the model"
    pictures = [drawn(plots[n], fetched, on=on, key=f"{sorted(settings)} {n}") for n in drawn_ones]
    return [Case(clip=clip, settings=settings) for clip in (*boxes, *pictures)]


def vtest(fetched: Path, settings: dict[str, Any], *truths: Truth, on: str = "vtest.avi") -> Case:
    """Return the clip of pedestrians, 80 s; without truths nothing in it is to be told."""
    return Case(clip=footage(fetched / "vtest.avi", on=on, truths=truths, size_px=(768, 576)), settings=settings)


def bikes(fetched: Path, settings: dict[str, Any]) -> Case:
    """Return the clip of cyclists and cars, 10 s from a hand that moves, in which nothing is to be told."""
    return Case(clip=footage(fetched / "bikes.mp4", on="bikes.mp4", size_px=(640, 272)), settings=settings)
