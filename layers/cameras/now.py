"""What a camera is at this moment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraNow:
    """The preset a camera stands at, whether it moves, whether the calibration it has there is broken."""

    preset: str | None = None
    moving: bool = False
    broken: bool = False
