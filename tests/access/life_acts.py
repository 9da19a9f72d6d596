"""Acts on an incident's life: two incidents are touched only by who sees both."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapely import Point

if TYPE_CHECKING:
    from tests.access.acts import Act, Actor

_WHY = {"reason": "as told by phone"}


class LifeActs:
    """Draws them for one who acts."""

    def __init__(self, actor: "Actor") -> None:
        """Know who acts, and what they see."""
        self.of = actor

    def every(self) -> "list[Callable[[], Act]]":
        """Return all of them."""
        return [self.merge, self.merge, self.split, self.unmerge, self.link, self.unlink, self.relocate, self.end]

    def merge(self) -> "Act":
        """Merge an incident into another, which must be seen too; a granted one's events may stay beyond reach."""
        other = self.of.some("incident")
        return self._two("merge", other, {200, 400, 403, 409}, {"into_id": other, **_WHY})

    def link(self) -> "Act":
        """Link two incidents."""
        other = self.of.some("incident")
        body = {"other_id": other, "kind": self.of.rng.choice(("parent", "child", "related"))}
        return self._two("links", other, {201, 400, 409}, body)

    def unlink(self) -> "Act":
        """Undo a link."""
        other = self.of.some("incident")
        return self._two(f"links/{other}", other, {200}, None, method="DELETE")

    def split(self) -> "Act":
        """Split an event off, whose place must be in reach."""
        return self._one("split", {201, 403, 409}, {"event_ids": [self.of.some("event")], **_WHY})

    def unmerge(self) -> "Act":
        """Let a merged incident stand for itself again."""
        return self._one("split", {201, 400, 403, 409}, _WHY)

    def relocate(self) -> "Act":
        """Say that an incident is elsewhere, which must be in reach."""
        area = self.of.rng.choice(list(self.of.world.areas.values()))
        lon, lat = self.of.rng.uniform(area.box[0], area.box[2]), self.of.rng.uniform(area.box[1], area.box[3])
        inside = self.of.world.area_at(Point(lon, lat)) in self.of.sight.areas
        return self._one("place", {200 if inside else 403, 409}, {"place": {"lon": lon, "lat": lat}, **_WHY})

    def end(self) -> "Act":
        """Cancel it, open it again, or say where it stands."""
        what = self.of.rng.choice(("cancel", "reopen", "state"))
        return self._one(what, {200, 409}, {"state": "clearing"} if what == "state" else _WHY)

    def _one(self, what: str, done: set[int], body: Any) -> "Act":
        id = self.of.some("incident")
        return self.of.made("life", f"/api/incidents/{id}/{what}", "incident", id, done, body)

    def _two(self, what: str, other: int, done: set[int], body: Any, *, method: str = "POST") -> "Act":
        id = self.of.some("incident")
        allowed = done if id == other or other in self.of.sight.seen("incident") else {404}
        path = f"/api/incidents/{id}/{what}"
        return self.of.made("life", path, "incident", id, allowed, body, method=method, also=other)
