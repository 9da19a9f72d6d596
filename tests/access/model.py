"""A pure reference of who sees what: no SQL, nothing of the server's policy or queries, the rules said once more.

Almaty 213, art. 7 and MIA 897 §6.5: a level sees all that is at or below it and nothing beside it; more only by a grant
that runs now, and only while it looks from its own area.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry

DESK = frozenset({"dispatcher", "commander"})
COMMANDERS = frozenset({"commander"})
OVERSEERS = frozenset({"commander", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})
EVERYONE = DESK | OVERSEERS | {"planner"}
MAY: Mapping[str, frozenset[str]] = {
    "decide": DESK, "open": DESK, "note": DESK, "close": DESK, "send": DESK, "advance": DESK, "escalate": DESK,
    "alarm": DESK, "tick": DESK, "answer_plan": DESK, "regime": COMMANDERS,
    "life": DESK, "take over": COMMANDERS, "caller": DESK, "callers": DESK, "give": OVERSEERS, "grants": OVERSEERS,
    "accounts": OVERSEERS, "sessions": ADMINISTRATORS, "sources": ADMINISTRATORS, "audit": OVERSEERS,
    "replayed": DESK | {"planner"},
    "notices": DESK, "calls": DESK, "contacts": OVERSEERS, "figures": COMMANDERS | {"planner"}, "past phone": DESK,
    "ptz": DESK, "hotlist": DESK | ADMINISTRATORS, "look for": OVERSEERS, "plates": DESK | ADMINISTRATORS,
    "recordings": DESK | {"planner"}, "watch": DESK | {"planner"}, "play": DESK | {"planner"},
    "holds": DESK, "exports": DESK, "release": COMMANDERS, "rules": ADMINISTRATORS | {"planner"},
    "calibrations": OVERSEERS | {"planner"}, "calibrate": OVERSEERS | {"planner"},
}  # fmt: skip
OVER = frozenset({"closed", "cancelled", "merged"})  # of an incident
UNBOUND = frozenset({"clear", "cancelled", "diverted", "refused"})  # of a dispatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A node of the tree; its shape is a box, as wide as west, south, east, north say."""

    id: int
    parent_id: int | None
    level: int
    is_open: bool
    box: tuple[float, float, float, float]

    def holds(self, at: Point) -> bool:
        """Say whether a place lies in it."""
        west, south, east, north = self.box
        return bool(west <= at.x <= east and south <= at.y <= north)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it truly stands: its area, its columns, its shape, and all words that belong to it."""

    kind: str
    id: int
    area_id: int | None
    told: Mapping[str, Any]
    shape: BaseGeometry | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that is there, whoever sees it."""

    areas: Mapping[int, Area]
    rows: Mapping[str, Mapping[int, Row]]
    now: datetime

    def path(self, area_id: int) -> tuple[int, ...]:
        """Return the area and all above it, the nearest first."""
        found: list[int] = []
        at: int | None = area_id
        while at is not None:
            found.append(at)
            at = self.areas[at].parent_id
        return tuple(found)

    def below(self, area_id: int) -> frozenset[int]:
        """Return the area and all below it."""
        return frozenset(other for other in self.areas if area_id in self.path(other))

    def area_at(self, at: Point) -> int:
        """Return the smallest open area at a place; what none covers is the Republic's."""
        here = [area for area in self.areas.values() if area.is_open and area.holds(at)]
        republic = next(area for area in self.areas.values() if area.level == 1 and area.is_open)
        return max(here, key=lambda area: area.level, default=republic).id


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Somebody signed in: what they do, what they answer for, and which area their session entered."""

    account_id: int
    session_id: int
    name: str
    role: str
    own: int
    entered: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody sees now: areas at or below the one entered, those granted, incidents, the units bound there."""

    world: World
    looker: Looker
    entered: int
    below: frozenset[int]
    areas: frozenset[int]
    incidents: frozenset[int]
    units: frozenset[int]

    @property
    def whole(self) -> bool:
        """Say whether it is the Republic's."""
        return self.world.areas[self.entered].level == 1

    def may(self, what: str) -> bool:
        """Say whether the role does that."""
        return self.looker.role in MAY.get(what, EVERYONE)

    def sees(self, row: Row) -> bool:
        """Say whether a row is theirs to see."""
        if row.kind == "call" and not self.may("calls"):
            return False
        if self.whole:
            return True
        told = row.told
        match row.kind:
            case "incident":
                return row.area_id in self.areas or row.id in self.incidents
            case "call" if _reads(row, self.areas):
                return True
            case "event" | "dispatch" | "call":
                return row.area_id in self.areas or told["incident_id"] in self.incidents
            case "unit":
                return row.area_id in self.areas or row.id in self.units
            case "fix" | "panic" | "was":
                return row.area_id in self.areas or told["unit_id"] in self.units
            case "link":  # from either end
                ends = (self.world.rows["incident"][told[end]] for end in ("incident_id", "other_id"))
                return any(self.sees(end) for end in ends)
            case "clock":  # with its incident
                return self.sees(self.world.rows["incident"][told["incident_id"]])
            case "camera" | "premises":
                return row.area_id in self.areas
            case (
                "recording"
                | "gap"
                | "recorder"
                | "hold"
                | "ticket"
                | "view"
                | "command"
                | "lock"
                | "lease"
                | "snapshot"
            ):
                return self.sees(self.world.rows["camera"][told["camera_id"]])
            case "clip":
                return self.sees(self.world.rows["event"][told["event_id"]])
            case "export":  # whose area it is, and who sees all of its cameras
                cameras = (self.world.rows["camera"][id] for id in told["camera_ids"])
                return row.area_id in self.below and all(self.sees(camera) for camera in cameras)
            case "grant":
                return told["area_id"] in self.below or told["to_area_id"] in self.below
            case "told":  # with its incident, or its panic; these worlds hold no test
                of = "panic" if told["panic_id"] else "incident"
                return self.sees(self.world.rows[of][told[f"{of}_id"]])
            case (
                "account" | "source" | "audit" | "contact" | "wanted"
            ):  # whoever is given a look is not given the administration
                return row.area_id in self.below
            case "session":
                return self.world.rows["account"][told["account_id"]].area_id in self.below
        raise AssertionError(row.kind)

    def owns(self, camera: Row) -> bool:
        """Say whether a camera is theirs to answer for: a grant hands over a look, and no more."""
        return self.whole or camera.area_id in self.below

    def sees_whole(self, camera: Row) -> bool:
        """Say whether they see what a camera shows without its privacy masks."""
        masked = any(mask["kind"] == "privacy" for mask in camera.told["masks"])
        return self.sees(camera) and not (masked and (self.looker.role == "planner" or not self.owns(camera)))

    def seen(self, kind: str) -> dict[int, Row]:
        """Return what they see of a kind, by id."""
        return {row.id: row for row in self.world.rows[kind].values() if self.sees(row)}


def _reads(call: Row, areas: frozenset[int]) -> bool:
    """Say whether one of these areas handed a call on that is open yet: it reads it still."""
    is_open = call.told["state"] != "ended" or call.told["outcome"] is None
    return is_open and not areas.isdisjoint(call.told["handed_from"] or ())


def sight_of(world: World, looker: Looker) -> Sight | None:
    """Return what somebody sees; None where their own area has closed: then every door is shut."""
    if not world.areas[looker.own].is_open:
        return None
    allowed = world.areas[looker.entered].is_open and looker.own in world.path(looker.entered)
    entered = looker.entered if allowed else looker.own
    below = world.below(entered)
    running = [g.told for g in world.rows["grant"].values() if entered == looker.own and runs(g, looker.own, world.now)]
    given = [world.below(g["area_id"]) for g in running if g["kind"] == "area"]
    incidents = frozenset(g["incident_id"] for g in running if g["kind"] == "incident")
    dispatches = (d.told for d in world.rows["dispatch"].values())
    units = {d["unit_id"] for d in dispatches if d["incident_id"] in incidents and d["status"] not in UNBOUND}
    return Sight(
        world=world,
        looker=looker,
        entered=entered,
        below=below,
        areas=below.union(*given),
        incidents=incidents,
        units=frozenset(units),
    )


def runs(grant: Row, to: int, now: datetime) -> bool:
    """Say whether a grant lets that very area see now."""
    told = grant.told
    return bool(told["to_area_id"] == to and told["revoked_at"] is None and told["begins_at"] <= now < told["ends_at"])


def may_enter(world: World, looker: Looker, area_id: int) -> bool:
    """Say whether somebody may enter an area: the own one or one below it, that is there and has not closed."""
    return area_id in world.areas and world.areas[area_id].is_open and looker.own in world.path(area_id)
