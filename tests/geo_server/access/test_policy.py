"""Roles do what the table says."""

import pytest

from geo_server.access.policy import POLICY, operations_of, require
from geo_server.errors import Refusal
from layers.values import Role


@pytest.mark.parametrize(("role", "acts"), list(zip(Role, (True, True, False, False, False), strict=True)))
def test_dispatchers_and_commanders_act(role: Role, acts: bool) -> None:
    for operation in ("events.decide", "incidents.dispatch", "closures.write"):
        assert (role in POLICY[operation].roles) is acts
        assert (operation in operations_of(role)) is acts


def test_what_a_role_does_not_do_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        require(Role.PLANNER, "events.decide")
    assert refused.value.status == 403 and refused.value.code == "not_your_role"


def test_only_commanders_take_over_and_only_administrators_make_accounts() -> None:
    assert POLICY["incidents.take_over"].roles == {Role.COMMANDER}
    assert POLICY["accounts.write"].roles == POLICY["sources.write"].roles == {Role.ADMINISTRATOR}


def test_a_crew_does_its_own_things_looks_at_the_ground_and_nothing_else() -> None:
    done = {name for name in operations_of(Role.CREW) if POLICY[name].scope not in ("anyone", "self", "ground")}
    assert done == {"map.read", "tiles.read"}  # both show it the layers of the ground alone
    crews = {name for name, rule in POLICY.items() if rule.roles == {Role.CREW}}
    assert crews and all(name.startswith("crew.") for name in crews)
