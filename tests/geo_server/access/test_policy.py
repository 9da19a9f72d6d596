"""Roles do what the table says."""

import pytest

from geo_server.access.policy import may, require
from geo_server.errors import Refusal
from layers.values import Role
from layers.viewer import Viewer


def viewer(role: Role) -> Viewer:
    return Viewer(account_id=1, name="x", role=role, area_id=1)


@pytest.mark.parametrize(("role", "acts"), list(zip(Role, (True, True, False, False), strict=True)))
def test_dispatchers_and_commanders_act(role: Role, acts: bool) -> None:
    assert may(viewer(role), "operate") is acts
    assert may(viewer(role), "close_roads") is acts


def test_what_a_role_does_not_do_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        require(viewer(Role.PLANNER), "operate")
    assert refused.value.status == 403 and refused.value.code == "not_your_role"
