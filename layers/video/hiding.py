"""What of a camera's picture people must not see: a mask is drawn in one view, and hides nothing in another; pure."""

from collections.abc import Mapping, Sequence
from typing import Any


def private(masks: Sequence[Any]) -> list[Any]:
    """Return the masks that hide from people; what cannot be read may be one."""
    return [mask for mask in masks if not isinstance(mask, Mapping) or mask.get("kind") == "privacy"]


def hiding(masks: Sequence[Any], *, turns: bool, preset: str | None) -> list[Any] | None:
    """Return the masks that hold where a camera stands; None: all is hidden, for nobody told what must be.

    One that turns is hidden whole wherever no mask was drawn for it, once it has any: `preset` none while it moves.
    """
    found = private(masks)
    if not found or not turns:
        return found
    here = [mask for mask in found if preset is not None and isinstance(mask, Mapping) and mask.get("preset") == preset]
    return here or None
