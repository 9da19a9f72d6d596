"""What a random world holds of video: recordings, holds, clips, exports, tickets, commands; and the hotlist."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, LiteralString

from psycopg.types.json import Jsonb

from layers.video.schema import digest

if TYPE_CHECKING:
    from tests.access.world import Builder

VIDEO_TABLES: Mapping[str, LiteralString] = {
    "wanted": "hotlist_entry", "recording": "recording", "gap": "recording_gap", "hold": "legal_hold",
    "export": "video_export", "ticket": "video_ticket", "view": "video_view", "command": "camera_command",
    "clip": "(SELECT event_id AS id, * FROM event_clip) clip",
    "recorder": "(SELECT camera_id AS id, * FROM recording_state) recorder",
    "lock": "(SELECT camera_id AS id, camera_id, account, rank FROM camera_lock) held",
    "lease": "(SELECT camera_id AS id, * FROM camera_lease) lease",
    "snapshot": "(SELECT camera_id AS id, * FROM camera_snapshot) snapshot",
}  # fmt: skip
VIDEO_SEQUENCED = (
    "hotlist_entry", "recording", "recording_gap", "legal_hold", "video_export", "video_ticket", "video_view",
    "camera_command",
)  # fmt: skip
# What a row names of another that may lie out of sight of whoever sees the row: it is told to who sees that one too.
TOLD_APART: Mapping[str, frozenset[str]] = {
    "hold": frozenset({"incident_id", "event_id"}),
    "export": frozenset({"incident_id"}),
}
RECORDED = timedelta(minutes=5)


class VideoRows:
    """Writes them for one builder of a world."""

    def __init__(self, of: "Builder") -> None:
        """Know whose world."""
        self.of, self.rng = of, of.rng

    def wanted(self) -> list[int]:
        """Look for plates, each written with the id of its entry."""
        ids = self.of.ids("hotlist_entry", 12)
        places = {id: self.of.id_of(self.rng.randrange(len(self.of.areas))) for id in ids}
        rows = (
            {"id": id, "plate": f"P{id}", "legal_basis": f"basis {id}", "owner": f"owner {id}", "area_id": area}
            for id, area in places.items()
        )
        also: dict[str, LiteralString] = {"kind": "'stolen'", "created_by": "'x'"}
        begins: LiteralString = "now() - interval '1 day'"
        self.of.insert("hotlist_entry", rows, **also, begins_at=begins, ends_at="now() + interval '9 days'")
        return ids

    def build(self, cameras: list[int], incidents: list[int], events: list[int]) -> None:
        """Write everything but the hotlist, which must stand before its hits."""
        self._recordings(cameras)
        self._holds(cameras, incidents, events)
        self._clips()
        self._exports(cameras, incidents)
        self._tickets(cameras)
        self._asked(cameras)

    def _recordings(self, cameras: list[int]) -> None:
        ids = self.of.ids("recording", len(cameras))
        rows = (
            {"id": id, "camera_id": camera, "path": f"r/{id}.mp4", "begins_at": at, "ends_at": at + RECORDED}
            for id, camera in zip(ids, cameras, strict=True)
            for at in (self._ago(),)
        )
        also: dict[str, LiteralString] = {"bytes": "9", "init_bytes": "1", "codec": "'avc1'", "retention": "'public'"}
        self.of.insert("recording", rows, **also)
        gaps = zip(self.of.ids("recording_gap", len(cameras)), cameras, strict=True)
        rows = ({"id": id, "camera_id": camera, "begins_at": self._ago()} for id, camera in gaps)
        self.of.insert("recording_gap", rows, reason="'no_footage'")
        states = ({"camera_id": camera, "sentence": f"no disk for {camera}"} for camera in cameras)
        self.of.insert("recording_state", states, at="now()", state="'failing'")

    def _holds(self, cameras: list[int], incidents: list[int], events: list[int]) -> None:
        rows = (
            {
                "id": id, "camera_id": self.rng.choice(cameras), "incident_id": self.rng.choice((None, *incidents)),
                "event_id": self.rng.choice((None, *events)), "begins_at": at, "ends_at": at + RECORDED,
                "reason": f"why {id}", "legal_basis": f"basis {id}", "set_by": f"by {id}",
            }
            for id in self.of.ids("legal_hold", 14)
            for at in (self._ago(),)
        )  # fmt: skip
        self.of.insert("legal_hold", rows)

    def _clips(self) -> None:
        asked = """INSERT INTO event_clip (event_id, camera_id, begins_at, ends_at, state, path, bytes, codec, made_at)
            SELECT id, camera_id, at, at + interval '20 s', 'ready', 'c/' || id, 9, 'avc1', now()
              FROM event WHERE camera_id IS NOT NULL"""
        self.of.link.execute(asked)

    def _exports(self, cameras: list[int], incidents: list[int]) -> None:
        rows = (
            {
                "id": id, "asked_by": f"by {id}", "area_id": self.of.id_of(self.rng.randrange(len(self.of.areas))),
                "incident_id": self.rng.choice((None, *incidents)), "reason": f"why {id}",
                "legal_basis": f"basis {id}", "camera_ids": self.rng.sample(cameras, self.rng.randint(1, 2)),
                "begins_at": at, "ends_at": at + RECORDED, "state": "ready" if id % 2 else "waiting",
            }
            for id in self.of.ids("video_export", 16)
            for at in (self._ago(),)
        )  # fmt: skip
        self.of.insert("video_export", rows, account_id="1")

    def _tickets(self, cameras: list[int]) -> None:
        ids = self.of.ids("video_ticket", 10)
        told = {id: {"camera_id": self.rng.choice(cameras), "account": f"who {id}"} for id in ids}
        also: dict[str, LiteralString] = {"account_id": "1", "session_id": "1", "masked": "false", "kind": "'live'"}
        rows = ({"id": id, "token_sha256": digest(f"{id}"), **row} for id, row in told.items())
        self.of.insert("video_ticket", rows, **also, watermark="'x'")
        views = zip(self.of.ids("video_view", len(ids)), told.items(), strict=True)
        rows = ({"id": id, "ticket_id": ticket, **row} for id, (ticket, row) in views)
        self.of.insert("video_view", rows, kind="'live'", masked="false")

    def _asked(self, cameras: list[int]) -> None:
        """Let cameras be turned, held, leased and looked at."""
        ids = self.of.ids("camera_command", 12)
        rows = [{"id": id, "camera_id": self.rng.choice(cameras), "asked_by": f"by {id}"} for id in ids]
        done: dict[str, LiteralString] = {"outcome": "'done'", "done_at": "now()"}
        self.of.insert("camera_command", rows, kind="'stop'", asked_rank="1", **done)
        some = self.rng.sample(cameras, len(cameras) // 2)
        self.of.insert("camera_lock", ({"camera_id": id} for id in some))
        self.of.insert("camera_lease", ({"camera_id": id, "shard": f"shard {id}"} for id in some), epoch="1")
        self.of.insert("camera_snapshot", ({"camera_id": id, "asked_by": f"by {id}"} for id in some))

    def _ago(self) -> datetime:
        return self.of.now - timedelta(seconds=self.rng.randint(3600, 86_400))


def hit_of(entry: int) -> Jsonb:
    """Return the details of an event that is a hit of an entry."""
    told = {"entry": entry, "plate": f"P{entry}", "wanted": "stolen", "merged": 0}
    return Jsonb({**told, "legal_basis": f"basis {entry}", "owner": f"owner {entry}"})
