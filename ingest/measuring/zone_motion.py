"""Motion in a zone: planned stays in it and walks past it, and footage whose zone nobody enters."""

from collections.abc import Sequence
from pathlib import Path

from ingest.measuring.clip import Case, Clip, Truth, footage
from ingest.measuring.plan import goes, planned, stays

ZONE = {"zone": [[300, 200], [500, 200], [500, 400], [300, 400]], "dwell_s": 2, "cooldown_s": 0}
EMPTY = {"zone": [[20, 20], [300, 20], [300, 60], [20, 60]], "dwell_s": 2, "cooldown_s": 0}


def cases(fetched: Path) -> Sequence[Case]:
    """Return ten stays, ten walks just past the zone, and the footage."""
    plans = [_stay(n) for n in range(10)] + [_past(n) for n in range(10)]
    film = footage(fetched / "vtest.avi", on="vtest.avi, nobody in the zone")
    return [*(Case(clip=plan, settings=ZONE) for plan in plans), Case(clip=film, settings=EMPTY)]


def _stay(number: int) -> Clip:
    foot = (320.0 + 18 * number, 230.0 + 15 * number)
    truth = Truth(since_s=5, until_s=20)
    return planned([stays(foot, since_s=5, until_s=20)], on="planned stays", seconds=25, seed=number, truths=(truth,))


def _past(number: int) -> Clip:
    y = 410.0 + 8 * number
    return planned([goes((100, y), (700, y), speed=30 + 6 * number)], on="planned stays", seconds=20, seed=50 + number)
