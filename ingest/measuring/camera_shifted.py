"""Camera shifted: cameras pushed by what is too much and by what may be, turned, and shown elsewhere."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.measuring.clip import Case, Truth, footage
from ingest.measuring.filmed import Draw, drawn
from ingest.measuring.lenses import moved

PUSHED_S, SECONDS = 15.0, 36.0
WIDTH, HEIGHT = 768, 576


def cases(fetched: Path) -> Sequence[Case]:
    """Return pushes beyond and below both limits, turns, and untouched footage."""
    film = fetched / "vtest.avi"
    still = [Case(clip=footage(film, on="vtest.avi, untouched", fps=1.0), settings={"limit_percent": 0.5})]
    return [*_pushed(film), *_turned(film), *still]


def _pushed(film: Path) -> Iterator[Case]:
    for limit, percents in ((1.0, (0.3, 0.6, 0.8, 1.2, 1.5, 2.0, 3.0, 10.0)), (0.5, (0.3, 0.4, 0.6, 0.8, 1.2, 3.0))):
        for percent in percents:
            for x, y in ((1, 0), (0, 1), (-1, 0), (0, -1)):
                way = _from_pushed(percent / 100 * WIDTH * x, percent / 100 * HEIGHT * y)
                truths = (Truth(since_s=PUSHED_S, until_s=SECONDS),) if percent > limit else ()
                said = "beyond" if truths else "within"
                on = f"rendered over vtest.avi: pushed by 0.3 to 10 % of a side, {said} the limit of {limit:g} %"
                key = f"push {percent} {x} {y}"
                clip = drawn(film, way, on=on, key=key, fps=1.0, seconds=SECONDS, since_s=percent * 4, truths=truths)
                yield Case(clip=clip, settings={"limit_percent": limit})


def _turned(film: Path) -> Iterator[Case]:
    for turn_deg in (-20.0, -5.0, 3.0, 10.0, 45.0):
        yield Case(
            clip=drawn(
                film,
                _from_pushed(0, 0, turn_deg),
                on="rendered over vtest.avi: turned about the middle by 3 to 45 degrees",
                key=f"turn {turn_deg}",
                fps=1.0,
                seconds=SECONDS,
                truths=(Truth(since_s=PUSHED_S, until_s=SECONDS),),
            )
        )


def _from_pushed(dx: float, dy: float, turn_deg: float = 0.0) -> Draw:
    return lambda image, at_s: moved(image, dx, dy, turn_deg) if at_s >= PUSHED_S else image
