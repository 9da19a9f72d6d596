"""Who is looking: every question about territory-bound rows takes one."""

from dataclasses import dataclass

from layers.values import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A signed-in account as the ground floor needs to know it: a role, and the area it answers for."""

    account_id: int
    name: str
    role: Role
    area_id: int
