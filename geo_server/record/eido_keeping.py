"""An EIDO as it can be kept: bounded, in letters and numbers that the store holds; pure."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST, MOST_VALUES = 64, 100_000  # what encloses what, and all that stands in it: an EIDO is six deep
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1  # what a whole number of JSON is written from
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class WrongEido(ValueError):
    """The document is no EIDO that can be taken; its words name the place in it, never what stands there."""


def kept(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it is kept: PostgreSQL's JSON holds neither NUL nor half a character; raises WrongEido."""
    for n, (value, depth) in enumerate(_walked(raw)):
        _check(value, depth, n)
    return {storable(str(key)): _kept(value) for key, value in raw.items()}


def storable(told: str) -> str:
    """Return what of a text the store can hold."""
    return _UNSTORABLE.sub("", told)


def _check(value: Any, depth: int, n: int) -> None:
    if depth > DEEPEST:
        raise WrongEido(f"nested more than {DEEPEST} deep")
    if n >= MOST_VALUES:
        raise WrongEido(f"more than {MOST_VALUES} values")
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongEido("a number that is not finite")
    if isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
        raise WrongEido("a whole number of more than 64 bits")


def _walked(raw: Any) -> Iterator[tuple[Any, int]]:
    """Tell every value with how deep it lies; by a list, as a document may be nested deeper than functions may call."""
    waiting = [(raw, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        waiting.extend((item, depth + 1) for item in inner)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _kept(item) for key, item in value.items()}
    return [_kept(item) for item in value] if isinstance(value, list) else value
