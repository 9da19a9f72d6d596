"""How a report is coloured, on the screen and on paper alike: light, as it is printed."""

from collections.abc import Mapping

BACKGROUND = "#f4f5f2"
ONE, MORE = "#7fcca4", "#2b8a5c"
GAPS = ("#efc9c4", "#eaa39b", "#e2695f", "#b3261e")  # by weight
WEIGHTS = (1.0, 3.0, 10.0)  # where the next colour begins: incidents to be expected
CAMERA, UNSEEING = "#1f4e8c", "#b36b00"
BORDER = "#4a4f57"
GROUND: Mapping[str, str] = {
    "water": "#bcd7ea",
    "green": "#d9e8d0",
    "building": "#d5d3cd",
    "street": "#ffffff",
    "edge": "#c3c1ba",  # of a street, so that it stands out from the ground
}
LITTLE, MUCH = (226, 105, 95), (43, 138, 92)


def of_weight(weight: float) -> str:
    """Return the colour of a gap."""
    return GAPS[sum(weight >= begins for begins in WEIGHTS)]


def between(share: float) -> tuple[int, int, int]:
    """Return the colour of a share, 0 to 1, from little to much."""
    part = min(max(share, 0.0), 1.0)
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(LITTLE, MUCH, strict=True))
    return red, green, blue
