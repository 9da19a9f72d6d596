"""The one shape every layer has."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

import pydeck
from sqlalchemy import Column, ColumnElement, FromClause

from layers.values import Role, Title

EVERYONE = frozenset(Role)
Plain = pydeck.types.String  # a plain string: pydeck reads any other as an expression over the row


Shape = Literal[
    "circle", "ring", "square", "diamond", "triangle", "star", "cross", "flame", "pin", "arrow", "line", "dots", "area"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of a legend: a colour as #rrggbb, the shape it is drawn with, and what it means."""

    colour: str
    shape: Shape
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class TileLook:
    """Drawn by MapLibre from `/api/tiles/{layer}`: style layers without `source`, which the client fills in.

    In any string of the style `{language}` stands for the language of the window: kk, ru or en.
    `tile_fields` are the columns that travel in the tiles; below `min_zoom` no tile is drawn. Where the features are
    wider than a tile, `anchored` adds the source-layer `NAME-anchor`, one point a feature, for a name to stand once.
    """

    style: tuple[dict[str, Any], ...]
    min_zoom: int = 0
    max_zoom: int = 15
    tile_fields: tuple[str, ...] = ()
    anchored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckLook:
    """Drawn by deck.gl from pydeck's JSON; its data is `live://{layer}`, which the client keeps."""

    deck: tuple[dict[str, Any], ...]


def deck_layer(kind: str, *, id: str, **props: Any) -> dict[str, Any]:
    """Return deck.gl's JSON of one layer, written by pydeck; it holds no records, those are `live://`."""
    layer: dict[str, Any] = json.loads(pydeck.Layer(kind, id=id, **props).to_json())
    return layer


Look = TileLook | DeckLook
Live = Literal["never", "rows", "positions"]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)  # a room is itself
class Layer:
    """A room of the ground floor, as everyone outside it sees it.

    `rows` is the table or subquery that answers for the layer: it has `id`, `geom` (EPSG:4326) and `area_id`.
    `fields` are the columns that leave the house, in order; `time` names the one that `datetime` asks about.
    `live` says how it changes: never while running, row by row through the bell, or as position frames.
    `current` is the condition on `rows` for what stands on the live map now; the rest is history.
    `ground` marks the public ground of the map, streets and borders, which every viewer sees whole. `of_incident`
    names the column of the incident a row belongs to, `of_unit` that of the unit, for what a grant of one incident
    shows: its own rows, and the units bound to it. `also_areas` names the column of areas whose people read a row
    beside those of its own.
    """

    name: str
    title: Title
    about: Title
    rows: FromClause
    fields: tuple[str, ...]
    look: Look
    legend: tuple[LegendEntry, ...]
    time: str | None = None
    live: Live = "never"
    current: ColumnElement[bool] | None = None
    ground: bool = False
    of_incident: str | None = None
    of_unit: str | None = None
    also_areas: str | None = None
    seen_by: frozenset[Role] = field(default=EVERYONE)
    shown_at_start: bool = True

    def column(self, name: str) -> Column[Any]:
        """Return the column of that name; KeyError where the layer has none."""
        return self.rows.c[name]  # type: ignore[return-value]
