"""From what stands in a region to a proposal: where cameras could hang, what each would see, and which to take."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.placement import choosing
from geo_server.planning.placement.choices import Choices, Chosen
from geo_server.planning.placement.looking import looks, seen_from
from geo_server.planning.placement.scene import Scene, scene_of
from geo_server.planning.placement.schema import Asked, Hangs, Proposal, Proposed
from geo_server.planning.placement.spots import Spot, spots
from geo_server.planning.placement.trying import LEAST, Sights, Tell, sights, worth_trying
from geo_server.planning.placement.ways import Ways, ways
from geo_server.planning.placement.worth import squares

Floats = NDArray[np.float64]
FREE = 1e-6  # what a camera at no price counts as: the choosing divides by it


def propose(asked: Asked, tell: Tell) -> Proposal:
    """Return what to put where; `tell` hears how far it is."""
    scene, question = scene_of(asked), asked.question
    found = spots(scene.land, question.sources, question.step_m)
    tried = worth_trying(scene, found)
    seen = sights(scene, tried, ways(question, tried), tell)
    chosen = _chosen(scene, seen)
    told = {"spots": len(found), "spots_tried": len(tried), "candidates": len(seen.ways)}
    return Proposal(
        cameras=list(_proposed(scene, tried, seen, chosen)),
        figures={**told, **_figures(scene, seen, chosen), "nothing": _nothing(scene, found, seen, chosen)},
        cell_m=scene.setting.cells.cell_m,
        squares=squares(scene.setting.cells, scene.left()),
    )


def _chosen(scene: Scene, seen: Sights) -> Chosen:
    question = scene.setting.question
    used, number = np.unique(np.concatenate([*seen.cells, np.empty(0, np.int64)]), return_inverse=True)
    parts = np.split(number.astype(np.int64), np.cumsum([len(one) for one in seen.cells])[:-1]) if seen.cells else []
    cost = np.ones(len(seen.ways)) if question.aim == "number" else np.maximum(seen.ways.price, FREE)
    choices = Choices.of(parts, scene.left()[used], cost, seen.ways.spot)
    if question.aim != "cover":
        return choosing.for_budget(choices, question.amount)
    return choosing.for_value(choices, max(0.0, question.amount * float(scene.weight.sum()) - scene.before()))


def _proposed(scene: Scene, tried: Sequence[Spot], seen: Sights, chosen: Chosen) -> Iterator[Proposed]:
    """Yield the chosen cameras, the one that adds most first."""
    taken, places = seen.ways[chosen.candidates], seen.places[chosen.candidates]
    told = looks(scene.setting, places, taken, scene.left() > LEAST)
    for n, (one, look) in enumerate(zip(_hangs(scene, places, taken), told, strict=True)):
        yield Proposed(
            hangs=one,
            looks=look,
            source=tried[int(taken.spot[n])].source,
            price=float(taken.price[n]),
            adds=float(chosen.adds[n]),
        )


def _hangs(scene: Scene, places: Floats, taken: Ways) -> Iterator[Hangs]:
    grid = scene.setting.grid
    lon, lat = shapely.get_coordinates(grid.in_degrees(np.asarray(shapely.points(places), object))).T.reshape(2, -1)
    heading = (taken.heading_deg - grid.from_grid_north(lon, lat, np.zeros(len(taken)))) % 360  # from the true north
    for n in range(len(taken)):
        yield Hangs(
            kind=scene.setting.question.kinds[int(taken.kind[n])].name,
            lon=float(lon[n]),
            lat=float(lat[n]),
            height_m=float(taken.height_m[n]),
            heading_deg=float(heading[n]),
            tilt_deg=float(taken.tilt_deg[n]),
            hfov_deg=float(taken.hfov_deg[n]),
        )


def _nothing(scene: Scene, found: Sequence[Spot], seen: Sights, chosen: Chosen) -> str | None:
    """Return why there is no camera, a code of the table of errors; None where there is one."""
    if len(chosen.candidates):
        return None
    question, whole, before = scene.setting.question, float(scene.weight.sum()), scene.before()
    wanted = question.amount * whole if question.aim == "cover" else whole
    why = {
        "placement_counts_nothing": whole <= LEAST,
        "placement_seen_already": before >= wanted - LEAST,
        "placement_nowhere": not found,
        "placement_sees_nothing": not len(seen.ways),
    }
    return next((code for code, holds in why.items() if holds), "placement_too_dear")


def _figures(scene: Scene, seen: Sights, chosen: Chosen) -> dict[str, Any]:
    """Return what is seen before and after, by weight, ground and streets, what it costs, and the bound."""
    question, whole, before = scene.setting.question, float(scene.weight.sum()), scene.before()
    after = before + chosen.value
    wanted = question.amount * whole if question.aim == "cover" else 0.0
    return {
        "weight": {"whole": whole, "before": before, "after": after},
        "price": float(seen.ways.price[chosen.candidates].sum()),
        "cameras": len(chosen.candidates),
        "value": chosen.value,
        "cost": chosen.cost,
        "bound": chosen.bound,
        "how": chosen.how,
        "reached": after >= wanted - 1e-6 * max(1.0, wanted),
        **_measures(scene, seen, chosen),
    }


def _measures(scene: Scene, seen: Sights, chosen: Chosen) -> dict[str, Any]:
    setting, counts = scene.setting, scene.counts
    rays, _ = seen_from(setting, seen.places[chosen.candidates], seen.ways[chosen.candidates])
    after = scene.seen | setting.raster(setting.purpose.fit(rays))
    ground = {"whole": counts, "before": counts & scene.seen, "after": counts & after}
    street = setting.cells.at(scene.things.street_m)
    pieces, length_m = street[street >= 0], scene.things.length_m[street >= 0]
    return {
        "ground_m2": {name: float(flags.sum()) * setting.cells.cell_m**2 for name, flags in ground.items()},
        "streets_m": {name: float(length_m[flags.ravel()[pieces]].sum()) for name, flags in ground.items()},
    }
