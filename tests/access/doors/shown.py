"""The layers as the reference knows them: of which rows each is, and what of it the map draws."""

from dataclasses import dataclass
from datetime import timedelta

from shapely import Point
from shapely.geometry import LineString

from tests.access.model import OVER, UNBOUND, Row, Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A protected layer: of which rows it is, by which table the same is asked, what of it the map draws."""

    kind: str
    table: str
    time: str = ""
    current: str = ""
    min_zoom: int = 0
    measured: bool = True

    def is_over(self, row: Row) -> bool:
        """Say whether the map draws it no more."""
        match self.kind:
            case "event":
                return bool(row.told["state"] != "new")
            case "incident":
                return row.told["state"] in OVER
            case "call":
                return bool(row.told["state"] == "ended" and row.told["outcome"])
            case "dispatch":
                return row.told["status"] in UNBOUND
            case "premises" | "panic":
                return row.told["ended_at"] is not None
        return False

    def rows(self, sight: Sight) -> list[Row]:
        """Return what of it somebody sees, by id."""
        if self.table.startswith("(SELECT u.id, max"):
            return _tracks(sight)
        rows = sorted(sight.seen(self.kind).values(), key=lambda row: row.id)
        return [_placed(row) for row in rows if "position" in row.told] if self.kind == "unit" else rows


LAYERS = {
    "cameras": Shown(kind="camera", table="camera", min_zoom=9),
    "events": Shown(kind="event", table="event", time="at", current="state = 'new'"),
    "premises": Shown(
        kind="premises", table="premises_note", time="made_at", current="ended_at IS NULL", measured=False
    ),
    "incidents": Shown(
        kind="incident", table="incident", time="opened_at", current="state NOT IN ('closed', 'cancelled', 'merged')"
    ),
    "calls": Shown(kind="call", table="call", time="rang_at", current="(state <> 'ended' OR outcome IS NULL)"),
    "dispatches": Shown(
        kind="dispatch", table="dispatch", time="dispatched_at",
        current="status NOT IN ('clear', 'cancelled', 'diverted', 'refused')",
    ),
    "units": Shown(
        kind="unit", time="at", measured=False,
        table="(SELECT u.id, p.at, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) AS geom"
        " FROM unit u JOIN unit_position p ON p.unit_id = u.id) shown",
    ),
    "panics": Shown(kind="panic", table="panic", time="raised_at", current="ended_at IS NULL", measured=False),
    "tracks": Shown(
        kind="unit", time="at", min_zoom=11, measured=False,
        table="(SELECT u.id, max(t.at) AS at, ST_MakeLine(t.geom ORDER BY t.at) AS geom FROM unit u JOIN track t"
        " ON t.unit_id = u.id AND t.at > now() - interval '30 min' GROUP BY u.id HAVING count(*) > 1) shown",
    ),
}  # fmt: skip


def _placed(row: Row) -> Row:
    told = {**row.told, "at": row.told["position"]["at"]}
    return Row(kind="unit", id=row.id, area_id=row.area_id, told=told, shape=row.shape)


def _tracks(sight: Sight) -> list[Row]:
    """Return the lines of units that are seen, through those of their fixes that are seen."""
    fixes: dict[int, list[Row]] = {}
    for fix in sight.seen("fix").values():
        if fix.told["at"] > sight.world.now - timedelta(minutes=30):
            fixes.setdefault(fix.told["unit_id"], []).append(fix)
    found = []
    for id, unit in sorted(sight.seen("unit").items()):
        line = sorted(fixes.get(id, []), key=lambda fix: fix.told["at"])
        if len(line) > 1:
            shape = LineString([(fix.shape.x, fix.shape.y) for fix in line if isinstance(fix.shape, Point)])
            told = {**unit.told, "at": line[-1].told["at"]}
            found.append(Row(kind="unit", id=id, area_id=unit.area_id, told=told, shape=shape))
    return found
