"""Labels that a model takes for one another: one and the same van is a car in this frame and a truck in the next."""

_KIN = {"truck": "car", "bus": "car"}


def kin(label: str) -> str:
    """Return the label that stands for all that a model takes for one another."""
    return _KIN.get(label, label)
