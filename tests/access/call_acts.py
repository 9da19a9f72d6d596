"""Acts on calls: taking one, writing down, opening an incident from it, joining one, ending it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.access.acts import Act, Actor


class CallActs:
    """Draws them for one who acts."""

    def __init__(self, actor: "Actor") -> None:
        """Know who acts, and what they see."""
        self.of = actor

    def every(self) -> "list[Callable[[], Act]]":
        """Return all of them."""
        return [self.answer, self.write, self.open, self.join, self.end, self.hand]

    def answer(self) -> "Act":
        """Take a call."""
        return self._one("answer", {200, 409}, None)

    def write(self) -> "Act":
        """Write down what was said, and where it is: never where one no longer sees it."""
        area = self.of.rng.choice(list(self.of.world.areas.values()))
        lon, lat = self.of.rng.uniform(area.box[0], area.box[2]), self.of.rng.uniform(area.box[1], area.box[3])
        body = {"said": "as told by phone", "place": {"lon": lon, "lat": lat}}
        return self._one("", {200, 403, 409}, body, method="PATCH")

    def open(self) -> "Act":
        """Open an incident from a call; its place must be in reach."""
        return self._one("incident", {201, 400, 403, 409}, {"category": "theft"})

    def join(self) -> "Act":
        """Join a call to an incident, which must be seen too."""
        incident = self.of.some("incident")
        seen = incident in self.of.sight.seen("incident")
        return self._one("join", {200, 409} if seen else {404, 409}, {"incident_id": incident}, also=incident)

    def end(self) -> "Act":
        """End a call."""
        return self._one("end", {200, 409}, {"outcome": "no_action", "reason": "a child played"})

    def hand(self) -> "Act":
        """Hand a call to any area; who handed it on before only reads it."""
        area = self.of.rng.choice((*self.of.world.areas, 999_999))
        return self._one("hand", {200, 404, 409}, {"area_id": area, "reason": "it comes from there"})

    def _one(self, what: str, done: set[int], body: Any, *, method: str = "POST", also: int | None = None) -> "Act":
        id = self.of.some("call")
        path = f"/api/calls/{id}/{what}".rstrip("/")
        return self.of.made("calls", path, "call", id, done, body, method=method, also=also)
