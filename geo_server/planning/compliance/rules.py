"""The rules of installation as data: `data/camera_rules.json`."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from layers.values import Title

FILE = Path(__file__).parents[3] / "data" / "camera_rules.json"
NORM = "Almaty 213"

Module = Literal["every", "person", "plate", "situation"]  # what a camera is for: art. 3


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One demand: a fact of the camera, in `unit`, has to lie from `least` to `most`; `best` is what the norm advises.

    It is asked of cameras of the module `of`, of those with one of the functions `for`, and where the watched place is
    `when`. A yes is 1 and a no is 0. `mend` names what to do about it.
    """

    name: str
    article: str
    of: Module
    fact: str
    unit: Literal["m", "deg", "px", "px2", "share", "s", "lux", "yes"]
    mend: str
    title: Title
    for_: tuple[str, ...] = msgspec.field(name="for", default=())
    when: str | None = None
    least: float | None = None
    most: float | None = None
    best: float | None = None


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules in the order of their articles."""
    return msgspec.json.decode(FILE.read_bytes(), type=tuple[Rule, ...])
