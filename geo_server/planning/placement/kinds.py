"""Kinds of cameras that can be bought and what they are hung on, with usual prices: `data/camera_kinds.json`."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec

from layers.values import Title

FILE = Path(__file__).parents[3] / "data" / "camera_kinds.json"
Source = Literal["crossing", "post", "pole", "corner"]  # where a camera can hang
SOURCES: tuple[Source, ...] = get_args(Source)
Above = Annotated[float, msgspec.Meta(gt=0)]
Pixels = Annotated[int, msgspec.Meta(ge=16, le=20_000)]


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A camera as it is sold: the angles across that its lens can be set to, the heights it is hung at.

    One that turns looks to `presets` sides in turn, evenly around. What it costs is without what it hangs on.
    """

    name: str
    title: Title
    kind: Literal["fixed", "ptz"]
    price: Above
    width_px: Pixels
    height_px: Pixels
    lenses_deg: tuple[float, ...]
    heights_m: tuple[float, ...]
    range_m: Above
    infrared: bool
    wide_dynamic_range: bool
    presets: int = 1


class Mount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a camera hangs on, and what putting it up costs."""

    title: Title
    price: Annotated[float, msgspec.Meta(ge=0)]


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it, in one currency (ISO 4217)."""

    currency: str
    mounts: dict[Source, Mount]
    kinds: tuple[Kind, ...]


@cache
def offer() -> Offer:
    """Return what is offered where nobody says otherwise."""
    return msgspec.json.decode(FILE.read_bytes(), type=Offer)
