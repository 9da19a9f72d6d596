"""Who may do what: one table, operation × role × scope × fields. What it does not name, no door does.

Every route, socket message, tile and export names its operation; `tests/house/test_policy.py` fails on one that does
not, and on an operation that nobody uses. Which rows an operation reaches, the store itself holds (decision 10).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from geo_server.errors import Refusal
from layers.values import Role

# Anyone: no session asked. Ground: the public map, whole for every account. Area: the area entered, all below it, and
# what was granted to it. Self: one's own account and session alone; of a crew its unit, and what that is bound to.
Scope = Literal["anyone", "ground", "area", "self"]
# Each: every time, in the same transaction. Once: the first time in a session and an area, and of each row that it is
# about, for what windows ask again and again. Never: what is public, and what is asked for by the second while a listed
# look stands above it.
Audit = Literal["each", "once", "never"]
Field = Literal["caller"]

_ALL = frozenset(Role)
_CREW = frozenset({Role.CREW})
_PEOPLE = _ALL - _CREW  # whoever looks at a territory; a crew looks at its own page
_DISPATCHER, _COMMANDER, _PLANNER, _ADMINISTRATOR = (
    frozenset({role}) for role in (Role.DISPATCHER, Role.COMMANDER, Role.PLANNER, Role.ADMINISTRATOR)
)
_DESK = _DISPATCHER | _COMMANDER  # Almaty 213, art. 21-24; MIA 897 §6.5: a commander may do what is done below


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the table.

    `step_up` asks for a second proof of who it is, not older than ten minutes; `purpose` for an incident or a stated
    reason; `unmasked` names the fields that the answer shows whole, which every other answer masks.
    """

    roles: frozenset[Role] = _ALL
    scope: Scope = "area"
    audit: Audit = "each"
    step_up: bool = False
    purpose: bool = False
    unmasked: frozenset[Field] = frozenset()


def _open() -> Rule:
    return Rule(scope="anyone", audit="never")


def _look(roles: frozenset[Role] = _PEOPLE, *, audit: Audit = "once") -> Rule:
    return Rule(roles=roles, audit=audit)


def _act(roles: frozenset[Role], *, step_up: bool = False) -> Rule:
    return Rule(roles=roles, step_up=step_up)


def _own(*, step_up: bool = False, audit: Audit = "each") -> Rule:
    return Rule(scope="self", step_up=step_up, audit=audit)


POLICY: dict[str, Rule] = {
    # ── for anyone who reaches the port ──
    "health.read": _open(),
    "api.describe": _open(),
    "session.open": _open(),  # it writes its own entries: who tried, from where, and how it ended
    "session.providers": _open(),
    # ── one's own session ──
    "session.own": _own(audit="never"),
    # ── the map ──
    "map.read": _look(_ALL, audit="each"),  # to a crew, as of tiles, the public ground alone
    "collections.read": Rule(roles=_PEOPLE, scope="area", audit="never"),  # names and extents, within the scope
    "ground.read": Rule(scope="ground", audit="never"),
    "features.read": _look(audit="each"),  # a page of features is an export: QGIS takes it home
    "tiles.read": _look(_ALL),
    "live.listen": _look(audit="each"),
    # ── events, incidents, units ──
    "events.list": _look(),
    "events.read": _look(audit="each"),
    "events.picture": _look(audit="each"),
    "events.decide": _act(_DESK),
    "incidents.list": _look(),
    "incidents.read": _look(audit="each"),
    "incidents.history": _look(audit="each"),
    "incidents.past": _look(audit="each"),
    "incidents.past_phone": Rule(roles=_DESK, purpose=True),
    "incidents.premises": _look(audit="each"),
    "incidents.cameras": _look(),  # where they stand: what they show is asked for by itself
    "cameras.health": _look(_PEOPLE),  # how they fare; what they show is asked for by itself
    "cameras.seeing": _look(),
    "cameras.turning": _look(_DESK),  # asked again while it moves; each command stands under cameras.ptz
    "cameras.ptz": _act(_DESK),
    "cameras.lock": _act(_DESK),
    "video.watch": Rule(roles=_DESK | _PLANNER, step_up=True, purpose=True),  # Almaty 213, art. 7; masks: decision 23
    # ── stored video: whoever looks says why and proves who they are (Almaty 213, art. 7) ──
    "recordings.search": Rule(roles=_DESK | _PLANNER, step_up=True, purpose=True),
    "recordings.play": Rule(roles=_DESK | _PLANNER, step_up=True, purpose=True),  # masked as the live view is
    "recordings.holds": Rule(roles=_DESK, step_up=True, purpose=True),
    "recordings.hold": Rule(roles=_DESK, step_up=True, purpose=True),
    "recordings.release": Rule(roles=_COMMANDER, step_up=True, purpose=True),
    "recordings.exports": Rule(roles=_DESK, step_up=True, purpose=True),
    "recordings.export": Rule(roles=_DESK, step_up=True, purpose=True),
    "cameras.functions": Rule(scope="ground", audit="never"),  # what any camera can look for, and how well
    "cameras.read": _look(audit="each"),
    "cameras.rules": _act(_PLANNER | _ADMINISTRATOR),  # MIA 897 §6.5: who plans the cover says what it looks for
    # ── cameras ──
    "cameras.calibrations": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "cameras.calibration": _look(),  # where each looks
    "cameras.draft": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),  # asked anew with each point that is clicked
    "cameras.calibrate": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "cameras.hang": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),  # where it hangs and looks, from the map
    # one picture of what a camera sees now: as live video (Almaty 213, art. 7)
    "video.snapshot": Rule(roles=_PEOPLE, step_up=True, purpose=True),
    "premises.write": _act(_DESK),
    "clocks.figures": _look(_COMMANDER | _PLANNER, audit="each"),
    "incidents.proposals": _look(),  # asked again while it is open; who is sent stands under incidents.dispatch
    "incidents.open": _act(_DESK),
    "incidents.note": _act(_DESK),
    "incidents.close": _act(_DESK),
    "incidents.likenesses": _look(audit="each"),
    "incidents.merge": _act(_DESK),
    "incidents.split": _act(_DESK),
    "incidents.link": _act(_DESK),
    "incidents.relocate": _act(_DESK),
    "incidents.state": _act(_DESK),
    "incidents.cancel": _act(_DESK),
    "incidents.reopen": _act(_DESK),
    "incidents.dispatch": _act(_DESK),
    "incidents.escalate": _act(_DESK),
    "incidents.plan": _look(audit="each"),
    "incidents.alarm": _act(_DESK),
    "incidents.category": _act(_DESK),
    "incidents.checklist": _act(_DESK),
    "incidents.answer": _act(_DESK),
    "incidents.take_over": _act(_COMMANDER),
    "incidents.caller": Rule(roles=_DESK, purpose=True, unmasked=frozenset({"caller"})),
    "callers.history": Rule(roles=_DESK, purpose=True),
    "dispatches.list": _look(),
    "dispatches.read": _look(audit="each"),
    "dispatches.advance": _act(_DESK),
    "units.list": _look(),
    "units.read": _look(audit="each"),
    "units.duty": _act(_DESK),
    "units.write": _act(_DESK | _ADMINISTRATOR),
    "units.message": _act(_DESK),
    "units.hear": _act(_DESK),
    "units.roster": _look(),
    "units.enrolled": _look(_ADMINISTRATOR | _COMMANDER),
    "units.enrol": _act(_ADMINISTRATOR, step_up=True),  # which units there are; retiring one too
    "statuses.list": _look(_DESK),
    "statuses.decide": _act(_DESK),
    "panics.list": _look(),
    "panics.act": _act(_DESK),
    # ── a crew's own unit ──
    "crew.read": Rule(roles=_CREW, scope="self", audit="once"),
    "crew.duty": Rule(roles=_CREW, scope="self"),
    "crew.status": Rule(roles=_CREW, scope="self"),
    "crew.message": Rule(roles=_CREW, scope="self"),
    "crew.hear": Rule(roles=_CREW, scope="self"),
    "crew.notice": Rule(roles=_CREW, scope="self"),
    "crew.panic": Rule(roles=_CREW, scope="self"),
    "crew.positions": Rule(roles=_CREW, scope="self", audit="never"),  # by the second; the track itself is the record
    "closures.list": Rule(scope="ground", audit="never"),
    "closures.write": _act(_DESK),
    "coverage.read": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "coverage.view": Rule(
        roles=_COMMANDER | _PLANNER | _ADMINISTRATOR, audit="never"
    ),  # asked with each move of a drag
    "coverage.ground": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "coverage.camera": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "coverage.reckon": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "placement.read": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "placement.write": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "placement.view": Rule(
        roles=_COMMANDER | _PLANNER | _ADMINISTRATOR, audit="never"
    ),  # asked with each move of a drag
    "placement.export": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "forbidden_zones.read": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "forbidden_zones.write": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "compliance.read": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),  # MIA 897 §7; Almaty 213, ch. 2-3
    "compliance.card": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "compliance.export": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR, audit="each"),
    "coverage.reports": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "coverage.report": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "coverage.take_report": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR, audit="each"),
    "jobs.read": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "jobs.cancel": _act(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    # ── the register of cameras (MIA 897 §6.5) ──
    "register.read": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR),
    "register.change": _act(_PLANNER | _ADMINISTRATOR),
    "register.export": _look(_COMMANDER | _PLANNER | _ADMINISTRATOR, audit="each"),
    "register.import": _act(_PLANNER | _ADMINISTRATOR),
    "register.send": _look(_PLANNER | _ADMINISTRATOR),  # piece after piece, and how far it is, by the second
    "register.write": _act(_PLANNER | _ADMINISTRATOR),
    "cover.read": _look(),
    "cover.ask": _act(_DESK),
    # ── the record, and what stood in the past ──
    "incidents.log": _look(audit="each"),
    "incidents.record": _look(audit="each"),  # the caller in it is masked
    "incidents.record_whole": Rule(roles=_DESK, step_up=True, purpose=True, unmasked=frozenset({"caller"})),
    "incidents.export": _look(_DESK | _PLANNER, audit="each"),
    "incidents.import": _act(_DESK),
    "replay.open": _look(_DESK | _PLANNER, audit="each"),
    "replay.tracks": _look(_DESK | _PLANNER, audit="each"),  # each frame: what was looked at stands in the audit
    # ── calls to 112 ──
    "calls.list": _look(_DESK),
    "calls.read": _look(_DESK, audit="each"),
    "calls.plan": _look(_DESK),  # asked again as the form is filled in; the call itself stands under calls.read
    "calls.take": _act(_DESK),
    "calls.answer": _act(_DESK),
    "calls.edit": _act(_DESK),
    "calls.open": _act(_DESK),
    "calls.join": _act(_DESK),
    "calls.hand": _act(_DESK),
    "calls.end": _act(_DESK),
    "calls.caller": Rule(roles=_DESK, purpose=True, unmasked=frozenset({"caller"})),
    # ── notices ──
    "notices.list": _look(_DESK, audit="each"),
    "notices.acknowledge": _act(_DESK),
    "notices.channels": _look(_DESK | _ADMINISTRATOR, audit="never"),
    "notices.subscribe": _own(audit="never"),
    "contacts.list": _look(_COMMANDER | _ADMINISTRATOR),
    "contacts.write": _act(_ADMINISTRATOR, step_up=True),
    "contacts.test": _act(_ADMINISTRATOR),
    # ── plans and regimes ──
    "plans.read": _look(),
    "plans.check": _act(_ADMINISTRATOR),
    "plans.write": _act(_ADMINISTRATOR, step_up=True),
    "regime.read": _look(),
    "regime.set": _act(_COMMANDER),
    "geocoder.search": Rule(scope="ground", audit="never"),
    "geocoder.reverse": Rule(scope="ground", audit="never"),
    # ── grants between areas ──
    "grants.list": _look(_COMMANDER | _ADMINISTRATOR),
    "grants.write": _act(_COMMANDER | _ADMINISTRATOR),
    # ── administration ──
    "areas.list": Rule(scope="ground", audit="never"),
    "accounts.list": _look(_ADMINISTRATOR | _COMMANDER),
    "accounts.write": _act(_ADMINISTRATOR, step_up=True),
    "accounts.release": _act(_ADMINISTRATOR | _COMMANDER),
    "sessions.list": _look(_ADMINISTRATOR),
    "sessions.end": _act(_ADMINISTRATOR),
    "sources.list": _look(_ADMINISTRATOR),
    "sources.write": _act(_ADMINISTRATOR, step_up=True),
    # ── the hotlist ──
    "hotlist.read": _look(_DESK | _ADMINISTRATOR, audit="each"),
    "hotlist.hits": _look(_DESK | _ADMINISTRATOR, audit="each"),
    "hotlist.write": Rule(roles=_COMMANDER | _ADMINISTRATOR, step_up=True, purpose=True),
    # ── the audit ──
    "audit.search": _look(_COMMANDER | _ADMINISTRATOR, audit="each"),
    "audit.export": _act(_COMMANDER | _ADMINISTRATOR, step_up=True),
}


def require(role: Role, operation: str) -> Rule:
    """Return the rule; raises `Refusal("not_your_role")` where the role does not do this operation."""
    rule = POLICY[operation]
    if role not in rule.roles:
        raise Refusal("not_your_role", role=role.value, operation=operation)
    return rule


def may(role: Role, operation: str) -> bool:
    """Say whether the role does this operation, for an answer that holds more for those who do."""
    return role in POLICY[operation].roles


def operations_of(role: Role) -> Iterable[str]:
    """Return what a role does, for the windows: they show nobody a button that would be refused."""
    return (name for name, rule in POLICY.items() if role in rule.roles)
