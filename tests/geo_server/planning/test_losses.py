"""What is lost with a camera, a pole, a node or a link is what nobody else sees: ground, streets, and what is on it."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo_server.planning.failing import BY, By, Groups
from geo_server.planning.losses import Loss, losses
from geo_server.planning.purposes import purposes
from geo_server.planning.tiles import Tile, covered
from geo_server.planning.viewsheds.cameras import Hung
from tests.geo_server.planning.test_tiles import LAT, LON, here, tile, told, with_things
from tests.geo_server.planning.viewsheds.scenes import lenses


def street(poles: list[str | None], node: str | None = "n") -> Tile:
    """Two cameras at one place: one looks north, one a little east of it, over a street with a school."""
    both = Hung(
        camera=np.array([7, 8]), lon=np.full(2, LON), lat=np.full(2, LAT), height_m=np.full(2, 6.0),
        range_m=np.full(2, 80.0), lenses=lenses(heading_deg=[0.0, 45.0], hfov_deg=90.0),
    )  # fmt: skip
    laid = with_things(tile(), shapely.LineString([(-100, 20), (100, 20)]), schools=[(-5, 25)], addresses=[(-25, 28)])
    groups = Groups.of([["7", "8"], poles, [node, node], [None, None]])
    known = replace(laid.known.only(np.array([0, 0])), groups=groups)
    return replace(laid, hung=both, known=known, areas={1: here(shapely.box(-200, -200, 200, 200))})


def lost(laid: Tile, by: By) -> dict[str, dict[str, float]]:
    found = [one for one in losses(covered(laid, purposes())) if (one.purpose, one.by) == ("situation", by)]
    return {name: amounts_of(one, at) for one in found for at, name in enumerate(one.names)}


def amounts_of(one: Loss, at: int) -> dict[str, float]:
    return {str(measure): float(amount[at]) for measure, amount in one.amounts.items()}


def test_with_a_camera_goes_what_it_alone_sees() -> None:
    laid = street(["a", "b"])
    (ground,) = told(laid)
    found = lost(laid, "camera")
    assert found["7"]["ground_m2"] + found["8"]["ground_m2"] == pytest.approx(ground.seen - ground.twice)
    assert found["7"]["streets_m"] == pytest.approx(20, abs=5)
    assert (found["7"]["addresses"], found["8"]["addresses"]) == (1, 0)


def test_a_place_that_somebody_else_sees_a_part_of_is_not_lost() -> None:
    assert lost(street(["a", "b"]), "camera")["7"]["schools"] == 0


def test_with_a_pole_goes_what_any_of_its_cameras_sees() -> None:
    laid = street(["a", "a"])
    (ground,) = told(laid)
    assert lost(laid, "pole")["a"]["ground_m2"] == lost(laid, "node")["n"]["ground_m2"] == ground.seen
    assert lost(laid, "pole")["a"]["schools"] == 1


def test_what_a_camera_without_a_pole_sees_too_stands_when_the_pole_falls() -> None:
    found = lost(street(["a", None]), "pole")
    assert set(found) == {"a"} and found["a"] == lost(street(["a", None]), "camera")["7"]


def test_where_nobody_knows_of_links_nothing_is_told_of_them() -> None:
    assert set(lost(street(["a", "b"]), "link")) == set() and BY[-1] == "link"


def test_without_cameras_nothing_is_lost() -> None:
    laid = street(["a", "b"])
    bare = replace(laid, hung=laid.hung.only(np.zeros(2, np.bool_)), known=laid.known.only(np.array([], np.int64)))
    assert list(losses(covered(bare, purposes()))) == []
