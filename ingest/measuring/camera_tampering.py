"""Camera tampering: what is done to a lens at once, in 20 s and in 45 s; dusk, dawn, headlights; untouched footage."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from ingest.measuring.clip import Case, Clip, Truth, footage
from ingest.measuring.filmed import Draw, drawn
from ingest.measuring.lenses import Spoil, covered, darkened, dazzled, defocused, dusk, headlights
from ingest.values import Image

BEGINS_S, HOLDS_S = 20.0, 40.0
NIGHTFALL_S = 1500.0  # from daylight to a fiftieth of it


def cases(fetched: Path) -> Sequence[Case]:
    """Return twelve lenses blinded, four frozen, the light of a day, and footage."""
    film = fetched / "vtest.avi"
    untouched = Case(clip=footage(film, on="vtest.avi, untouched", fps=1.0))
    return [*_blinded(film), *_frozen(film), *_light(film), untouched]


def _blinded(film: Path) -> Iterator[Case]:
    for spoil, over_s in product((darkened, dazzled, defocused, covered), (0.5, 20.0, 45.0)):
        until_s = BEGINS_S + over_s + HOLDS_S
        yield Case(
            clip=drawn(
                film,
                _gradually(spoil, over_s),
                on="rendered over vtest.avi: darkened, dazzled, covered, defocused within 0.5, 20 and 45 s",
                key=f"{spoil.__name__} {over_s}",
                fps=1.0,
                seconds=until_s,
                truths=(Truth(since_s=BEGINS_S, until_s=until_s),),
            )
        )


def _gradually(spoil: Spoil, over_s: float) -> Draw:
    return lambda image, at_s: spoil(image, min(1.0, max(0.0, at_s - BEGINS_S) / over_s))


def _frozen(film: Path) -> Iterator[Case]:
    for since_s in (0.0, 10.0, 30.0, 50.0):
        yield Case(
            clip=drawn(
                film,
                _Freeze(),
                on="rendered over vtest.avi: frozen",
                key=f"frozen {since_s}",
                fps=1.0,
                seconds=BEGINS_S + 90,
                since_s=since_s,
                truths=(Truth(since_s=BEGINS_S, until_s=BEGINS_S + 90),),
            )
        )


class _Freeze:
    """Shows what comes until a moment, and then that for ever."""

    def __init__(self) -> None:
        self._last: Image | None = None

    def __call__(self, image: Image, at_s: float) -> Image:
        """Return the picture of this moment."""
        if self._last is None or at_s < BEGINS_S:
            self._last = image.copy()
        return self._last


def _light(film: Path) -> Iterator[Case]:
    falls: dict[str, Draw] = {
        "dusk": lambda image, at_s: dusk(image, min(1.0, at_s / NIGHTFALL_S)),
        "dawn": lambda image, at_s: dusk(image, 1 - min(1.0, at_s / NIGHTFALL_S)),
    }
    for name, draw in falls.items():
        on = "rendered over vtest.avi: dusk and dawn within 25 min"
        yield Case(clip=drawn(film, draw, on=on, key=name, fps=0.5, seconds=NIGHTFALL_S + 60))
    for shines_s in (3.0, 8.0, 30.0):
        yield Case(clip=_lit(film, shines_s))


def _lit(film: Path, shines_s: float) -> Clip:
    def draw(image: Image, at_s: float) -> Image:
        night = dusk(image, 0.85)
        return headlights(night, 1.0) if 40 <= at_s < 40 + shines_s else night

    on = "rendered over vtest.avi: headlights at night for 3, 8 and 30 s"
    return drawn(film, draw, on=on, key=f"headlights {shines_s}", fps=1.0, seconds=90)
