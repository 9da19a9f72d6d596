"""Ways to hang a camera: at a height, with a lens, tilted so that the rules of its purpose are met."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.compliance.judging import Cameras, Judged, Verdict, judged
from geo_server.planning.compliance.rules import rules
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.spots import Spot
from geo_server.planning.purposes import Purpose, purposes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AIM = 0.85  # of as far as the purpose is served, where the axis of the picture meets what is looked for
FLAT_DEG = 0.5  # a picture is never tilted less
PLATE_TALL = 0.112 / 0.52  # height to width of a plate (ST RK 986)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """n ways to hang a camera, a row each: where (`spot`), which `kind`, and how; grid degrees and metres."""

    spot: Ints
    kind: Ints
    height_m: Floats
    hfov_deg: Floats
    tilt_deg: Floats
    heading_deg: Floats
    aside_deg: Floats  # from the street's direction, NaN where there is none
    price: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.spot)

    def __getitem__(self, rows: Any) -> "Ways":
        """Return some of them."""
        return Ways(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def ways(question: Question, spots: Sequence[Spot]) -> Ways:
    """Return the ways that break no rule of the purpose (Almaty 213, art. 11 to 13), with their prices."""
    purpose = purposes()[question.purpose]
    poses = _poses(question, purpose)
    heads = [(n, head) for n, spot in enumerate(spots) for head in spot.heads]
    head, pose = (part.ravel() for part in np.meshgrid(np.arange(len(heads)), np.arange(len(poses)), indexing="ij"))
    kind, height, hfov, tilt, reach = (column[pose] for column in poses.T) if len(poses) else np.empty((5, 0))
    spot = np.array([n for n, _ in heads], np.int64)[head]
    heading = np.array([one.heading_deg for _, one in heads], np.float64)[head]
    aside = np.array([np.nan if one.aside_m is None else one.aside_m for _, one in heads], np.float64)[head]
    # a plate is looked for in the middle of the street, people on all of it
    off = np.degrees(np.arctan2(aside, reach)) if purpose.module == "plate" else aside * 0
    found = Ways(
        spot=spot,
        kind=kind.astype(np.int64),
        height_m=height,
        hfov_deg=hfov,
        tilt_deg=tilt,
        heading_deg=(heading + np.nan_to_num(off)) % 360,
        aside_deg=np.abs(off),
        price=_prices(question, spots)[spot, kind.astype(np.int64)],
    )
    low_enough = height <= np.array([one.top_m for one in spots], np.float64)[spot]
    return found[low_enough & (judge(question, found).worst() != Verdict.BREAKS)]


def _prices(question: Question, spots: Sequence[Spot]) -> Floats:
    """Return what each kind costs at each spot, what it hangs on included."""
    mounts = np.array([question.mounts[one.source] for one in spots], np.float64)
    return np.asarray(mounts[:, None] + np.array([one.price for one in question.kinds])[None, :], np.float64)


def _poses(question: Question, purpose: Purpose) -> Floats:
    """Return kind, height, angle across, tilt, and metres along the ground to where the axis points; a row a pose."""
    low, high = _tilts(purpose)
    found = []
    for n, kind in enumerate(question.kinds):
        for hfov in kind.lenses_deg:
            focal_px = kind.width_px / (2 * math.tan(math.radians(hfov) / 2))
            for height in kind.heights_m:
                fall = height - purpose.above_m
                steep = min(1.0, max(0.0, fall) / (AIM * focal_px / purpose.density_px_m))
                tilt = min(high, max(low, FLAT_DEG, math.degrees(math.asin(steep))))
                found.append((n, height, hfov, tilt, max(0.0, fall) / math.tan(math.radians(tilt))))
    return np.array(found, np.float64).reshape(-1, 5)


def _tilts(purpose: Purpose) -> tuple[float, float]:
    """Return from which tilt to which the rules and the purpose allow."""
    own = [rule for rule in rules() if rule.of == purpose.module and rule.fact == "tilt_deg"]
    least = max([rule.least for rule in own if rule.least is not None], default=0.0)
    most = min([rule.most for rule in own if rule.most is not None], default=90.0)
    return least, min(most, purpose.steepest_deg)


# ── the rules ───────────────────────────────────────────────────────────────────────────────────────────────────


def judge(question: Question, found: Ways) -> Judged:
    """Return what the rules of installation say of each way; what only stands fast once it hangs is not told."""
    purpose = purposes()[question.purpose]
    kinds = question.kinds
    of = found.kind
    width = np.array([one.width_px for one in kinds], np.float64)[of]
    focal = width / (2 * np.tan(np.radians(np.minimum(found.hfov_deg, 170)) / 2))
    deep = np.maximum(found.height_m - purpose.above_m, 0.0) / np.sin(np.radians(np.maximum(found.tilt_deg, FLAT_DEG)))
    density = focal / np.maximum(deep, 0.1)  # where the axis points
    object_px = purpose.object_m * density
    flags = {name: np.ones(len(found), np.bool_) for name in _flags(question.purpose, purpose)}
    facts = {
        "height_m": found.height_m,
        "tilt_deg": found.tilt_deg,
        "aside_deg": found.aside_deg,
        "plate_horizontal_deg": found.aside_deg,
        "plate_vertical_deg": found.tilt_deg,
        "plate_roll_deg": np.zeros(len(found)),
        "zone_width_m": width / density,
        "face_px": object_px,
        "plate_width_px": object_px,
        "plate_height_px": object_px * PLATE_TALL,
        "moving_px": object_px**2,
        "left_px": object_px**2,
        "infrared": np.array([one.infrared for one in kinds], np.float64)[of],
        "wide_dynamic_range": np.array([one.wide_dynamic_range for one in kinds], np.float64)[of],
        "fixed_lens": np.array([one.kind == "fixed" for one in kinds], np.float64)[of],
    }
    return judged(rules(), Cameras(count=len(found), facts=facts, flags=flags))


def _flags(name: str, purpose: Purpose) -> tuple[str, ...]:
    if purpose.module == "plate":
        return ("plate", "road")
    if purpose.module == "situation":
        return ("situation", "function:abandoned_object" if name == "left_object" else "function:motion")
    return (purpose.module,)
