"""Camera shaking: masts that swing by what is too much and by what may be, one push, and untouched footage."""

import math
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from ingest.measuring.clip import Case, Truth, footage
from ingest.measuring.filmed import Draw, drawn
from ingest.measuring.lenses import moved

BEGINS_S, SECONDS, WIDTH = 10.0, 40.0, 768


def cases(fetched: Path) -> Sequence[Case]:
    """Return swings to and fro beyond and within the limit, one push, and the footage."""
    film = fetched / "vtest.avi"
    push = drawn(
        film,
        lambda image, at_s: moved(image, 20, 0) if at_s >= BEGINS_S else image,
        on="rendered over vtest.avi: one push",
        key="push",
        seconds=SECONDS,
    )
    return [*_swung(film), Case(clip=push), Case(clip=footage(film, on="vtest.avi, untouched"))]


def _swung(film: Path) -> Iterator[Case]:
    for swing_percent, hz in product((0.5, 0.7, 1.5, 3.0), (0.3, 1.1, 1.9)):
        far = swing_percent > 1
        said = "by 1.5 and 3 %" if far else "by 0.5 and 0.7 %, within the limit of 1 %"
        yield Case(
            clip=drawn(
                film,
                _swinging(swing_percent / 200 * WIDTH, hz),
                on=f"rendered over vtest.avi: swinging {said}, 0.3 to 1.9 Hz",
                key=f"swing {swing_percent} {hz}",
                seconds=SECONDS,
                truths=(Truth(since_s=BEGINS_S, until_s=SECONDS),) if far else (),
            )
        )


def _swinging(amplitude_px: float, hz: float) -> Draw:
    return lambda image, at_s: (
        moved(image, amplitude_px * math.sin(2 * math.pi * hz * at_s), 0) if at_s >= BEGINS_S else image
    )
