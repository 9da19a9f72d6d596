"""The map of the page: folium draws it, Leaflet shows it; both are in the page, and no tile is asked for."""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
import numpy as np
import orjson
import shapely

from geo_server.planning.reports import look
from geo_server.planning.reports.schema import Language, Shape, Told
from geo_server.planning.reports.words import number, percent, say

LEAFLET = Path(__file__).parent / "leaflet"
Style = Mapping[str, Any]


class _Map(folium.Map):  # type: ignore[misc] # folium has no types
    """A map that asks for no script and no style: the page has Leaflet's in it."""

    default_js: Sequence[tuple[str, str]] = ()
    default_css: Sequence[tuple[str, str]] = ()


@cache
def leaflet() -> tuple[str, str]:
    """Return Leaflet's script and style as they stand in a page; its pictures, which we do not use, are left out."""
    script = (LEAFLET / "leaflet.js").read_text(encoding="utf-8").replace("//# sourceMappingURL=leaflet.js.map", "")
    style = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    return script, "\n".join(line for line in style.splitlines() if "url(" not in line)


def drawn(told: Told) -> tuple[str, str]:
    """Return the map's element and its script."""
    say_ = _sayer(told.wanted.language)
    shown = _Map(tiles=None, prefer_canvas=True, control_scale=True, attribution_control=False)
    for group in _groups(told, say_):
        group.add_to(shown)
    folium.LayerControl(collapsed=False, position="topright").add_to(shown)
    box = told.bbox
    shown.fit_bounds([[box.south, box.west], [box.north, box.east]])
    figure = shown.get_root()
    figure.render()
    script = figure.script.render().replace("L.control.scale()", "L.control.scale({imperial: false})")
    return figure.html.render(), script


def _groups(told: Told, say_: Any) -> list[folium.FeatureGroup]:
    layers, language = told.layers, told.wanted.language
    ground = _group(say_("layer_ground"))
    for kind in ("green", "water"):
        of_kind = [one for one in layers["landcover"].shapes if one.told["kind"] == kind]
        _add(ground, of_kind, _fill(look.GROUND[kind], 1.0))
    for colour, weight in ((look.GROUND["edge"], 4), (look.GROUND["street"], 2.5)):
        _add(ground, layers["streets"].shapes, {"color": colour, "weight": weight, "fill": False})
    _add(ground, layers["buildings"].shapes, _fill(look.GROUND["building"], 1.0))
    seen = _group(say_("layer_coverage"))
    for n, colour in ((1, look.ONE), (2, look.MORE)):
        _add(seen, [one for one in layers["coverage"].shapes if one.told["cameras"] == n], _fill(colour, 0.55))
    unseen = _group(say_("layer_gaps"))
    for colour in look.GAPS:
        of_weight = [one for one in layers["gaps"].shapes if look.of_weight(one.told["weight"]) == colour]
        _add(unseen, of_weight, _fill(colour, 0.55), [_gap_told(one, language) for one in of_weight])
    areas = _group(say_("layer_areas"))
    names = {one.area.id: getattr(one.area.name, language) for one in told.areas}
    borders = layers["areas"].shapes
    line = {"color": look.BORDER, "weight": 1.6, "fill": False}
    _add(
        areas, borders, line, [f"{names.get(one.told['id'], '')}: {percent(one.told['seen'], 1.0)}" for one in borders]
    )
    cameras = _group(say_("layer_cameras"))
    for blind, colour in ((False, look.CAMERA), (True, look.UNSEEING)):
        these = [one for one in layers["cameras"].shapes if (one.told["reason"] is not None) is blind]
        dot = {"color": "#fff", "weight": 1, "fillColor": colour, "fillOpacity": 1.0, "radius": 4}
        _add(cameras, these, dot, [_camera_told(one, language) for one in these])
    return [ground, areas, seen, unseen, cameras]


def _group(name: str) -> folium.FeatureGroup:
    return folium.FeatureGroup(name=escape(name))


def _add(group: folium.FeatureGroup, shapes: Sequence[Shape], style: Style, tips: Sequence[str] | None = None) -> None:
    """Add shapes of one style; those without a tip of their own as one, which draws and weighs less."""
    if not shapes:
        return
    found = shapely.transform(shapely.from_wkb([one.wkb for one in shapes]), lambda at: np.round(at, 6))
    if tips is None:
        found, tips = np.array([shapely.geometrycollections(shapely.get_parts(found))]), [""]
    features = [
        {"type": "Feature", "id": str(n), "geometry": orjson.loads(shape), "properties": {"tip": escape(tip)}}
        for n, (shape, tip) in enumerate(zip(shapely.to_geojson(found), tips, strict=True))
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda _: style,
        marker=folium.CircleMarker(**_marker(style)) if "radius" in style else None,
        tooltip=folium.GeoJsonTooltip(fields=["tip"], labels=False, sticky=True) if any(tips) else None,
        control=False,
    ).add_to(group)


def _marker(style: Style) -> dict[str, Any]:
    return {"radius": style["radius"], "fill": True}


def _fill(colour: str, opacity: float) -> Style:
    return {"stroke": False, "fillColor": colour, "fillOpacity": opacity, "fillRule": "evenodd"}


def _gap_told(gap: Shape, language: Language) -> str:
    weight, ha = number(gap.told["weight"], language, 1), number(gap.told["ground_m2"] / 10_000, language, 2)
    return say("tip_gap", language, w=weight, ha=ha)


def _camera_told(camera: Shape, language: Language) -> str:
    told = camera.told
    height = [] if told["height_m"] is None else [say("height_m", language, n=number(told["height_m"], language, 1))]
    reason = [] if told["reason"] is None else [say(told["reason"], language)]
    return " · ".join([told["code"], told["name"], *height, *reason])


def _sayer(language: Language) -> Any:
    return lambda word: say(word, language)
