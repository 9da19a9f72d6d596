"""What the register knows of a camera, as data: `data/register_fields.json`, and its sentences beside it."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from layers.values import Title

DATA = Path(__file__).parents[2] / "data"


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is told of a camera, what its column may be called, its unit, and between what it can lie."""

    name: str
    kind: Literal["text", "number", "date", "choice", "choices", "yes"]
    title: Title
    guess: tuple[str, ...] = ()
    unit: Literal["m", "deg", "px"] | None = None
    least: float | None = None
    most: float | None = None


@cache
def fields() -> tuple[Field, ...]:
    """Return all of them, in the order in which they are shown."""
    return msgspec.json.decode((DATA / "register_fields.json").read_bytes(), type=tuple[Field, ...])


@cache
def _words() -> dict[str, Title]:
    return msgspec.json.decode((DATA / "register_words.json").read_bytes(), type=dict[str, Title])


@cache
def _titles() -> dict[str, Title]:
    return {one.name: one.title for one in fields()}


def said(code: str, *, column: str | None = None, value: object = None) -> Title:
    """Return a sentence in three languages; KeyError where there is none of that code."""
    words, title = _words()[code], _titles().get(column or "")

    def filled(language: str) -> str:
        named = getattr(title, language) if title else (column or "…")
        told = "…" if value is None else str(value)
        return str(getattr(words, language)).replace("{column}", named).replace("{value}", told)

    return Title(kk=filled("kk"), ru=filled("ru"), en=filled("en"))
