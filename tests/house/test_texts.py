"""No text that a door takes brings the store what it cannot keep: a NUL, or half a character."""

from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import Field, ValidationError

from geo_server.api.models.base import Asked, all_storable, storable, storable_part
from geo_server.app import create_app
from geo_server.settings import Settings

CLEANED = {"/incidents/import"}  # another centre's document: what of its texts cannot be stored is left out of them


class Told(Asked):
    """A body of all kinds of texts."""

    text: str = ""
    texts: tuple[str, ...] = ()
    settings: dict[str, Any] = Field(default_factory=dict)


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "\ud800", "\udfff!"])
def test_neither_a_nul_nor_half_a_character_is_taken_wherever_it_stands(bad: str) -> None:
    for sent in (
        {"text": bad},
        {"texts": ["a", bad]},
        {"settings": {"a": [{bad: 1}]}},
        {"settings": {"a": {"b": bad}}},
    ):
        with pytest.raises(ValidationError):
            Told.model_validate(sent)
    assert storable_part(bad + "c", 9).endswith("c") and storable_part(bad, 9).isprintable()


def test_every_other_text_is_taken_as_it_is() -> None:
    for good in ("", "Қазақ 🦅", "\t\n\x1b", "%00", "\\u0000", "\ud7ff\ue000"):
        assert Told(text=good, texts=(good,), settings={good: good}).text == storable(good) == storable_part(good, 99)


def test_every_body_is_read_strictly() -> None:
    """What a route reads as JSON is a model of `Asked`; the pieces of a file are read as bytes and have none."""
    bodies = list(_bodies())
    assert len(bodies) > 50
    loose = {path for path, kind in bodies if not (isinstance(kind, type) and issubclass(kind, Asked))}
    assert loose == CLEANED


def _bodies() -> Iterator[tuple[str, Any]]:
    app = create_app(Settings(home=Path("nowhere"), database_url="postgresql:///nowhere"))
    for route in _flat(app.routes):
        if isinstance(route, APIRoute) and route.body_field is not None:
            told = route.body_field.field_info
            if all_storable not in [getattr(one, "func", None) for one in told.metadata]:
                yield from ((route.path, kind) for kind in _kinds(told.annotation))


def _kinds(told: Any) -> list[Any]:
    of = get_args(told) if isinstance(told, UnionType) else (told,)
    return [one for one in of if one is not NoneType]


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        included = getattr(route, "original_router", None)  # how FastAPI keeps a router that was included
        yield from [route] if included is None else _flat(included.routes)
