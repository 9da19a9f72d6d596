"""Abandoned and removed objects: bags left, fetched again, watched over, taken away; footage without any."""

from collections.abc import Sequence
from pathlib import Path

from ingest.measuring.bags import Bag, Person
from ingest.measuring.clip import Case, Clip, Truth, footage
from ingest.measuring.filmed import staged
from ingest.values import Image

SETTINGS = {"after_s": 20.0, "cooldown_s": 0.0}
SPOTS = ((300, 400), (500, 280), (180, 480), (600, 330))
LIGHTS = (0.05, 0.4, 0.9)
LEFT_S, GONE_S, SECONDS = 14.0, 18.0, 60.0


def abandoned(fetched: Path) -> Sequence[Case]:
    """Return twelve bags left, what is no bag left, and the footage."""
    left = [_left(fetched, x, y, light, tell=True) for x, y in SPOTS for light in LIGHTS]
    return _cases([*left, *_harmless(fetched), *(_taken(fetched, x, y, tell=False) for x, y in SPOTS)], fetched)


def removed(fetched: Path) -> Sequence[Case]:
    """Return four bags taken away, twelve that are left, what is neither, and the footage."""
    left = [_left(fetched, x, y, light, tell=False) for x, y in SPOTS for light in LIGHTS]
    return _cases([*(_taken(fetched, x, y, tell=True) for x, y in SPOTS), *left, *_harmless(fetched)], fetched)


def _cases(clips: Sequence[Clip], fetched: Path) -> Sequence[Case]:
    film = footage(fetched / "vtest.avi", on="vtest.avi, nothing left, nothing taken")
    return [Case(clip=clip, settings=SETTINGS) for clip in (*clips, film)]


def _left(fetched: Path, x: int, y: int, light: float, *, tell: bool) -> Clip:
    bag = Bag(x=x, y=y, width=52, height=56, since_s=LEFT_S, light=light)
    owner = Person(x=x + 40, y=y, since_s=LEFT_S - 2, until_s=GONE_S)
    return _scene(fetched, bag, owner, f"left {x} {light}", "left in the empty scene of vtest.avi", tell=tell)


def _taken(fetched: Path, x: int, y: int, *, tell: bool) -> Clip:
    bag = Bag(x=x, y=y, width=52, height=56, since_s=-1, until_s=LEFT_S)
    thief = Person(x=x + 40, y=y, since_s=LEFT_S - 2, until_s=GONE_S)
    return _scene(fetched, bag, thief, f"taken {x}", "taken from the empty scene of vtest.avi", tell=tell)


def _harmless(fetched: Path) -> list[Clip]:
    """Return bags fetched again in time, watched over, too small, and a person who merely stands there."""
    said = "fetched again, watched over, too small, someone standing"
    x, y = SPOTS[0]
    owner, small = Person(x=x + 40, y=y, since_s=12, until_s=18), Bag(x=x, y=y, width=26, height=28, since_s=LEFT_S)
    bag, fetched_again = (Bag(x=x, y=y, width=52, height=56, since_s=14, until_s=until) for until in (99, 30))
    stays = Person(x=x + 40, y=y, since_s=12, until_s=99)
    scenes = (
        ("fetched", fetched_again, owner),
        ("watched", bag, stays),
        ("small", small, owner),
        ("stands", None, stays),
    )
    return [_scene(fetched, thing, who, name, said, tell=False) for name, thing, who in scenes]


def _scene(fetched: Path, bag: Bag | None, who: Person, key: str, said: str, *, tell: bool) -> Clip:
    def draw(image: Image, at_s: float) -> Image:
        return who.draw(bag.draw(image, at_s) if bag else image, at_s)

    truths = (Truth(since_s=GONE_S, until_s=SECONDS),) if tell else ()
    on = f"rendered bags {said}" if bag or not tell else said
    return staged(fetched / "vtest.avi", draw, who.found, on=on, key=key, seconds=SECONDS, truths=truths)
