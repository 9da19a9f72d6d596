"""What a role does not need is masked in the answer, so that it never reaches the window."""

import re
from collections.abc import Mapping
from typing import Any

from layers.hotlist.schema import HIT

_DIGIT = re.compile(r"\d")
_MESSAGES = frozenset({"crew_message", "desk_message"})
_PLATE_KEYS = frozenset({"plate", "entry", "legal_basis", "owner"})
_CALLER_KEYS = frozenset({"caller", "caller_name", "caller_phone", "phone"})


def masked_phone(phone: str | None) -> str | None:
    """Return a phone of which the country, the first digit after it and the last two stay: `+7 7** *** ** 12`."""
    if phone is None:
        return None
    digits = "".join(_DIGIT.findall(phone))
    if len(digits) == 11 and digits[0] in "78":  # Kazakhstan, with the trunk 8 or the country's 7
        return f"+7 {digits[1]}** *** ** {digits[-2:]}"
    return "*" * max(len(digits) - 2, 3) + (digits[-2:] if len(digits) > 4 else "")


def masked_name(name: str | None) -> str | None:
    """Return the first letter of a name; how long it is stays unsaid."""
    return None if name is None else f"{name.strip()[:1]}•••"


def is_masked(text: str) -> bool:
    """Say whether a phone or a name is one as it is shown masked, and so not what anybody is called by."""
    return "*" in text or "•" in text


def masked_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of a call's record with who rings masked."""
    masks = {"phone": masked_phone, "caller_name": masked_name}
    return {key: masks[key](told) if key in masks else told for key, told in details.items()}


def without_message(kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line of the log tells, without the words that crew and desk wrote to each other."""
    return {key: value for key, value in details.items() if kind not in _MESSAGES or key != "text"}


def without_plate(kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's details without the plate that was looked for, and on whose grounds."""
    return {key: value for key, value in details.items() if kind != HIT or key not in _PLATE_KEYS}


def without_caller(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's details without who called."""
    return {key: value for key, value in details.items() if key not in _CALLER_KEYS}
