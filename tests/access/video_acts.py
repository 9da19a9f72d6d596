"""Acts on video and on the hotlist: tickets, holds, exports, rules of cameras, entries."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.access.model import Row

if TYPE_CHECKING:
    from tests.access.acts import Act, Actor

WHY = {"X-Qyran-Purpose": f"reason:{quote('кража у остановки')}"}
GROUNDS = {"reason": "a theft at the stop", "legal_basis": "ERDR 1"}


class VideoActs:
    """Draws them for one who acts."""

    def __init__(self, actor: "Actor") -> None:
        """Know who acts, and what they see."""
        self.of = actor

    def every(self) -> "list[Callable[[], Act]]":
        """Return all of them."""
        return [
            self.watch, self.play, self.play_clip, self.hold, self.hold_incident, self.release, self.release,
            self.export, self.take_home, self.take_home, self.give_rules, self.calibrate, self.look_for, self.end,
        ]  # fmt: skip

    def watch(self) -> "Act":
        """Ask to watch a camera now."""
        id = self.of.some("camera")
        return self._made("watch", f"/api/cameras/{id}/tickets", "camera", id, {201}, {"kind": "live"})

    def play(self) -> "Act":
        """Ask to play what a camera kept: whole, or with its masks burnt in."""
        id = self.of.some("camera")
        return self._made("play", "/api/recordings/tickets", "camera", id, {201}, {"camera": id, **self._span()})

    def play_clip(self) -> "Act":
        """Ask to play the clip of an event: by who sees the event and the camera."""
        id = self.of.some("event")
        row = self.of.world.rows["event"].get(id)
        camera = None if row is None else row.told["camera_id"]
        seen = camera in self.of.sight.seen("camera")
        done = {404} if camera is None or not seen else {201}
        return self._made("play", "/api/recordings/tickets", "event", id, done, {"event": id})

    def hold(self) -> "Act":
        """Hold what a camera kept, for an incident that must be seen too."""
        id, incident = self.of.some("camera"), self.of.rng.choice((None, self.of.some("incident")))
        seen = incident is None or incident in self.of.sight.seen("incident")
        body: dict[str, Any] = {"cameras": [id], "incident": incident, **GROUNDS, **self._span()}
        done = {201} if seen else {404}
        return self._made("holds", "/api/recordings/holds", "camera", id, done, body, also=incident)

    def hold_incident(self) -> "Act":
        """Hold whatever cameras told of an incident, as far as they are seen."""
        id = self.of.some("incident")
        body = {"incident": id, **GROUNDS, **self._span()}
        return self._made("holds", "/api/recordings/holds", "incident", id, {201, 400}, body)

    def release(self) -> "Act":
        """Release a hold: on a camera that is theirs to answer for."""
        id = self.of.some("hold")
        row = self.of.world.rows["hold"].get(id)
        own = row is not None and self.of.sight.owns(self._camera(row.told["camera_id"]))
        done, body = {200} if own else {403}, {"reason": "it is over"}
        return self._made("release", f"/api/recordings/holds/{id}/release", "hold", id, done, body)

    def export(self) -> "Act":
        """Ask for the bytes of a camera and of one that is seen."""
        ids = [self.of.some("camera"), self.of.rng.choice([*self.of.sight.seen("camera"), self.of.some("camera")])]
        seen = all(id in self.of.sight.seen("camera") for id in ids)
        whole = all(self._whole(id) for id in ids)
        body = {"cameras": sorted(ids), **GROUNDS, **self._span()}
        done = {201} if whole else {403} if seen else {404}
        return self._made("exports", "/api/recordings/exports", "camera", ids[0], done, body, also=ids[1])

    def take_home(self) -> "Act":
        """Take an export home: who sees each of its cameras whole."""
        id = self.of.some("export")
        row = self.of.world.rows["export"].get(id)
        done = {201} if row is not None and all(self._whole(camera) for camera in row.told["camera_ids"]) else {403}
        if row is not None and row.told["state"] != "ready":
            done = {409}
        return self._made("exports", f"/api/recordings/exports/{id}/tickets", "export", id, done, None)

    def give_rules(self) -> "Act":
        """Give a camera rules and take its masks: one that is theirs to answer for, and that shows them all it has."""
        id = self.of.some("camera")
        row = self.of.world.rows["camera"].get(id)
        theirs = row is not None and self.of.sight.owns(row)
        done = {200} if theirs and self._shows_all(id) else {403}
        body: dict[str, Any] = {"rules": [], "masks": []}
        return self._made("rules", f"/api/cameras/{id}/rules", "camera", id, done, body, method="PUT")

    def calibrate(self) -> "Act":
        """Calibrate a camera: one that is theirs to answer for."""
        id = self.of.some("camera")
        row = self.of.world.rows["camera"].get(id)
        done = {200} if row is not None and self.of.sight.owns(row) else {403}
        pose = {"height_m": 8, "heading_deg": 0, "tilt_deg": 20, "hfov_deg": 60}
        body: dict[str, Any] = {"width_px": 640, "height_px": 360, "pose": pose}
        return self._made("calibrate", f"/api/cameras/{id}/calibration", "camera", id, done, body, method="PUT")

    def look_for(self) -> "Act":
        """Look for a plate in any area: one's own or one below it."""
        area = self.of.rng.choice(list(self.of.world.areas))
        ends = (self.of.world.now + timedelta(days=2)).isoformat()
        body = {"plate": "777AAA02", "kind": "stolen", "legal_basis": "ERDR 1", "owner": "who", "area_id": area}
        below = area in self.of.sight.below and self.of.world.areas[area].is_open
        done = {201, 409} if below and self.of.sight.may("look for") else {403}
        return self._act("look for", "/api/hotlist", done, {**body, "ends_at": ends}, named=set())

    def end(self) -> "Act":
        """End an entry."""
        id = self.of.some("wanted")
        return self._made("look for", f"/api/hotlist/{id}/end", "wanted", id, {200}, None)

    def _camera(self, id: int) -> Row:
        return self.of.world.rows["camera"][id]

    def _whole(self, id: int) -> bool:
        row = self.of.world.rows["camera"].get(id)
        return row is not None and self.of.sight.sees_whole(row)

    def _shows_all(self, id: int) -> bool:
        return self.of.sight.looker.role != "planner" or self._whole(id)

    def _span(self) -> dict[str, str]:
        now = self.of.world.now
        return {"begins_at": (now - timedelta(hours=2)).isoformat(), "ends_at": (now - timedelta(hours=1)).isoformat()}

    def _made(
        self, what: str, path: str, kind: str, id: int, done: set[int], body: Any, *, also: Any = None,
        method: str = "POST",
    ) -> "Act":  # fmt: skip
        allowed = {403} if not self.of.sight.may(what) else done if id in self.of.sight.seen(kind) else {404}
        named = {n for n in (id, also) if isinstance(n, int)}
        return self._act(f"{what} {kind}", path, allowed, body, method=method, named=named)

    def _act(self, what: str, path: str, done: set[int], body: Any, *, named: set[int], method: str = "POST") -> "Act":
        from tests.access.acts import Act

        return Act(
            what=what, path=path, allowed=frozenset(done), method=method, body=body, named=frozenset(named),
            headers=WHY,
        )  # fmt: skip
