"""Fire: flames drawn into footage at three frame rates, lamps that blink, and footage in which nothing burns."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ingest.measuring.clip import Case, Truth, footage
from ingest.measuring.filmed import drawn, since
from ingest.measuring.flames import Flame, Lamp

RATES = (5.0, 10.0, 25.0)  # frames analysed a second
LIT_S, SECONDS = 4.0, 16.0
SCENES = (("vtest.avi", 768, 576), ("bikes.mp4", 640, 272))
AMBER, RED, YELLOW = (40, 150, 255), (30, 60, 255), (60, 190, 255)


def cases(fetched: Path) -> Sequence[Case]:
    """Return twelve flames and the footage at each rate, and eighteen lamps."""
    return [*_flames(fetched), *_lamps(fetched), *_footage(fetched)]


def _flames(fetched: Path) -> Iterator[Case]:
    for fps in RATES:
        chance = np.random.default_rng(3)
        for name, width, height in SCENES:
            for seed in range(6):
                size = int(chance.choice([24, 40, 64]) * width / 768)
                x, y = int(chance.uniform(0.2, 0.8) * width), int(chance.uniform(0.55, 0.9) * height)
                flame = Flame(x=x, y=y, size=size, seed=seed)
                clip = drawn(
                    fetched / name,
                    since(LIT_S, flame.draw),
                    on=f"rendered flames over vtest.avi and bikes.mp4, {fps:g} frames/s",
                    key=f"flame {fps} {seed}",
                    fps=fps,
                    seconds=SECONDS,
                    since_s=5.0 * seed if name == "vtest.avi" else 0.0,
                    truths=(Truth(since_s=LIT_S, until_s=SECONDS),),
                )
                yield Case(clip=clip)


def _lamps(fetched: Path) -> Iterator[Case]:
    chance = np.random.default_rng(5)
    for hz in (0.7, 1.0, 1.5, 2.0, 3.0, 4.0):
        for colour in (AMBER, RED, YELLOW):
            x, y = int(chance.uniform(100, 660)), int(chance.uniform(100, 500))
            lamp = Lamp(x=x, y=y, size=int(chance.choice([14, 24, 40])), hz=hz, colour=colour)
            key = f"lamp {hz} {colour}"
            yield Case(clip=drawn(fetched / "vtest.avi", lamp.draw, on="rendered blinking lamps", key=key, seconds=12))


def _footage(fetched: Path) -> Iterator[Case]:
    for fps in RATES:
        for name in ("vtest.avi", "bikes.mp4"):
            yield Case(
                clip=footage(fetched / name, on=f"vtest.avi and bikes.mp4, nothing burns, {fps:g} frames/s", fps=fps)
            )
