"""Why a camera is in its state: a code with its details, and the sentences of it in three languages."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from layers.values import Title

FILE = Path(__file__).parents[2] / "data" / "camera_reasons.json"
MOST_TEXT = 300
Detail = str | int | float


class Reason(msgspec.Struct, frozen=True):
    """A code of data/camera_reasons.json, and what stands in the gaps of its sentences."""

    code: str
    details: dict[str, Detail] = {}


@cache
def sentences() -> dict[str, Title]:
    """Return the sentences by code, with their gaps."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Title])


def message(reason: Reason) -> Title:
    """Return what is said of a reason. KeyError for a code that is not in the table."""
    said = sentences()[reason.code]
    kk, ru, en = (each.format(**reason.details) for each in (said.kk, said.ru, said.en))
    return Title(kk=kk, ru=ru, en=en)


def in_english(reasons: Sequence[Reason]) -> str | None:
    """Return the sentences for logs and the shell; None where there is none."""
    return " ".join(message(one).en for one in reasons) or None


def storable(reason: Reason) -> Reason:
    """Return a reason that the store takes: it may repeat a piece of a row, as long and as odd as that is."""
    return Reason(reason.code, {name: _plain(detail) for name, detail in reason.details.items()})


def stored(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return reasons as they stand in a row."""
    told: list[dict[str, Any]] = msgspec.to_builtins([storable(one) for one in reasons])
    return told


def read(told: Any) -> tuple[Reason, ...]:
    """Return the reasons of a row; those that an older or a newer release wrote and this one has no words for go."""
    return tuple(one for one in msgspec.convert(told, list[Reason]) if _is_sayable(one))


def _is_sayable(reason: Reason) -> bool:
    try:
        message(reason)
    except (KeyError, ValueError):
        return False
    return True


def _plain(detail: Detail) -> Detail:
    if not isinstance(detail, str):
        return detail
    return "".join(letter if letter.isprintable() else "�" for letter in detail[:MOST_TEXT])
