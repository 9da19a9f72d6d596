"""Smoke: clouds drawn into footage, and footage in which there is none."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ingest.measuring.clip import Case, Truth, footage
from ingest.measuring.filmed import drawn, since
from ingest.measuring.flames import Plume

BEGINS_S, SECONDS = 8.0, 30.0


def cases(fetched: Path) -> Sequence[Case]:
    """Return eight clouds and the footage."""
    films = [footage(fetched / name, on=f"{name}, no smoke") for name in ("vtest.avi", "bikes.mp4")]
    return [*_clouds(fetched), *(Case(clip=film) for film in films)]


def _clouds(fetched: Path) -> Iterator[Case]:
    chance = np.random.default_rng(3)
    for seed in range(8):
        size, x, y = int(chance.choice([40, 60, 80])), int(chance.uniform(150, 610)), int(chance.uniform(320, 520))
        cloud = Plume(x=x, y=y, size=size, seed=seed)
        clip = drawn(
            fetched / "vtest.avi",
            since(BEGINS_S, cloud.draw),
            on="rendered smoke over vtest.avi",
            key=f"smoke {seed}",
            seconds=SECONDS,
            since_s=5.0 * seed,
            truths=(Truth(since_s=BEGINS_S, until_s=SECONDS),),
        )
        yield Case(clip=clip)
