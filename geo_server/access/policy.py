"""What each role may do: one table, operation × roles. Looking is every role's; where, `areas.in_sight` says."""

from typing import Literal

from geo_server.errors import Refusal
from layers.values import Role
from layers.viewer import Viewer

Operation = Literal["operate", "close_roads"]

# Almaty 213, art. 21-24: a dispatcher decides on events; MIA 897 §6.5: a commander may do what is done below.
PERMITTED: dict[Operation, frozenset[Role]] = {
    "operate": frozenset({Role.DISPATCHER, Role.COMMANDER}),
    "close_roads": frozenset({Role.DISPATCHER, Role.COMMANDER}),
}


def may(viewer: Viewer, operation: Operation) -> bool:
    """Say whether the viewer's role does this operation."""
    return viewer.role in PERMITTED[operation]


def require(viewer: Viewer, operation: Operation) -> None:
    """Raise `Refusal("not_your_role")` where the viewer's role does not do this operation."""
    if not may(viewer, operation):
        raise Refusal("not_your_role", role=viewer.role.value, operation=operation)
