"""The map document: every layer with its look, so that a new layer needs no change in the windows."""

import dataclasses
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from geo_server.access.policy import operations_of
from geo_server.access.schema import AreaAnswer, OpenSession, TitleAnswer, area_answer
from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.geojson import to_json
from geo_server.api.tiles import TileStore
from geo_server.operations.catalogue import Catalogue, Category
from geo_server.operations.clocks import TITLES, warns_at
from geo_server.operations.content import Content
from geo_server.operations.plans import answer_target
from geo_server.plans import versions
from layers import features, opening
from layers.layer import Layer, TileLook
from layers.values import BBox

_TITLE = {"kk": "Қыран", "ru": "Қыран", "en": "Qyran"}
_WINDOW_PX = (1100, 800)  # the part of a screen the map is opened for
_REPUBLIC = BBox(west=46.5, south=40.5, east=87.4, north=55.5)


class TilesOfLayer(BaseModel):
    """A layer drawn from vector tiles; `style` holds MapLibre style layers without `source`."""

    kind: Literal["tiles"]
    url: str
    min_zoom: int
    max_zoom: int
    style: list[dict[str, Any]]


class DeckOfLayer(BaseModel):
    """A layer drawn by deck.gl from pydeck's JSON; its data is `live://{layer}`."""

    kind: Literal["deck"]
    deck: list[dict[str, Any]]


class LegendLine(BaseModel):
    """One line of a legend."""

    colour: str
    shape: str
    title: TitleAnswer


class LayerAnswer(BaseModel):
    """One layer of the map."""

    name: str
    title: TitleAnswer
    about: TitleAnswer
    live: Literal["never", "rows", "positions"]
    shown_at_start: bool
    legend: list[LegendLine]
    look: Annotated[TilesOfLayer | DeckOfLayer, Field(discriminator="kind")]


class Place(BaseModel):
    """A place, degrees WGS 84."""

    lon: float
    lat: float


class LabelAnswer(BaseModel):
    """A local word: what it means, and the services that say it (none: all)."""

    title: TitleAnswer
    means: dict[Literal["duty", "status"], str]
    services: list[str] = []


class AnswerTarget(BaseModel):
    """The target of answering a call, and when it warns, seconds after it began to ring."""

    title: TitleAnswer
    target_s: float
    warn_s: float


class MapAnswer(BaseModel):
    """The whole map as one document; bottom layer first."""

    title: TitleAnswer
    centre: Place
    bounds: list[float] = Field(min_length=4, max_length=4)
    zoom: float
    area: AreaAnswer
    may: list[str] = Field(description="The operations of the policy that this role does.")
    layers: list[LayerAnswer]
    kinds: dict[str, Any]
    groups: dict[str, Any]
    categories: dict[str, Any]
    questions: dict[str, Any]
    urgencies: dict[str, int] = Field(description="The ambulance's time to the scene by urgency, seconds.")
    regimes: dict[str, Any]
    plans: int = Field(description="The version of the plans that groups, categories, questions and regimes are of.")
    answer: AnswerTarget | None = Field(description="Within how long a call that rings is to be answered.")
    services: dict[str, Any]
    unit_kinds: dict[str, Any]
    skills: dict[str, Any] = Field(description="What crews can do and units carry, as plans may ask for it.")
    statuses: dict[str, dict[str, TitleAnswer]]
    labels: dict[str, LabelAnswer] = Field(description="Local words of services, and the duty or status each means.")


def map_router(layers: Iterable[Layer], data: Path) -> APIRouter:
    """Return the route of the map document; `data` is the folder of categories, kinds, services and statuses."""
    shown = tuple(layers)
    router = APIRouter(tags=["map"])

    @router.get("/map", response_model=MapAnswer, dependencies=[Depends(only())])
    async def the_map(request: Request, visiting: Annotated[Visiting, permitted("map.read")]) -> Response:
        """Return every layer the viewer's role sees with its look, and where the map opens."""
        viewer = visiting.viewer
        async with visiting.visit() as session:
            box = await opening.opening_box(session, viewer) or _REPUBLIC
            plans = chosen_from(await versions.current(session))
        store = cast(TileStore, request.app.state.tiles)
        seen = [layer for layer in shown if features.may_see(layer, viewer)]
        told = [_layer(layer, await store.versions.of(layer)) for layer in seen]
        return Response(
            to_json(_document(visiting.open_session, box, told) | _words(data) | plans), media_type="application/json"
        )

    return router


def zoom_for(box: BBox) -> float:
    """Return the MapLibre zoom (512-px tiles) at which the box fills the window, no deeper than 15."""
    wide = max(box.east - box.west, 1e-6) / 360
    high = max(_mercator(box.north) - _mercator(box.south), 1e-9)
    fits = min(math.log2(_WINDOW_PX[0] / 512 / wide), math.log2(_WINDOW_PX[1] / 512 / high))
    return round(max(2.0, min(15.0, fits)), 2)


def _mercator(lat: float) -> float:
    sine = math.sin(math.radians(max(-85.0, min(85.0, lat))))
    return 0.5 + math.atanh(sine) / (2 * math.pi)


def _document(session: OpenSession, box: BBox, layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": _TITLE,
        "centre": {"lon": (box.west + box.east) / 2, "lat": (box.south + box.north) / 2},
        "bounds": [box.west, box.south, box.east, box.north],
        "zoom": zoom_for(box),
        "area": area_answer(session.entered).model_dump(),
        "may": sorted(operations_of(session.account.role)),
        "layers": layers,
    }


def _layer(layer: Layer, version: str) -> dict[str, Any]:
    legend = [{"colour": e.colour, "shape": e.shape, "title": dataclasses.asdict(e.title)} for e in layer.legend]
    return {
        "name": layer.name,
        "title": dataclasses.asdict(layer.title),
        "about": dataclasses.asdict(layer.about),
        "live": layer.live,
        "shown_at_start": layer.shown_at_start,
        "legend": legend,
        "look": _look(layer, version),
    }


def _look(layer: Layer, version: str) -> dict[str, Any]:
    look = layer.look
    if not isinstance(look, TileLook):
        return {"kind": "deck", "deck": list(look.deck)}
    url = f"/api/tiles/{layer.name}/{{z}}/{{x}}/{{y}}?v={version}"
    zooms = {"min_zoom": look.min_zoom, "max_zoom": look.max_zoom}
    return {"kind": "tiles", "url": url, **zooms, "style": list(look.style)}


def chosen_from(known: Catalogue) -> dict[str, Any]:
    """Return what an incident is opened from: categories by group, in the newest version of the plans."""
    groups, regimes = known.content.groups, known.content.regimes
    return {
        "plans": known.version,
        "groups": {name: {"title": dataclasses.asdict(row.title.title())} for name, row in groups.items()},
        "categories": {category.name: _category(category) for category in known.categories.values()},
        "questions": {question.name: dataclasses.asdict(question) for question in known.questions.values()},
        "urgencies": dict(known.content.clocks.urgency),
        "regimes": {name.value: {"title": dataclasses.asdict(row.title.title())} for name, row in regimes.items()},
        "answer": _answer(known.content),
    }


def _answer(content: Content) -> dict[str, Any] | None:
    target = answer_target(content)
    if target is None:
        return None
    title = dataclasses.asdict(TITLES[target.clock])
    return {"title": title, "target_s": target.seconds, "warn_s": warns_at(target)}


def _category(category: Category) -> dict[str, Any]:
    return {
        "title": dataclasses.asdict(category.title),
        "group": category.group,
        "priority": category.priority,
        "urgency": category.urgency,
        "units": {service.value: count for service, count in category.units.items()},
        "asks": [question.name for question in category.questions],
    }


@cache
def _words(data: Path) -> dict[str, Any]:
    files = {"kinds": "event_kinds.json", "services": "services.json", "unit_kinds": "unit_kinds.json"}
    files |= {"skills": "skills.json", "statuses": "statuses.json", "labels": "labels.json"}
    return {name: orjson.loads((data / file).read_bytes()) for name, file in files.items()}
