"""What the functions that look at people are measured on."""

from collections.abc import Sequence
from pathlib import Path

from ingest.measuring.cases import GRASS, LAWN, ON_LAWN, PERSON_PX, bikes, both, vtest
from ingest.measuring.clip import Case, Truth
from ingest.measuring.plan import Actor, Plot, Pose, goes, stays

LINE = [[384, 100], [384, 520]]
FAR_LEFT = [[60, 450], [60, 570]]  # of vtest.avi: on the grass, where nobody comes
ZONE = [[300, 200], [500, 200], [500, 420], [300, 420]]
LYING_PX = (90.0, 34.0)


def line_crossing(fetched: Path) -> Sequence[Case]:
    """Ten walk over a line and back, ten along it; on the grass nobody walks."""
    plots = [_over(n) for n in range(10)] + [_along(n) for n in range(10)]
    cases = both(plots, {"line": LINE, "cooldown_s": 0}, fetched, drawn_ones=(2, 6, 12))
    return [*cases, vtest(fetched, {"line": FAR_LEFT, "cooldown_s": 0})]


def counting(fetched: Path) -> Sequence[Case]:
    """The same walks, counted: each crossing passes a limit of none inside or none an interval."""
    plots = [_over(n) for n in range(10)] + [_along(n) for n in range(10)]
    settings = {"line": LINE, "most_an_interval": 0, "interval_s": 1, "cooldown_s": 0}
    cases = both(plots, settings, fetched, drawn_ones=(2, 6, 12))
    return [*cases, vtest(fetched, {"line": FAR_LEFT, "most_an_interval": 0, "cooldown_s": 0})]


def _over(number: int) -> Plot:
    y, speed = 180 + 30 * number, 40 + 6 * number
    there = goes((184, y), (584, y), speed=speed, size=PERSON_PX)
    back = goes((584, y), (184, y), since_s=15, speed=speed, size=PERSON_PX)
    crossed = (200 / speed, 15 + 200 / speed)
    return Plot(actors=(there, back), seconds=28, truths=tuple(Truth(since_s=at, until_s=at + 2) for at in crossed))


def _along(number: int) -> Plot:
    x = 350 - 12 * number
    return Plot(actors=(goes((x, 190), (x, 480), speed=25 + 5 * number, size=PERSON_PX),), seconds=14)


def zone_motion(fetched: Path) -> Sequence[Case]:
    """Ten stay in a zone, ten walk past it."""
    plots = [_stay(n) for n in range(10)] + [_past(n) for n in range(10)]
    cases = both(plots, {"zone": ZONE, "cooldown_s": 0}, fetched, drawn_ones=(1, 5, 12))
    return [*cases, vtest(fetched, {"zone": LAWN, "cooldown_s": 0}, ON_LAWN)]


def _stay(number: int) -> Plot:
    foot = (320.0 + 18 * number, 240.0 + 18 * number)
    stay = stays(foot, since_s=3, until_s=12, size=PERSON_PX)
    return Plot(actors=(stay,), seconds=14, truths=(Truth(since_s=3, until_s=12),))


def _past(number: int) -> Plot:
    y = 430.0 + 8 * number
    return Plot(actors=(goes((60, y), (700, y), speed=60 + 6 * number, size=PERSON_PX),), seconds=12)


def motion(fetched: Path) -> Sequence[Case]:
    """Four walk over the grass, where nothing else moves in the clip: only pictures move."""
    plots = [Plot(actors=(_on_grass(n),), seconds=14, truths=(Truth(since_s=4, until_s=12),)) for n in range(4)]
    drawn = both(plots, {"zone": GRASS}, fetched, drawn_ones=range(4))[len(plots) :]
    return [*drawn, vtest(fetched, {"zone": LAWN}, ON_LAWN)]


def _on_grass(number: int) -> Actor:
    return goes((40, 420 + 20 * number), (320, 520 + 10 * number), since_s=4, speed=40, size=PERSON_PX)


def loitering(fetched: Path) -> Sequence[Case]:
    """Ten go up and down one place, ten walk through; for pictures' sake after 20 s in place of 60."""
    plots = [_up_and_down(n) for n in range(10)] + [_past(n) for n in range(10)]
    cases = both(plots, {"dwell_s": 20}, fetched, drawn_ones=(1, 4, 13))
    return [*cases, vtest(fetched, {}), bikes(fetched, {})]


def _up_and_down(number: int) -> Plot:
    x, y = 120.0 + 50 * number, 260.0 + 20 * number
    feet = [(x + (40 + 6 * number) * (turn % 2), y) for turn in range(30)]
    return Plot(
        actors=(goes(*feet, since_s=2, speed=25, size=PERSON_PX),), seconds=34, truths=(Truth(since_s=2, until_s=60),)
    )


def crowd_gathering(fetched: Path) -> Sequence[Case]:
    """Ten gatherings of seven, ten crowds of as many who stand apart or walk past together."""
    plots = [_gathering(n) for n in range(10)] + [_apart(n) for n in range(5)] + [_marching(n) for n in range(5)]
    return [*both(plots, {}, fetched, drawn_ones=(1, 4, 11, 16)), vtest(fetched, {}), bikes(fetched, {})]


def _gathering(number: int) -> Plot:
    feet = [(250.0 + 20 * number + 48 * (n % 4), 330.0 + 34 * (n // 4)) for n in range(7)]
    actors = tuple(stays(foot, since_s=2, until_s=24, size=PERSON_PX) for foot in feet)
    return Plot(actors=actors, seconds=26, truths=(Truth(since_s=2, until_s=24),))


def _apart(number: int) -> Plot:
    feet = [(60.0 + 105 * n, 280.0 + 20 * number + 60 * (n % 2)) for n in range(7)]
    return Plot(actors=tuple(stays(foot, since_s=2, until_s=24, size=PERSON_PX) for foot in feet), seconds=26)


def _marching(number: int) -> Plot:
    feet = [(20.0 + 45 * (n % 4), 320.0 + 15 * number + 34 * (n // 4)) for n in range(7)]
    march = [goes(foot, (foot[0] + 560, foot[1]), speed=45 + 5 * number, size=PERSON_PX) for foot in feet]
    return Plot(actors=tuple(march), seconds=16)


def overcrowding(fetched: Path) -> Sequence[Case]:
    """Ten times seven where five are meant to be, ten times five."""
    plots = [_many(7, n) for n in range(10)] + [_many(5, n) for n in range(10)]
    cases = both(plots, {"most": 5}, fetched, drawn_ones=(1, 5, 12))
    return [*cases, vtest(fetched, {}), bikes(fetched, {})]


def _many(count: int, number: int) -> Plot:
    feet = [(70.0 + 100 * n, 260.0 + 18 * number + 40 * (n % 2)) for n in range(count)]
    actors = tuple(stays(foot, since_s=2, until_s=14, size=PERSON_PX) for foot in feet)
    truths = (Truth(since_s=2, until_s=14),) if count > 5 else ()
    return Plot(actors=actors, seconds=16, truths=truths)


def person_down(fetched: Path) -> Sequence[Case]:
    """Ten walk, fall and lie; ten walk, crouch and go on."""
    plots = [_falls(n) for n in range(10)] + [_crouches(n) for n in range(10)]
    return [*both(plots, {}, fetched, drawn_ones=(1, 3, 5, 8, 12)), vtest(fetched, {}), bikes(fetched, {})]


def _falls(number: int) -> Plot:
    x, y = 150.0 + 45 * number, 280.0 + 15 * number
    shapes = [(0.0, x - 100, PERSON_PX), (4.0, x, PERSON_PX), (4.8, x + 10, LYING_PX), (20.0, x + 10, LYING_PX)]
    poses = tuple(Pose(at_s=at, foot=(foot, y), size=size) for at, foot, size in shapes)
    return Plot(actors=(Actor(poses=poses),), seconds=20, truths=(Truth(since_s=4.8, until_s=20),))


def _crouches(number: int) -> Plot:
    x, y, low = 150.0 + 40 * number, 280.0 + 15 * number, (40.0, 52.0)
    shapes = [(0.0, x - 100, PERSON_PX), (4.0, x, PERSON_PX), (4.5, x, low), (10.0, x, low), (10.5, x, PERSON_PX)]
    poses = [Pose(at_s=at, foot=(foot, y), size=size) for at, foot, size in shapes]
    goes_on = Pose(at_s=16, foot=(x + 120, y), size=PERSON_PX)
    return Plot(actors=(Actor(poses=(*poses, goes_on)),), seconds=18)


def fall_into_water(fetched: Path) -> Sequence[Case]:
    """Ten fall from the shore into the zone and are gone, ten walk along the shore; grass stands for water."""
    plots = [_drowns(n) for n in range(10)] + [_on_shore(n) for n in range(10)]
    cases = both(plots, {"zone": GRASS, "cooldown_s": 0}, fetched, drawn_ones=(1, 4, 7, 13))
    return [*cases, vtest(fetched, {"zone": LAWN, "cooldown_s": 0}, ON_LAWN)]


def _drowns(number: int) -> Plot:
    x = 60.0 + 16 * number
    shore, wet = (x, 340.0 + 0.28 * x), (x - 10, 410.0 + 0.28 * x)
    sinks = Pose(at_s=6.5, foot=wet, size=(34.0, 60.0))
    poses = (Pose(at_s=0, foot=(x + 60, shore[1]), size=PERSON_PX), Pose(at_s=4, foot=shore, size=PERSON_PX))
    actor = Actor(poses=(*poses, Pose(at_s=5, foot=wet, size=PERSON_PX), sinks))
    return Plot(actors=(actor,), seconds=16, truths=(Truth(since_s=4.3, until_s=12),))


def _on_shore(number: int) -> Plot:
    """Walk along the water, four pixels and more from it."""
    off = 345.0 - 3 * number
    return Plot(actors=(goes((20, off), (300, off + 80), speed=30 + 4 * number, size=PERSON_PX),), seconds=12)
