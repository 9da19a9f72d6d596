"""What each role may do: one table, operation × roles. Where it may do it is `areas.seen_by(viewer)`."""

from typing import Literal

from geo_server.errors import Refusal
from layers.values import Role
from layers.viewer import Viewer

Operation = Literal["look", "operate", "close_roads", "administer"]

# Almaty 213, art. 21-24: a dispatcher decides on events; MIA 897 §6.5: a commander may do what is done below.
PERMITTED: dict[Operation, frozenset[Role]] = {
    "look": frozenset(Role),
    "operate": frozenset({Role.DISPATCHER, Role.COMMANDER}),
    "close_roads": frozenset({Role.DISPATCHER, Role.COMMANDER}),
    "administer": frozenset({Role.ADMINISTRATOR}),
}


def may(viewer: Viewer, operation: Operation) -> bool:
    """Say whether the viewer's role does this operation."""
    return viewer.role in PERMITTED[operation]


def require(viewer: Viewer, operation: Operation) -> None:
    """Raise `Refusal("not_your_role")` where the viewer's role does not do this operation."""
    if not may(viewer, operation):
        raise Refusal("not_your_role", role=viewer.role.value, operation=operation)
