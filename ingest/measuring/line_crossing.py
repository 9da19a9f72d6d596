"""Line crossing: planned walks over and along a line, and footage in which nobody comes near it."""

from collections.abc import Sequence
from pathlib import Path

from ingest.measuring.clip import Case, Clip, Truth, footage
from ingest.measuring.plan import goes, planned

OVER = {"line": [[384, 100], [384, 500]], "cooldown_s": 0}
ABOVE_ALL = {"line": [[20, 60], [300, 60]], "cooldown_s": 0}  # on the grass of vtest.avi: nobody walks there


def cases(fetched: Path) -> Sequence[Case]:
    """Return ten walks each way, ten walks along the line, and the footage."""
    plans = [_over(n) for n in range(10)] + [_along(n) for n in range(10)]
    film = footage(fetched / "vtest.avi", on="vtest.avi, nobody at the line")
    return [*(Case(clip=plan, settings=OVER) for plan in plans), Case(clip=film, settings=ABOVE_ALL)]


def _over(number: int) -> Clip:
    """Walk over the line and, 20 s later, back."""
    y, speed = 150 + 30 * number, 30 + 8 * number
    there, back = goes((184, y), (584, y), speed=speed), goes((584, y), (184, y), since_s=20, speed=speed)
    crossed = [200 / speed, 20 + 200 / speed]
    truths = tuple(Truth(since_s=at, until_s=at + 2) for at in crossed)
    return planned([there, back], on="planned walks", seconds=40, seed=number, truths=truths)


def _along(number: int) -> Clip:
    x = 374 - 12 * number
    return planned([goes((x, 120), (x, 480), speed=25 + 5 * number)], on="planned walks", seconds=20, seed=100 + number)
