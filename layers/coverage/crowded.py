"""Crowded places: which buildings and places of the map are of which kind (`data/crowded_places.json`).

Almaty 213, art. 5 calls them by the criteria of the Government's decree 234 of 12 April 2021, item 5.
"""

from functools import cache
from pathlib import Path

import msgspec

from layers.values import Title

FILE = Path(__file__).parents[2] / "data" / "crowded_places.json"


class Crowded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of crowded place, the article that names it, and the kinds of buildings and places of the map it means."""

    title: Title
    article: str
    buildings: tuple[str, ...]
    places: tuple[str, ...]


@cache
def crowded() -> dict[str, Crowded]:
    """Return all kinds by name, in the order of the file."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Crowded])


@cache
def kind_of() -> dict[str, str]:
    """Return the kind of crowded place by the kind of building or place."""
    return {own: name for name, one in crowded().items() for own in (*one.buildings, *one.places)}
