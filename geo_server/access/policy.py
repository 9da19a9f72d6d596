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
# what was granted to it. Self: one's own account and session alone.
Scope = Literal["anyone", "ground", "area", "self"]
# Each: every time, in the same transaction. Once: the first time in a session and an area, for what windows ask again
# and again. Never: what is public, and what is asked for by the second while a listed look stands above it.
Audit = Literal["each", "once", "never"]
Field = Literal["caller"]

_ALL = frozenset(Role)
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


def _look(roles: frozenset[Role] = _ALL, *, audit: Audit = "once") -> Rule:
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
    "map.read": _look(audit="each"),
    "collections.read": Rule(scope="area", audit="never"),  # names and extents of layers, within the scope
    "ground.read": Rule(scope="ground", audit="never"),
    "features.read": _look(audit="each"),  # a page of features is an export: QGIS takes it home
    "tiles.read": _look(),
    "live.listen": _look(audit="each"),
    # ── events, incidents, units ──
    "events.list": _look(),
    "events.read": _look(audit="each"),
    "events.picture": _look(audit="each"),
    "events.decide": _act(_DESK),
    "incidents.list": _look(),
    "incidents.read": _look(audit="each"),
    "incidents.history": _look(audit="each"),
    "incidents.proposals": _look(audit="each"),
    "incidents.open": _act(_DESK),
    "incidents.note": _act(_DESK),
    "incidents.close": _act(_DESK),
    "incidents.dispatch": _act(_DESK),
    "incidents.escalate": _act(_DESK),
    "incidents.take_over": _act(_COMMANDER),
    "incidents.caller": Rule(roles=_DESK, purpose=True, unmasked=frozenset({"caller"})),
    "callers.history": Rule(roles=_DESK, purpose=True),
    "dispatches.list": _look(),
    "dispatches.read": _look(audit="each"),
    "dispatches.advance": _act(_DESK),
    "units.list": _look(),
    "closures.list": Rule(scope="ground", audit="never"),
    "closures.write": _act(_DESK),
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


def operations_of(role: Role) -> Iterable[str]:
    """Return what a role does, for the windows: they show nobody a button that would be refused."""
    return (name for name, rule in POLICY.items() if role in rule.roles)
