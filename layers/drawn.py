"""What of a tile layer is drawn at a zoom, as SQL: a tile carries no row that its style would not draw there."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, true

from layers.layer import Layer, TileLook

# A tile of zoom z is drawn from z up to z + 1, and the deepest one at every zoom beyond.
_DEEPEST = 24.0
_Condition = ColumnElement[bool]


class _Unknown(Exception):
    """The filter says something this file cannot put as SQL."""


def drawn_at(layer: Layer, look: TileLook, z: int) -> _Condition:
    """Return the condition that some style layer draws the row at this tile's zoom; true where a filter is unknown."""
    top = _DEEPEST if z >= look.max_zoom else float(z + 1)
    styles = [s for s in look.style if s.get("minzoom", 0) < top and s.get("maxzoom", _DEEPEST) > z]
    return or_(false(), *(_filter(layer, style.get("filter", True), top) for style in styles))


def _filter(layer: Layer, expression: Any, top: float) -> _Condition:
    try:
        return _condition(layer, expression, top)
    except (_Unknown, KeyError, IndexError, TypeError, ValueError):
        return true()  # draw what cannot be judged: the client judges it again


def _condition(layer: Layer, expression: Any, top: float) -> _Condition:
    if isinstance(expression, bool):
        return true() if expression else false()
    operator, *parts = expression
    if operator in ("all", "any"):
        join = and_ if operator == "all" else or_
        return join(true() if operator == "all" else false(), *(_condition(layer, part, top) for part in parts))
    if operator == "!":
        return not_(_condition(layer, parts[0], top))
    if operator == "in":
        return _column(layer, parts[0]).in_(_literal(parts[1]))
    if parts[0] == ["zoom"]:
        return _zoom(operator, float(parts[1]), top)
    return _COMPARED[operator](_column(layer, parts[0]), parts[1])


def _zoom(operator: str, bound: float, top: float) -> _Condition:
    if operator in (">", ">="):  # it holds somewhere in the tile's zooms
        return true() if top > bound else false()
    raise _Unknown(operator)


def _column(layer: Layer, expression: Any) -> ColumnElement[Any]:
    if isinstance(expression, list) and len(expression) == 2 and expression[0] == "get":
        return layer.column(expression[1])
    raise _Unknown(expression)


def _literal(expression: Any) -> list[Any]:
    if isinstance(expression, list) and expression[0] == "literal":
        return list(expression[1])
    raise _Unknown(expression)


_COMPARED: Mapping[str, Callable[[ColumnElement[Any], Any], _Condition]] = {
    "==": lambda column, value: column == value,
    "!=": lambda column, value: column.is_distinct_from(value),
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
}
