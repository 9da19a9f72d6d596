"""What a camera is at this moment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraNow:
    """The preset a camera stands at, whether it moves or was turned away from how it hung when that was calibrated.

    `broken` is the calibration that it has there.
    """

    preset: str | None = None
    moving: bool = False
    turned: bool = False
    broken: bool = False
