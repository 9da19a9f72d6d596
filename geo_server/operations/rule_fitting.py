"""Whether rules and masks fit the camera that they are given: its views, its picture, what its model tells; pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from geo_server.operations.checking import Fault
from layers.values import Title

Points = Sequence[Sequence[float]]
THINNEST_PX = 0.5  # a zone that is nowhere wider has no area that a foot could stand in
SAID_AT_MOST = 40  # letters of a name that somebody made up


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What a camera has: the labels of its model, its presets, its frame in pixels; None: not known.

    What stands in its `rules` and `masks` already goes on as it is, also where an older release took it.
    """

    labels: frozenset[str] | None = None
    presets: frozenset[str] | None = None
    size_px: tuple[int, int] | None = None
    rules: Sequence[Any] = ()
    masks: Sequence[Any] = ()


NOT_KNOWN = Fitting()


def rule_misfits(where: str, rule: Mapping[str, Any], camera: Fitting) -> Iterator[Fault]:
    """Return what of a rule, whose shape is sound, its camera could never use."""
    yield from _preset(f"{where}.preset", rule.get("preset"), camera)
    for name, value in rule.get("settings", {}).items():
        place = f"{where}.settings.{name}"
        if name == "labels":
            yield from _labels(place, value, camera)
        elif _is_drawn(value):
            yield from _drawn(place, value, camera)
    for index, mask in enumerate(rule.get("masks", ())):
        yield from mask_misfits(f"{where}.masks[{index}]", mask, camera)


def mask_misfits(where: str, mask: Mapping[str, Any], camera: Fitting) -> Iterator[Fault]:
    """Return what of a mask, whose shape is sound, would hide nothing."""
    yield from _preset(f"{where}.preset", mask.get("preset"), camera)
    yield from _drawn(f"{where}.polygon", mask["polygon"], camera)


def _labels(where: str, labels: Sequence[str], camera: Fitting) -> Iterator[Fault]:
    known = camera.labels
    for index, label in enumerate(labels):
        if known is not None and label not in known:
            name, there = label[:SAID_AT_MOST], ", ".join(sorted(known))
            yield _fault(
                f"{where}[{index}]",
                f"Модель «{name}» дегенді танымайды; танитындары: {there}.",
                f"Модель не различает «{name}»; она различает: {there}.",
                f"The model does not tell “{name}”; it tells {there}.",
            )


def _preset(where: str, preset: str | None, camera: Fitting) -> Iterator[Fault]:
    if preset is None or camera.presets is None or preset in camera.presets:
        return
    name = preset[:SAID_AT_MOST]
    yield _fault(
        where,
        f"Камерада «{name}» көрінісі жоқ.",
        f"У камеры нет вида «{name}».",
        f"The camera has no view “{name}”.",
    )


def _is_drawn(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, list | tuple) for one in value)


def _drawn(where: str, points: Points, camera: Fitting) -> Iterator[Fault]:
    """Return what is wrong with what was drawn: a line of two ends, a zone of more corners."""
    if len(points) > 2 and _is_flat(points):
        yield _fault(
            where,
            "Бұрыштары бір түзудің бойында: ауданы жоқ.",
            "Углы лежат на одной прямой: площади нет.",
            "Its corners lie on one line: it has no area.",
        )
    elif camera.size_px is not None and _is_outside(points, camera.size_px):
        wide, high = camera.size_px
        yield _fault(
            where,
            f"Түгелімен кескіннен тыс; кескін {wide} × {high} пиксель.",
            f"Целиком вне изображения; изображение {wide} × {high} пикселей.",
            f"It lies wholly outside the picture of {wide} by {high} pixels.",
        )


def _is_flat(corners: Points) -> bool:
    """Say whether corners lie on one line, which a figure that crosses itself does not for all its area of none."""
    x0, y0 = corners[0]
    arms = [(x - x0, y - y0) for x, y in corners]
    along = max(arms, key=lambda arm: math.hypot(*arm))
    longest = math.hypot(*along)
    return longest == 0 or max(abs(along[0] * y - along[1] * x) for x, y in arms) / longest < THINNEST_PX


def _is_outside(points: Points, size_px: tuple[int, int]) -> bool:
    drawn = shapely.LineString(points) if len(points) == 2 else shapely.make_valid(shapely.Polygon(points))
    return not shapely.intersects(drawn, shapely.box(0, 0, *size_px))


def _fault(where: str, kk: str, ru: str, en: str) -> Fault:
    return Fault(where=where, problem=Title(kk=kk, ru=ru, en=en))
