"""Acts on cameras: turning one, holding it, letting it go."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.access.acts import Act, Actor


class CameraActs:
    """Draws them for one who acts."""

    def __init__(self, actor: "Actor") -> None:
        """Know who acts, and what they see."""
        self.of = actor

    def every(self) -> "list[Callable[[], Act]]":
        """Return all of them."""
        return [self.turn, self.hold, self.let_go]

    def turn(self) -> "Act":
        """Turn a camera: a fixed one, and one that is held above, says no."""
        command = self.of.rng.choice(({"kind": "stop"}, {"kind": "move", "pan": 0.5}))
        return self._one("ptz", 202, {"command": command})

    def hold(self) -> "Act":
        """Hold a camera."""
        return self._one("lock", 200, None)

    def let_go(self) -> "Act":
        """Let a camera go."""
        return self._one("lock", 204, None, method="DELETE")

    def _one(self, what: str, good: int, body: Any, *, method: str = "POST") -> "Act":
        id = self.of.some("camera")
        row = self.of.world.rows["camera"].get(id)
        theirs = method == "DELETE" or (row is not None and self.of.sight.owns(row))
        done = {good, 409} if theirs else {403, 409}  # a grant hands over a look, and no more
        return self.of.made("ptz", f"/api/cameras/{id}/{what}", "camera", id, done, body, method=method)
