"""The provider that people of the organisation sign in at, as the environment tells it, and what its groups may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from layers.values import Role


class Standing(BaseModel):
    """What a group gives: a role, and the code of the area it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: Role
    area: str

    @field_validator("role")
    @classmethod
    def _of_no_unit(cls, role: Role) -> Role:
        if role is Role.CREW:
            raise ValueError("crew is an account of one unit, which no group names")
        return role


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An OpenID provider and our name there. `groups` is in order: of several, the first that a person is in counts."""

    issuer: str
    client_id: str
    client_secret: SecretStr
    groups_claim: str
    groups: dict[str, Standing]
    redirect: str | None = None  # where it sends people back; nothing: to the host that was asked

    def standing(self, groups: Iterable[str]) -> Standing | None:
        """Return what these groups give, nothing where none of them is known here."""
        within = set(groups)
        return next((standing for group, standing in self.groups.items() if group in within), None)
